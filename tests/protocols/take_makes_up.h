/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One more than there are. */
KICK_DECLARE(.summary = "a take returns a request that nobody made",
	     .origin = "test",
	     .features = KICK_F_CLAIM | KICK_F_REQUESTS | KICK_F_MASK | KICK_F_WAIT | KICK_F_WALK |
			 KICK_F_BLOCK | KICK_F_SELF,
	     .stress_tso = { KICK_CAUGHT, KICK_V_CONTRACT },
	     .stress_weak = { KICK_CAUGHT, KICK_V_CONTRACT },
	     .explore = { { "one-kick", KICK_M_ALL, KICK_V_CONTRACT } });

#define kick_decl parent_decl
#define kick_take parent_take
#include "impl/patched.h"
#undef kick_decl
#undef kick_take

static inline unsigned long kick_take(struct kick_vcpu *vcpu)
{
	unsigned long taken = parent_take(vcpu);

	return taken ? taken | KICK_BIT(30) : 0;
}
