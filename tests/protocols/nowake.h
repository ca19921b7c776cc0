/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A right change to KVM: nobody who is in guest mode sleeps, so a kick that finds a stint to claim need
 * not look at who sleeps.  The claim's barrier alone orders the request before the look at the mode.
 */
KICK_DECLARE(.summary = "patched, woken only where the claim failed",
	     .origin = "a change that was proposed",
	     .features = KICK_F_CLAIM | KICK_F_REQUESTS | KICK_F_MASK | KICK_F_WAIT | KICK_F_WALK |
			 KICK_F_BLOCK | KICK_F_SELF);

#define kick_decl parent_decl
#define kick_send parent_send
#include "impl/patched.h"
#undef kick_decl
#undef kick_send

static inline enum kick_outcome kick_send(struct kick_vcpu *vcpu, unsigned int flags)
{
	enum kick_outcome outcome;
	int me = get_cpu(), cpu;

	(void)parent_send;
	outcome = kvm_exiting_guest_mode(vcpu);
	if (outcome == KICK_SENT) {
		cpu = READ_ONCE(vcpu->cpu);
		if (kvm_can_ipi(cpu, me))
			kick_ipi(cpu);
		else
			outcome = kvm_no_ipi(cpu, me);
	} else if (!(flags & KVM_REQUEST_NO_WAKEUP) && kick_wake(vcpu)) {
		outcome = KICK_WOKEN;
	}
	put_cpu();
	return outcome;
}
