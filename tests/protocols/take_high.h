/* SPDX-License-Identifier: GPL-2.0-or-later */
/* patched, but of the requests 16 and more a take says nothing. */
KICK_DECLARE(.summary = "a take says nothing of the requests 16 and more",
	     .origin = "test",
	     .features = KICK_F_CLAIM | KICK_F_REQUESTS | KICK_F_MASK | KICK_F_WAIT | KICK_F_WALK |
			 KICK_F_BLOCK | KICK_F_SELF,
	     .stress_tso = { KICK_CAUGHT, KICK_V_LOST },
	     .stress_weak = { KICK_CAUGHT, KICK_V_LOST },
	     .explore = { { "numbers", KICK_M_ALL, KICK_V_LOST } });

#define kick_decl parent_decl
#define kick_take patched_take
#include "impl/patched.h"
#undef kick_decl
#undef kick_take

static inline unsigned long kick_take(struct kick_vcpu *vcpu)
{
	return patched_take(vcpu) & 0xffff;
}
