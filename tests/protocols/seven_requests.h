/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A request above the seventh is made nowhere. */
KICK_DECLARE(.summary = "requests of a word of seven bits",
	     .origin = "test",
	     .features = KICK_F_CLAIM | KICK_F_REQUESTS | KICK_F_MASK | KICK_F_WAIT | KICK_F_WALK |
			 KICK_F_BLOCK | KICK_F_SELF,
	     .stress_tso = { KICK_CAUGHT, KICK_V_LOST },
	     .stress_weak = { KICK_CAUGHT, KICK_V_LOST },
	     .explore = { { "numbers", KICK_M_ALL, KICK_V_LOST } });

#define kick_decl parent_decl
#define kick_request parent_request
#include "impl/patched.h"
#undef kick_decl
#undef kick_request

static inline void kick_request(struct kick_vcpu *vcpu, unsigned int nr)
{
	if (nr < 7)
		parent_request(vcpu, nr);
	else
		smp_mb();
}
