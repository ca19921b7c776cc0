/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A waiting kick of one vCPU that waits only if the claim is its own: if another kicker has claimed
 * the stint, it returns at once, although that kicker's IPI may not even have been sent.
 */
KICK_DECLARE(.summary = "patched, with a kick that waits for its own claim only",
	     .origin = "after __kvm_vcpu_kick(vcpu, wait) of 2025; mutant of patched",
	     .features = KICK_F_CLAIM | KICK_F_REQUESTS | KICK_F_BLOCK | KICK_F_SELF |
			 KICK_F_KICK_WAIT,
	     .stress_tso = { KICK_CAUGHT, KICK_V_WAIT }, .stress_weak = { KICK_CAUGHT, KICK_V_WAIT },
	     .explore = {
		     { "wait", KICK_M_ALL, KICK_V_WAIT },
	     });

#define KICK_LACKS_MASK
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
		kick_window(KICK_W_CPU_CLAIM);
		cpu = READ_ONCE(vcpu->cpu);
		if (kvm_can_ipi(cpu, me)) {
			kick_window(KICK_W_CLAIM_IPI);
			if (flags & KVM_REQUEST_WAIT)
				kick_call_one(cpu, true);
			else
				kick_ipi(cpu);
		} else {
			outcome = kvm_no_ipi(cpu, me);
		}
	}
	put_cpu();
	return outcome;
}
