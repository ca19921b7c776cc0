/* SPDX-License-Identifier: GPL-2.0-or-later */
/* patched with an acq_rel claim, and no barrier between the request and the looks that follow. */
#define KVM_MB_BEFORE_WAKE() barrier()
#define KVM_MB_BEFORE_CLAIM() barrier()
#define KVM_CLAIM(vcpu) cmpxchg_acq_rel(&(vcpu)->mode, IN_GUEST_MODE, EXITING_GUEST_MODE)
#include "impl/patched.h"
