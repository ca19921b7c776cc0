/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Not saved and restored: a self kick in guest mode begins with interrupts off. */
KICK_DECLARE(.summary = "a kick that always ends with interrupts on",
	     .origin = "test",
	     .features = KICK_F_CLAIM | KICK_F_REQUESTS | KICK_F_MASK | KICK_F_WAIT | KICK_F_WALK |
			 KICK_F_BLOCK | KICK_F_SELF,
	     .stress_tso = { KICK_CAUGHT, KICK_V_CONTRACT },
	     .stress_weak = { KICK_CAUGHT, KICK_V_CONTRACT },
	     .explore = { { "self", KICK_M_ALL, KICK_V_CONTRACT } });

#define kick_decl parent_decl
#define kick_send parent_send
#include "impl/patched.h"
#undef kick_decl
#undef kick_send

static inline enum kick_outcome kick_send(struct kick_vcpu *vcpu, unsigned int flags)
{
	enum kick_outcome outcome;

	local_irq_disable();
	outcome = parent_send(vcpu, flags);
	local_irq_enable();
	return outcome;
}
