/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * KVM's kick since 5.17: as patched, but a kick of the vCPU that runs on this very pCPU needs no
 * atomic operation.  Only code of that pCPU gets there, and all that a remote claim could write
 * meanwhile is the same value.
 */
KICK_DECLARE(.summary = "5.17 and later: no atomics when kicking the running vCPU",
	     .origin = "Linux 5.17, commit aefdc2ed445e",
	     .features = KICK_F_CLAIM | KICK_F_REQUESTS | KICK_F_MASK | KICK_F_WAIT | KICK_F_WALK |
			 KICK_F_BLOCK | KICK_F_SELF);

#include "family/kvm.h"

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

/* kvm_make_vcpus_request_mask() */
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
		if (!(req & KVM_REQUEST_NO_WAKEUP) && kick_wake(vcpu))
			continue;
		if (cpus && kvm_request_needs_ipi(vcpu, req)) {
			kick_window(KICK_W_CPU_CLAIM);
			cpu = READ_ONCE(vcpu->cpu);
			if (cpu != -1 && cpu != me)
				kick_cpumask_set(cpu, cpus);
		}
	}
	kick_window(KICK_W_CLAIM_IPI);
	called = kvm_kick_many_cpus(cpus, req & KVM_REQUEST_WAIT);
	put_cpu();
	return called;
}
