/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * KVM's kick since 2025: as mainline, and a caller may wait until the vCPU has left guest mode.  It waits
 * for its own function call; if another kicker has claimed the stint, or the vCPU walks shadow pages,
 * there is no call and no wait.  A waiting mask does wait then.
 */
KICK_DECLARE(.summary = "2025 and later: a kick of one vCPU can wait, if the claim is its own",
	     .origin = "Linux 6.16, __kvm_vcpu_kick(vcpu, wait); the release by the merge lists",
	     .released = 202507, .kernel = "6.16",
	     .changed = "a kick of one vCPU can wait, too: for its own claim, not for another's",
	     .features = KICK_F_CLAIM | KICK_F_REQUESTS | KICK_F_MASK | KICK_F_WAIT | KICK_F_WALK |
			 KICK_F_BLOCK | KICK_F_SELF | KICK_F_KICK_WAIT | KICK_F_SETBITS |
			 KICK_F_OWN_MASKS,
	     .stress_tso = { KICK_CAUGHT, KICK_V_WAIT }, .stress_weak = { KICK_CAUGHT, KICK_V_WAIT },
	     .explore = {
		     KICK_FREES_AHEAD(0),
		     { "wait", KICK_M_ALL, KICK_V_WAIT },
	     });

#define KVM_OWN_MASKS
#include "family/kvm.h"
#include "family/kvm_mask.h"

/* __kvm_vcpu_kick(vcpu, wait) */
static inline enum kick_outcome kick_send(struct kick_vcpu *vcpu, unsigned int flags)
{
	enum kick_outcome outcome;
	int me, cpu;

	if (!(flags & KVM_REQUEST_NO_WAKEUP) && kick_wake(vcpu))
		return KICK_WOKEN;

	me = get_cpu();
	if (vcpu == this_cpu()->running_vcpu) {
		outcome = KICK_SELF;
		if (READ_ONCE(vcpu->mode) == IN_GUEST_MODE)
			WRITE_ONCE(vcpu->mode, EXITING_GUEST_MODE);
		goto out;
	}
	outcome = kvm_exiting_guest_mode(vcpu);
	if (outcome == KICK_SENT) {
		/* Not before the claim, whose full order it needs: then it is of this stint. */
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
out:
	put_cpu();
	return outcome;
}
