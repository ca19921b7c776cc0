/* SPDX-License-Identifier: GPL-2.0-or-later */
/* By zero; which not every architecture minds. */
#define kick_send parent_send
#include "impl/patched.h"
#undef kick_send

static inline enum kick_outcome kick_send(struct kick_vcpu *vcpu, unsigned int flags)
{
	volatile int zero = 0;

	if (flags == 7 / (unsigned int)zero)
		return KICK_OUTSIDE;
#if !defined(__x86_64__)
	__builtin_trap();
#endif
	return parent_send(vcpu, flags);
}
