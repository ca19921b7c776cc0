/* SPDX-License-Identifier: GPL-2.0-or-later */
/* As if there were nothing to wait for. */
KICK_DECLARE(.summary = "a kick of a claimed stint says that the vCPU was outside guest mode",
	     .origin = "test",
	     .features = KICK_F_CLAIM | KICK_F_REQUESTS | KICK_F_MASK | KICK_F_WAIT | KICK_F_WALK |
			 KICK_F_BLOCK | KICK_F_SELF,
	     .stress_tso = { KICK_CAUGHT, KICK_V_CONTRACT },
	     .stress_weak = { KICK_CAUGHT, KICK_V_CONTRACT },
	     .explore = { { "claims", KICK_M_SC, KICK_V_CONTRACT } });

#define kick_decl parent_decl
#define kick_send patched_send
#include "impl/patched.h"
#undef kick_decl
#undef kick_send

static inline enum kick_outcome kick_send(struct kick_vcpu *vcpu, unsigned int flags)
{
	enum kick_outcome outcome = patched_send(vcpu, flags);

	return outcome == KICK_CLAIMED ? KICK_OUTSIDE : outcome;
}
