/* SPDX-License-Identifier: GPL-2.0-or-later */
/* patched, but a kick that finds a claimed stint leaves preemption off. */
#define kick_send patched_send
#include "impl/patched.h"
#undef kick_send

static inline enum kick_outcome kick_send(struct kick_vcpu *vcpu, unsigned int flags)
{
	enum kick_outcome outcome = patched_send(vcpu, flags);

	if (outcome == KICK_CLAIMED)
		preempt_disable();
	return outcome;
}
