/* SPDX-License-Identifier: GPL-2.0-or-later */
/* To be quite sure. */
KICK_DECLARE(.summary = "a kick that sends its IPI twice",
	     .origin = "test",
	     .features = KICK_F_CLAIM | KICK_F_REQUESTS | KICK_F_MASK | KICK_F_WAIT | KICK_F_WALK |
			 KICK_F_BLOCK | KICK_F_SELF,
	     .stress_tso = { KICK_CAUGHT, KICK_V_COALESCE },
	     .stress_weak = { KICK_CAUGHT, KICK_V_COALESCE },
	     .explore = { { "claims", KICK_M_ALL, KICK_V_COALESCE } });

#define kick_decl parent_decl
#define kick_send parent_send
#include "impl/patched.h"
#undef kick_decl
#undef kick_send

static inline enum kick_outcome kick_send(struct kick_vcpu *vcpu, unsigned int flags)
{
	enum kick_outcome outcome = parent_send(vcpu, flags);
	int cpu = READ_ONCE(vcpu->cpu);

	if (outcome == KICK_SENT && kvm_can_ipi(cpu, smp_processor_id()))
		kick_ipi(cpu);
	return outcome;
}
