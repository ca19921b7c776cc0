/* SPDX-License-Identifier: GPL-2.0-or-later */
/* patched, but interrupts go off when the requests were looked at, and the mode is not looked at again. */
KICK_DECLARE(.summary = "interrupts go off after the look at requests",
	     .origin = "test",
	     .features = KICK_F_CLAIM | KICK_F_REQUESTS | KICK_F_MASK | KICK_F_WAIT | KICK_F_WALK |
			 KICK_F_BLOCK | KICK_F_SELF,
	     .stress_tso = { KICK_CAUGHT, KICK_V_POISONED },
	     .stress_weak = { KICK_CAUGHT, KICK_V_POISONED },
	     .explore = { { "one-kick", KICK_M_ALL, KICK_V_LOST | KICK_V_POISONED } });

#define kick_decl parent_decl
#define KVM_OWN_GUEST_ENTER
#include "impl/patched.h"
#undef kick_decl

static inline bool kick_guest_enter(struct kick_vcpu *vcpu)
{
	preempt_disable();
	WRITE_ONCE(vcpu->mode, IN_GUEST_MODE);
	kick_window(KICK_W_MODE_CHECK);
	smp_mb();
	if (!READ_ONCE(vcpu->requests)) {
		local_irq_disable();
		return true;
	}
	local_irq_disable();
	kick_guest_exit(vcpu);
	return false;
}
