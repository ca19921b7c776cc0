/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The exit takes for served what nobody has looked at. */
KICK_DECLARE(.summary = "the exit clears the requests",
	     .origin = "test",
	     .features = KICK_F_CLAIM | KICK_F_REQUESTS | KICK_F_MASK | KICK_F_WAIT | KICK_F_WALK |
			 KICK_F_BLOCK | KICK_F_SELF,
	     .stress_tso = { KICK_CAUGHT, KICK_V_LOST },
	     .stress_weak = { KICK_CAUGHT, KICK_V_LOST },
	     .explore = { { "one-kick", KICK_M_ALL, KICK_V_LOST } });

#define kick_decl parent_decl
#define kick_guest_exit parent_guest_exit
#include "impl/patched.h"
#undef kick_decl
#undef kick_guest_exit

static inline void kick_guest_exit(struct kick_vcpu *vcpu)
{
	WRITE_ONCE(vcpu->requests, 0);
	parent_guest_exit(vcpu);
}
