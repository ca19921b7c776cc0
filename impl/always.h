/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * No claim, no mode test: an IPI whenever the vCPU was last loaded elsewhere.  A stale number means
 * that the vCPU enters the guest after the request was made, and then sees it by itself; the price
 * is an IPI per kick, most of them noise.
 */
KICK_DECLARE(.summary = "an IPI whenever the vCPU is loaded elsewhere, no claim, no mode",
	     .origin = "thought experiment; KVM of 2007 without its guest_mode test",
	     .features = KICK_F_REQUESTS | KICK_F_MASK | KICK_F_WAIT | KICK_F_BLOCK |
			 KICK_F_BLIND_MASK);

#include "family/kvm.h"

static inline enum kick_outcome kick_send(struct kick_vcpu *vcpu, unsigned int flags)
{
	enum kick_outcome outcome;
	int cpu, me;

	if (flags & KVM_REQUEST_NO_WAKEUP)
		smp_mb(); /* the request before cpu; kick_wake() has this barrier too */
	else if (kick_wake(vcpu))
		return KICK_WOKEN;

	me = get_cpu();
	kick_window(KICK_W_BEFORE_CLAIM);
	cpu = READ_ONCE(vcpu->cpu);
	if (kvm_can_ipi(cpu, me)) {
		kick_window(KICK_W_CLAIM_IPI);
		kick_ipi(cpu);
		outcome = KICK_SENT;
	} else {
		outcome = kvm_no_ipi(cpu, me);
	}
	put_cpu();
	return outcome;
}

static inline bool kick_mask(struct kick_vm *vm, unsigned int req, const unsigned long *bitmap,
			     unsigned int nbits)
{
	struct kick_cpumask *cpus = kick_cpumask_get();
	int i, cpu, me = get_cpu();
	bool called;

	for (i = 0; i < kick_nr_vcpus(vm); i++) {
		struct kick_vcpu *vcpu = kick_get_vcpu(vm, i);

		if (bitmap && !kick_bitmap_test(bitmap, nbits, i))
			continue;
		kvm_make_request(vcpu, req);
		if (req & KVM_REQUEST_NO_WAKEUP)
			smp_mb();
		else if (kick_wake(vcpu))
			continue;
		cpu = READ_ONCE(vcpu->cpu);
		if (cpus && kvm_can_ipi(cpu, me))
			kick_cpumask_set(cpu, cpus);
	}
	kick_window(KICK_W_CLAIM_IPI);
	called = kvm_kick_many_cpus(cpus, req & KVM_REQUEST_WAIT);
	put_cpu();
	return called;
}
