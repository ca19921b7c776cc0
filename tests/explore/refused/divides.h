/* SPDX-License-Identifier: GPL-2.0-or-later */
/* By zero. */
#define kick_send parent_send
#include "impl/patched.h"
#undef kick_send

static inline enum kick_outcome kick_send(struct kick_vcpu *vcpu, unsigned int flags)
{
	volatile int zero = 0;

	if (flags == 7 / (unsigned int)zero)
		return KICK_OUTSIDE;
	return parent_send(vcpu, flags);
}
