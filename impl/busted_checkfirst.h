/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * patched, but the requests are checked before the mode is published: a request made in between finds
 * nobody in guest mode, and is found by nobody.
 */
KICK_DECLARE(.summary = "patched, but requests are checked before the mode is published",
	     .origin = "mutant of patched",
	     .features = KICK_F_CLAIM | KICK_F_REQUESTS | KICK_F_MASK | KICK_F_WAIT | KICK_F_WALK |
			 KICK_F_BLOCK | KICK_F_SELF,
	     .may = KICK_MAY_LOSE,
	     .stress_tso = { KICK_CAUGHT, KICK_V_LOST },
	     .stress_weak = { KICK_CAUGHT, KICK_V_LOST },
	     .explore = {
		     KICK_FREES_AHEAD(KICK_V_LOST),
		     { "one-kick", KICK_M_ALL, KICK_V_LOST },
		     { "two-kicks", KICK_M_ALL, KICK_V_LOST },
		     { "two-kicks-two-migrations", KICK_M_ALL, KICK_V_LOST },
		     { "twice-two-kicks", KICK_M_ALL, KICK_V_LOST },
		     { "three-kickers", KICK_M_ALL, KICK_V_LOST },
		     { "self", KICK_M_ALL, KICK_V_LOST },
		     { "wake", KICK_M_ALL, KICK_V_LOST },
		     { "put-clears", KICK_M_ALL, KICK_V_LOST },
		     { "offline", KICK_M_ALL, KICK_V_LOST },
		     { "mask", KICK_M_ALL, KICK_V_LOST },
		     { "mask-wait", KICK_M_ALL, KICK_V_LOST },
		     { "wait", KICK_M_ALL, KICK_V_LOST },
		     { "walker", KICK_M_ALL, KICK_V_LOST },
		     { "no-wakeup", KICK_M_ALL, KICK_V_LOST },
		     { "numbers", KICK_M_ALL, KICK_V_LOST },
		     { "two-vcpus", KICK_M_ALL, KICK_V_LOST },
		     { "high-cpu", KICK_M_ALL, KICK_V_LOST },
		     { "own-thread", KICK_M_ALL, KICK_V_LOST },
		     { "three-migrations", KICK_M_ALL, KICK_V_LOST },
		     { "mask-no-wakeup", KICK_M_ALL, KICK_V_LOST },
		     { "mask-gaps", KICK_M_ALL, KICK_V_LOST },
		     { "mask-no-memory", KICK_M_ALL, KICK_V_LOST },
		     { "mask-put-clears", KICK_M_ALL, KICK_V_LOST },
		     { "two-masks-wait", KICK_M_ALL, KICK_V_LOST },
		     { "claims-mask", KICK_M_ALL, KICK_V_LOST },
		     { "mask-high-cpu", KICK_M_ALL, KICK_V_LOST },
		     { "mask-wait-no-memory", KICK_M_ALL, KICK_V_LOST },
		     { "no-wakeup-sleeper", KICK_M_ALL, KICK_V_LOST },
		     { "two-masks-no-memory", KICK_M_ALL, KICK_V_LOST },
		     { "three-pcpus", KICK_M_ALL, KICK_V_LOST },
		     { "one-walker", KICK_M_ALL, KICK_V_LOST },
		     { "view", KICK_M_ALL, KICK_V_LOST },
	     });

#define KVM_OWN_GUEST_ENTER
#define kick_decl parent_decl
#include "patched.h"
#undef kick_decl

static inline bool kick_guest_enter(struct kick_vcpu *vcpu)
{
	preempt_disable();
	local_irq_disable();
	if (kvm_exit_request(vcpu)) {
		kick_guest_exit(vcpu);
		return false;
	}
	kick_window(KICK_W_MODE_CHECK);
	KVM_PUBLISH_IN_GUEST(vcpu);
	KVM_MB_BEFORE_CHECK();
	return true;
}
