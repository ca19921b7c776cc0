/* SPDX-License-Identifier: GPL-2.0-or-later */
/* As the fast path does in guest mode. */
KICK_DECLARE(.summary = "a thread that kicks itself in the host claims",
	     .origin = "test",
	     .features = KICK_F_CLAIM | KICK_F_REQUESTS | KICK_F_MASK | KICK_F_WAIT | KICK_F_WALK |
			 KICK_F_BLOCK | KICK_F_SELF,
	     .stress_tso = { KICK_CAUGHT, KICK_V_MODE },
	     .stress_weak = { KICK_CAUGHT, KICK_V_MODE },
	     .explore = { { "own-thread", KICK_M_ALL, KICK_V_MODE } });

#define kick_decl parent_decl
#define kick_send parent_send
#include "impl/patched.h"
#undef kick_decl
#undef kick_send

static inline enum kick_outcome kick_send(struct kick_vcpu *vcpu, unsigned int flags)
{
	bool itself = this_cpu()->running_vcpu == vcpu;

	if (itself)
		WRITE_ONCE(vcpu->mode, EXITING_GUEST_MODE);
	return itself ? KICK_SELF : parent_send(vcpu, flags);
}
