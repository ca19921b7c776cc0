/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * patched, without the look at which pCPU is one's own: who kicks the vCPU that runs here sends an IPI
 * to himself.
 */
#define KICK_LACKS_MASK

KICK_DECLARE(.summary = "patched, but a self kick sends an IPI, too", .origin = "mutant of patched",
	     .features = KICK_F_CLAIM | KICK_F_REQUESTS | KICK_F_BLOCK | KICK_F_SELF,
	     .stress_tso = { KICK_CAUGHT, KICK_V_SELF }, .stress_weak = { KICK_CAUGHT, KICK_V_SELF },
	     .explore = {
		     { "self", KICK_M_ALL, KICK_V_SELF },
	     });

#include "family/kvm.h"

static inline enum kick_outcome kick_send(struct kick_vcpu *vcpu, unsigned int flags)
{
	enum kick_outcome outcome;
	int me, cpu;

	if (!(flags & KVM_REQUEST_NO_WAKEUP) && kick_wake(vcpu))
		return KICK_WOKEN;

	me = get_cpu();
	outcome = kvm_exiting_guest_mode(vcpu);
	if (outcome == KICK_SENT) {
		cpu = READ_ONCE(vcpu->cpu);
		if (kvm_can_ipi(cpu, -1)) { /* also to me */
			kick_window(KICK_W_CLAIM_IPI);
			kick_ipi(cpu);
		} else {
			outcome = kvm_no_ipi(cpu, me);
		}
	}
	put_cpu();
	return outcome;
}
