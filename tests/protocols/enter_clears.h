/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is pending at the entry is forgotten by it. */
KICK_DECLARE(.summary = "the entry clears the requests that it finds",
	     .origin = "test",
	     .features = KICK_F_CLAIM | KICK_F_REQUESTS | KICK_F_MASK | KICK_F_WAIT | KICK_F_WALK |
			 KICK_F_BLOCK | KICK_F_SELF,
	     .stress_tso = { KICK_CAUGHT, KICK_V_LOST },
	     .stress_weak = { KICK_CAUGHT, KICK_V_LOST },
	     .explore = { { "one-kick", KICK_M_ALL, KICK_V_LOST } });

#define kick_decl parent_decl
#define kick_guest_enter parent_guest_enter
#include "impl/patched.h"
#undef kick_decl
#undef kick_guest_enter

static inline bool kick_guest_enter(struct kick_vcpu *vcpu)
{
	bool in = parent_guest_enter(vcpu);

	if (!in)
		WRITE_ONCE(vcpu->requests, 0);
	return in;
}
