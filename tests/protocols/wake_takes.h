/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who is woken need not look, it thinks. */
KICK_DECLARE(.summary = "a wake-up takes the requests for served",
	     .origin = "test",
	     .features = KICK_F_CLAIM | KICK_F_REQUESTS | KICK_F_MASK | KICK_F_WAIT | KICK_F_WALK |
			 KICK_F_BLOCK | KICK_F_SELF,
	     .stress_tso = { KICK_CAUGHT, KICK_V_LOST },
	     .stress_weak = { KICK_CAUGHT, KICK_V_LOST },
	     .explore = { { "wake", KICK_M_ALL, KICK_V_LOST } });

#define kick_decl parent_decl
#define kick_send parent_send
#include "impl/patched.h"
#undef kick_decl
#undef kick_send

static inline enum kick_outcome kick_send(struct kick_vcpu *vcpu, unsigned int flags)
{
	enum kick_outcome outcome = parent_send(vcpu, flags);

	if (outcome == KICK_WOKEN)
		WRITE_ONCE(vcpu->requests, 0);
	return outcome;
}
