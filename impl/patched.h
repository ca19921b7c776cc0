/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * KVM's kick with the patch: the stint is claimed first and the pCPU number read afterwards.  While
 * the claimed stint lasts the number cannot change, so the IPI reaches it; once it has ended, an
 * IPI to a pCPU that the vCPU has left is harmless noise.
 */
KICK_DECLARE(.summary = "the patch: claim first, then read vcpu->cpu exactly once",
	     .origin = "Linux 5.15, commit 85b640450ddc",
	     .released = 202110, .kernel = "5.15",
	     .changed = "1/4 of the series: claims before it reads cpu",
	     .features = KICK_F_CLAIM | KICK_F_REQUESTS | KICK_F_MASK | KICK_F_WAIT | KICK_F_WALK |
			 KICK_F_BLOCK | KICK_F_SELF,
	     .explore = { KICK_FREES_AHEAD(0) });

#include "family/kvm.h"

/* kvm_vcpu_kick() */
static inline enum kick_outcome kick_send(struct kick_vcpu *vcpu, unsigned int flags)
{
	enum kick_outcome outcome;
	int me, cpu;

	if (!(flags & KVM_REQUEST_NO_WAKEUP) && kick_wake(vcpu))
		return KICK_WOKEN;

	me = get_cpu();
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
