/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who runs a vCPU is taken to mean that one. */
KICK_DECLARE(.summary = "a request from a thread that has another vCPU loaded is none",
	     .origin = "test",
	     .features = KICK_F_CLAIM | KICK_F_REQUESTS | KICK_F_MASK | KICK_F_WAIT | KICK_F_WALK |
			 KICK_F_BLOCK | KICK_F_SELF,
	     .stress_tso = { KICK_CAUGHT, KICK_V_LOST },
	     .stress_weak = { KICK_CAUGHT, KICK_V_LOST },
	     .explore = { { "own-thread", KICK_M_ALL, KICK_V_LOST } });

#define kick_decl parent_decl
#define kick_request parent_request
#include "impl/patched.h"
#undef kick_decl
#undef kick_request

static inline void kick_request(struct kick_vcpu *vcpu, unsigned int nr)
{
	struct kick_vcpu *running = this_cpu()->running_vcpu;

	if (running && running != vcpu)
		smp_mb();
	else
		parent_request(vcpu, nr);
}
