/* SPDX-License-Identifier: GPL-2.0-or-later */
/* As if there were one. */
KICK_DECLARE(.summary = "whichever vCPU is to be kicked, the first is",
	     .origin = "test",
	     .features = KICK_F_CLAIM | KICK_F_REQUESTS | KICK_F_MASK | KICK_F_WAIT | KICK_F_WALK |
			 KICK_F_BLOCK | KICK_F_SELF,
	     .stress_tso = { KICK_CAUGHT, KICK_V_LOST },
	     .stress_weak = { KICK_CAUGHT, KICK_V_LOST },
	     .explore = { { "two-vcpus", KICK_M_ALL, KICK_V_LOST } });

#define kick_decl parent_decl
#define kick_send parent_send
#include "impl/patched.h"
#undef kick_decl
#undef kick_send

static inline enum kick_outcome kick_send(struct kick_vcpu *vcpu, unsigned int flags)
{
	(void)vcpu;
	return parent_send(kick_get_vcpu(this_vm(), 0), flags);
}
