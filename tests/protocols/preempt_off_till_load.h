/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A put and the next load make up for each other. */
KICK_DECLARE(.summary = "preemption is off from a put to the next load",
	     .origin = "test",
	     .features = KICK_F_CLAIM | KICK_F_REQUESTS | KICK_F_MASK | KICK_F_WAIT | KICK_F_WALK |
			 KICK_F_BLOCK | KICK_F_SELF,
	     .stress_tso = { KICK_CAUGHT, KICK_V_CONTRACT },
	     .stress_weak = { KICK_CAUGHT, KICK_V_CONTRACT },
	     .explore = { { "one-kick", KICK_M_ALL, KICK_V_CONTRACT } });

#define kick_decl parent_decl
#define kick_vcpu_put parent_vcpu_put
#define kick_vcpu_load parent_vcpu_load
#include "impl/patched.h"
#undef kick_decl
#undef kick_vcpu_put
#undef kick_vcpu_load

static inline void kick_vcpu_put(struct kick_vcpu *vcpu)
{
	parent_vcpu_put(vcpu);
	preempt_disable();
}

static inline void kick_vcpu_load(struct kick_vcpu *vcpu, int cpu)
{
	if (READ_ONCE(vcpu->cpu) != -1)
		preempt_enable();
	parent_vcpu_load(vcpu, cpu);
}
