/* SPDX-License-Identifier: GPL-2.0-or-later */
/* patched, but the claim is an exchange, whatever the mode was. */
#define KVM_CLAIM(vcpu) xchg(&(vcpu)->mode, EXITING_GUEST_MODE)
#include "impl/patched.h"
