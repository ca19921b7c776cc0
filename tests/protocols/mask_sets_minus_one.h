/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A vCPU that is not loaded has no pCPU to collect. */
KICK_DECLARE(.summary = "a mask that does not look whether cpu is -1",
	     .origin = "test",
	     .features = KICK_F_CLAIM | KICK_F_REQUESTS | KICK_F_MASK | KICK_F_WAIT | KICK_F_WALK |
			 KICK_F_BLOCK | KICK_F_SELF,
	     .stress_tso = { KICK_CAUGHT, KICK_V_CPU },
	     .stress_weak = { KICK_CAUGHT, KICK_V_CPU },
	     .explore = { { "mask-put-clears", KICK_M_ALL, KICK_V_CPU } });

#define kick_decl parent_decl
#define kick_mask parent_mask
#include "impl/patched.h"
#undef kick_decl
#undef kick_mask

static inline bool kick_mask(struct kick_vm *vm, unsigned int req, const unsigned long *bitmap,
			     unsigned int nbits)
{
	struct kick_cpumask *cpus = kick_cpumask_get();
	int me = get_cpu(), cpu, i;
	bool called;

	(void)parent_mask;
	for (i = 0; i < kick_nr_vcpus(vm); i++) {
		struct kick_vcpu *vcpu = kick_get_vcpu(vm, i);

		if (bitmap && !kick_bitmap_test(bitmap, nbits, i))
			continue;
		kvm_make_request(vcpu, req);
		if (!(req & KVM_REQUEST_NO_WAKEUP) && kick_wake(vcpu))
			continue;
		cpu = READ_ONCE(vcpu->cpu);
		if (cpus && cpu != me && kvm_request_needs_ipi(vcpu, req)) {
			kick_window(KICK_W_CPU_CLAIM);
			cpu = READ_ONCE(vcpu->cpu);
			kick_cpumask_set(cpu, cpus);
		}
	}
	called = kvm_kick_many_cpus(cpus, req & KVM_REQUEST_WAIT);
	put_cpu();
	return called;
}
