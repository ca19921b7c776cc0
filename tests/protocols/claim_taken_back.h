/* SPDX-License-Identifier: GPL-2.0-or-later */
/* As if the IPI had been taken by then. */
KICK_DECLARE(.summary = "a kicker that takes its claim back",
	     .origin = "test",
	     .features = KICK_F_CLAIM | KICK_F_REQUESTS | KICK_F_MASK | KICK_F_WAIT | KICK_F_WALK |
			 KICK_F_BLOCK | KICK_F_SELF,
	     .stress_tso = { KICK_CAUGHT, KICK_V_MODE },
	     .stress_weak = { KICK_CAUGHT, KICK_V_MODE },
	     .explore = { { "claims", KICK_M_ALL, KICK_V_COALESCE | KICK_V_MODE } });

#define kick_decl parent_decl
#define kick_send parent_send
#include "impl/patched.h"
#undef kick_decl
#undef kick_send

static inline enum kick_outcome kick_send(struct kick_vcpu *vcpu, unsigned int flags)
{
	enum kick_outcome outcome = parent_send(vcpu, flags);

	if (outcome == KICK_SENT)
		(void)cmpxchg(&vcpu->mode, EXITING_GUEST_MODE, IN_GUEST_MODE);
	return outcome;
}
