/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All are cleared, the lowest is served. */
KICK_DECLARE(.summary = "a take clears all requests and returns one",
	     .origin = "test",
	     .features = KICK_F_CLAIM | KICK_F_REQUESTS | KICK_F_MASK | KICK_F_WAIT | KICK_F_WALK |
			 KICK_F_BLOCK | KICK_F_SELF,
	     .stress_tso = { KICK_CAUGHT, KICK_V_LOST },
	     .stress_weak = { KICK_CAUGHT, KICK_V_LOST },
	     .explore = { { "two-kicks", KICK_M_ALL, KICK_V_LOST } });

#define kick_decl parent_decl
#define kick_take parent_take
#include "impl/patched.h"
#undef kick_decl
#undef kick_take

static inline unsigned long kick_take(struct kick_vcpu *vcpu)
{
	unsigned long pending = xchg(&vcpu->requests, 0);

	(void)parent_take;
	return pending & -pending;
}
