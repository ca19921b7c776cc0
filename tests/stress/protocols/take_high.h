/* SPDX-License-Identifier: GPL-2.0-or-later */
/* patched, but of the requests 16 and more a take says nothing. */
#define kick_take patched_take
#include "impl/patched.h"
#undef kick_take

static inline unsigned long kick_take(struct kick_vcpu *vcpu)
{
	return patched_take(vcpu) & 0xffff;
}
