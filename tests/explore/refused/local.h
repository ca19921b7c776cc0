/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kickers read the pCPU where the vCPU's thread keeps it, on its stack. */
#define KVM_OWN_GUEST_ENTER
#define kick_send parent_send
#include "impl/patched.h"
#undef kick_send

static inline bool kick_guest_enter(struct kick_vcpu *vcpu)
{
	int here = smp_processor_id();

	smp_store_release(&vcpu->wait, (void *)&here);
	preempt_disable();
	local_irq_disable();
	KVM_PUBLISH_IN_GUEST(vcpu);
	KVM_MB_BEFORE_CHECK();
	if (!kvm_exit_request(vcpu))
		return true;
	kick_guest_exit(vcpu);
	return false;
}

static inline enum kick_outcome kick_send(struct kick_vcpu *vcpu, unsigned int flags)
{
	const int *where = smp_load_acquire(&vcpu->wait);

	if (where && *where == smp_processor_id())
		return KICK_SELF;
	return parent_send(vcpu, flags | KVM_REQUEST_NO_WAKEUP);
}
