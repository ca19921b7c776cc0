/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * patched, but a mask skips a vCPU that has the request already, as KVM did until 2012: the second of
 * two waiting callers returns although the first one's IPI is still under way.
 */
KICK_DECLARE(.summary = "patched, but a mask skips who has the request already",
	     .origin = "after Linux 2.6.39; mutant of patched",
	     .features = KICK_F_CLAIM | KICK_F_REQUESTS | KICK_F_MASK | KICK_F_WAIT | KICK_F_BLOCK |
			 KICK_F_SELF,
	     .stress_tso = { KICK_CAUGHT, KICK_V_WAIT }, .stress_weak = { KICK_CAUGHT, KICK_V_WAIT },
	     .explore = {
		     { "wait", KICK_M_ALL, KICK_V_WAIT },
	     });

#define kick_decl parent_decl
#define kick_mask parent_mask
#include "patched.h"
#undef kick_mask
#undef kick_decl

static inline bool kick_mask(struct kick_vm *vm, unsigned int req, const unsigned long *bitmap,
			     unsigned int nbits)
{
	struct kick_cpumask *cpus = kick_cpumask_get();
	int i, cpu, me = get_cpu();
	bool called;

	(void)parent_mask;
	for (i = 0; i < kick_nr_vcpus(vm); i++) {
		struct kick_vcpu *vcpu = kick_get_vcpu(vm, i);

		if (bitmap && !kick_bitmap_test(bitmap, nbits, i))
			continue;
		if (!(req & KVM_REQUEST_NO_ACTION) &&
		    test_and_set_bit(req & KVM_REQUEST_MASK, &vcpu->requests))
			continue;
		if (!(req & KVM_REQUEST_NO_WAKEUP) && kick_wake(vcpu))
			continue;
		if (cpus && kvm_request_needs_ipi(vcpu, req)) {
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
