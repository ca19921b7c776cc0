/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What sent it out is forgotten. */
KICK_DECLARE(.summary = "the fast path clears the requests that it finds",
	     .origin = "test",
	     .features = KICK_F_CLAIM | KICK_F_REQUESTS | KICK_F_MASK | KICK_F_WAIT | KICK_F_WALK |
			 KICK_F_BLOCK | KICK_F_SELF,
	     .stress_tso = { KICK_CAUGHT, KICK_V_LOST },
	     .stress_weak = { KICK_CAUGHT, KICK_V_LOST },
	     .explore = { { "self", KICK_M_ALL, KICK_V_LOST } });

#define kick_decl parent_decl
#define kick_guest_recheck parent_guest_recheck
#include "impl/patched.h"
#undef kick_decl
#undef kick_guest_recheck

static inline bool kick_guest_recheck(struct kick_vcpu *vcpu)
{
	bool may = parent_guest_recheck(vcpu);

	if (!may)
		WRITE_ONCE(vcpu->requests, 0);
	return may;
}
