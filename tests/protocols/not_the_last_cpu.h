/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Off by one at the end of the pCPU numbers. */
KICK_DECLARE(.summary = "the highest pCPU number is taken for out of range",
	     .origin = "test",
	     .features = KICK_F_CLAIM | KICK_F_REQUESTS | KICK_F_MASK | KICK_F_WAIT | KICK_F_WALK |
			 KICK_F_BLOCK | KICK_F_SELF,
	     .stress_tso = { KICK_CAUGHT, KICK_V_POISONED },
	     .stress_weak = { KICK_CAUGHT, KICK_V_POISONED },
	     .explore = { { "high-cpu", KICK_M_ALL, KICK_V_LOST | KICK_V_POISONED | KICK_V_CONTRACT } });

#define kick_decl parent_decl
#define kick_send parent_send
#include "impl/patched.h"
#undef kick_decl
#undef kick_send

static inline enum kick_outcome kick_send(struct kick_vcpu *vcpu, unsigned int flags)
{
	enum kick_outcome outcome;
	int me, cpu;

	(void)parent_send;
	if (!(flags & KVM_REQUEST_NO_WAKEUP) && kick_wake(vcpu))
		return KICK_WOKEN;
	me = get_cpu();
	outcome = kvm_exiting_guest_mode(vcpu);
	if (outcome == KICK_SENT) {
		cpu = READ_ONCE(vcpu->cpu);
		if (cpu + 1 < kick_nr_cpus() && kvm_can_ipi(cpu, me))
			kick_ipi(cpu);
		else
			outcome = KICK_OFFLINE;
	}
	put_cpu();
	return outcome;
}
