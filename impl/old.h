/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * KVM's kick before the patch (Linux 5.14): the pCPU number is read first, the stint is claimed
 * afterwards, so the claim may be of a stint on another pCPU than the one that gets the IPI.
 */
KICK_DECLARE(.summary = "before the patch: vcpu->cpu is read before the claim",
	     .origin = "Linux 5.14, parent of commit 85b640450ddc",
	     .released = 202108, .kernel = "5.14",
	     .changed = "a kick ends where it woke (4.12); requests say whether to wait; poisons still",
	     .features = KICK_F_CLAIM | KICK_F_REQUESTS | KICK_F_MASK | KICK_F_WAIT | KICK_F_WALK |
			 KICK_F_BLOCK,
	     .may = KICK_MAY_MISDIRECT | KICK_MAY_POISON | KICK_MAY_LOSE,
	     .races = true,
	     .stress_tso = { KICK_CAUGHT, KICK_V_POISONED | KICK_V_LOST },
	     .stress_weak = { KICK_CAUGHT, KICK_V_POISONED | KICK_V_LOST },
	     .explore = {
		     KICK_FREES_AHEAD(0),
		     { "one-kick", KICK_M_ALL, KICK_V_POISONED },
		     { "two-kicks", KICK_M_ALL, KICK_V_LOST | KICK_V_POISONED },
		     { "two-kicks-two-migrations", KICK_M_ALL, KICK_V_LOST | KICK_V_POISONED },
		     { "twice-two-kicks", KICK_M_ALL, KICK_V_LOST | KICK_V_POISONED },
		     { "three-kickers", KICK_M_ALL, KICK_V_LOST | KICK_V_POISONED },
		     { "dirty-log", KICK_M_ALL, KICK_V_WEAK | KICK_V_STRICT | KICK_V_POISONED },
		     { "put-clears", KICK_M_ALL, KICK_V_POISONED },
		     { "offline", KICK_M_ALL, KICK_V_LOST | KICK_V_POISONED },
		     { "mask", KICK_M_ALL, KICK_V_LOST | KICK_V_POISONED },
		     { "one-kick", KICK_M_RC11, KICK_V_LOST },
		     { "put-clears", KICK_M_RC11, KICK_V_LOST },
		     { "no-wakeup", KICK_M_SC | KICK_M_TSO | KICK_M_PSO, KICK_V_POISONED },
		     { "no-wakeup", KICK_M_RC11, KICK_V_LOST | KICK_V_POISONED },
		     { "numbers", KICK_M_SC | KICK_M_TSO | KICK_M_PSO, KICK_V_POISONED },
		     { "numbers", KICK_M_RC11, KICK_V_LOST | KICK_V_POISONED },
		     { "two-vcpus", KICK_M_SC | KICK_M_TSO | KICK_M_PSO, KICK_V_POISONED },
		     { "two-vcpus", KICK_M_RC11, KICK_V_LOST | KICK_V_POISONED },
		     { "high-cpu", KICK_M_SC | KICK_M_TSO | KICK_M_PSO, KICK_V_POISONED },
		     { "high-cpu", KICK_M_RC11, KICK_V_LOST | KICK_V_POISONED },
		     { "three-migrations", KICK_M_SC | KICK_M_TSO | KICK_M_PSO, KICK_V_POISONED },
		     { "three-migrations", KICK_M_RC11, KICK_V_LOST | KICK_V_POISONED },
		     { "mask-no-wakeup", KICK_M_SC | KICK_M_TSO | KICK_M_PSO, KICK_V_POISONED },
		     { "mask-no-wakeup", KICK_M_RC11, KICK_V_LOST | KICK_V_POISONED },
		     { "mask-no-memory", KICK_M_SC | KICK_M_TSO | KICK_M_PSO, KICK_V_POISONED },
		     { "mask-no-memory", KICK_M_RC11, KICK_V_LOST | KICK_V_POISONED },
		     { "mask-put-clears", KICK_M_SC | KICK_M_TSO | KICK_M_PSO, KICK_V_POISONED },
		     { "mask-put-clears", KICK_M_RC11, KICK_V_LOST | KICK_V_POISONED },
		     { "mask-bare", KICK_M_ALL, KICK_V_STRICT | KICK_V_POISONED },
		     { "claims", KICK_M_ALL, KICK_V_POISONED | KICK_V_STRICT | KICK_V_WEAK },
		     { "mask-high-cpu", KICK_M_SC | KICK_M_TSO | KICK_M_PSO, KICK_V_POISONED },
		     { "mask-high-cpu", KICK_M_RC11, KICK_V_LOST | KICK_V_POISONED },
		     { "three-pcpus", KICK_M_SC | KICK_M_TSO | KICK_M_PSO, KICK_V_POISONED },
		     { "three-pcpus", KICK_M_RC11, KICK_V_LOST | KICK_V_POISONED },
		     { "view", KICK_M_SC | KICK_M_TSO | KICK_M_PSO, KICK_V_POISONED },
		     { "view", KICK_M_RC11, KICK_V_LOST | KICK_V_POISONED },
	     });

#include "family/kvm.h"

/* kvm_vcpu_kick() */
static inline enum kick_outcome kick_send(struct kick_vcpu *vcpu, unsigned int flags)
{
	enum kick_outcome outcome;
	int me, cpu = READ_PLAIN(vcpu->cpu);

	kick_window(KICK_W_CPU_CLAIM);
	if (!(flags & KVM_REQUEST_NO_WAKEUP) && kick_wake(vcpu))
		return KICK_WOKEN;

	me = get_cpu();
	if (kvm_can_ipi(cpu, me)) {
		outcome = kvm_exiting_guest_mode(vcpu);
		if (outcome == KICK_SENT) {
			kick_window(KICK_W_CLAIM_IPI);
			kick_ipi(cpu);
		}
	} else {
		outcome = kvm_no_ipi(cpu, me);
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
		cpu = READ_PLAIN(vcpu->cpu);
		kick_window(KICK_W_CPU_CLAIM);
		if (!(req & KVM_REQUEST_NO_WAKEUP) && kick_wake(vcpu))
			continue;
		if (cpus && cpu != -1 && cpu != me && kvm_request_needs_ipi(vcpu, req))
			kick_cpumask_set(cpu, cpus);
	}
	kick_window(KICK_W_CLAIM_IPI);
	called = kvm_kick_many_cpus(cpus, req & KVM_REQUEST_WAIT);
	put_cpu();
	return called;
}
