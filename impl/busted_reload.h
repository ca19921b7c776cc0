/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * patched, with vcpu->cpu read once for the checks and once more for the IPI: the patch demands that
 * it be read exactly once.  Where put() clears cpu, the second read may be -1.
 */
#define KICK_LACKS_MASK

KICK_DECLARE(.summary = "patched, but cpu is checked and then read again",
	     .origin = "mutant of patched",
	     .features = KICK_F_CLAIM | KICK_F_REQUESTS | KICK_F_BLOCK | KICK_F_SELF,
	     .stress_tso = { KICK_CAUGHT, KICK_V_CPU }, .stress_weak = { KICK_CAUGHT, KICK_V_CPU },
	     .explore = {
		     { "put-clears", KICK_M_ALL, KICK_V_CPU }, { "no-wakeup", KICK_M_ALL, KICK_V_CPU },
		     { "offline", KICK_M_ALL, KICK_V_CPU },
	     });

#include "family/kvm.h"

static inline enum kick_outcome kick_send(struct kick_vcpu *vcpu, unsigned int flags)
{
	enum kick_outcome outcome;
	int me;

	if (!(flags & KVM_REQUEST_NO_WAKEUP) && kick_wake(vcpu))
		return KICK_WOKEN;

	me = get_cpu();
	outcome = kvm_exiting_guest_mode(vcpu);
	if (outcome == KICK_SENT) {
		if (kvm_can_ipi(READ_ONCE(vcpu->cpu), me)) {
			kick_window(KICK_W_CPU_CHECKED);
			kick_ipi(READ_ONCE(vcpu->cpu));
		} else {
			outcome = kvm_no_ipi(READ_ONCE(vcpu->cpu), me);
		}
	}
	put_cpu();
	return outcome;
}
