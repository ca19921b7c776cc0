/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * KVM's kick since 5.17: as patched, but a kick of the vCPU that runs on this very pCPU needs no
 * atomic operation.  Only code of that pCPU gets there, and all that a remote claim could write
 * meanwhile is the same value.  A mask kick walks the bits that are set.
 */
KICK_DECLARE(.summary = "5.17 and later: no atomics when kicking the running vCPU",
	     .origin = "Linux 5.17, commit aefdc2ed445e; masks of 5.16, commit ae0946cd3601",
	     .released = 202203, .kernel = "5.17",
	     .changed = "3/4 walks set bits, masks pre-allocated (5.16); self kick without atomics",
	     .features = KICK_F_CLAIM | KICK_F_REQUESTS | KICK_F_MASK | KICK_F_WAIT | KICK_F_WALK |
			 KICK_F_BLOCK | KICK_F_SELF | KICK_F_SETBITS | KICK_F_OWN_MASKS,
	     .explore = { KICK_FREES_AHEAD(0) });

#define KVM_OWN_MASKS
#include "family/kvm.h"
#include "family/kvm_mask.h"

/* kvm_vcpu_kick() */
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
			kick_ipi(cpu);
		} else {
			outcome = kvm_no_ipi(cpu, me);
		}
	}
out:
	put_cpu();
	return outcome;
}
