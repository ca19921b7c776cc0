/* SPDX-License-Identifier: GPL-2.0-or-later */
/* patched as on arm64: EXITING_GUEST_MODE is not rechecked, but the mode is a release store. */
#define KVM_RECHECK_EXITING 0
#include "impl/patched.h"
