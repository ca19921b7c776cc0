/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The second sleep is not announced. */
KICK_DECLARE(.summary = "a vCPU that says it sleeps only the first time",
	     .origin = "test",
	     .features = KICK_F_CLAIM | KICK_F_REQUESTS | KICK_F_MASK | KICK_F_WAIT | KICK_F_WALK |
			 KICK_F_BLOCK | KICK_F_SELF,
	     .stress_tso = { KICK_CAUGHT, KICK_V_WAKE },
	     .stress_weak = { KICK_CAUGHT, KICK_V_WAKE },
	     .explore = { { "sleeps-twice", KICK_M_ALL, KICK_V_WAKE } });

#define kick_decl parent_decl
#define kick_block parent_block
#include "impl/patched.h"
#undef kick_decl
#undef kick_block

static inline void kick_block(struct kick_vcpu *vcpu)
{
	(void)parent_block;
	smp_store_release(&vcpu->wait, &vcpu->task);
	KVM_SET_SLEEPING(vcpu);
	if (!READ_ONCE(vcpu->requests))
		kick_schedule(&vcpu->task);
	WRITE_ONCE(vcpu->wait, NULL);
	WRITE_ONCE(vcpu->task.state, TASK_RUNNING);
	for (int turn = 0; !READ_ONCE(vcpu->requests) && turn < 2; turn++) {
		WRITE_ONCE(vcpu->task.state, TASK_INTERRUPTIBLE);
		kick_schedule(&vcpu->task);
	}
}
