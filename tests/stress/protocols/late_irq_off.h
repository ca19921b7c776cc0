/* SPDX-License-Identifier: GPL-2.0-or-later */
/* patched, but interrupts go off when the requests were looked at, and the mode is not looked at again. */
#define KVM_OWN_GUEST_ENTER
#include "impl/patched.h"

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
