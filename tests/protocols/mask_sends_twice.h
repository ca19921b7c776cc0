/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A call, and an IPI to be sure. */
KICK_DECLARE(.summary = "a mask that calls whom it also sends an IPI",
	     .origin = "test",
	     .features = KICK_F_CLAIM | KICK_F_REQUESTS | KICK_F_MASK | KICK_F_WAIT | KICK_F_WALK |
			 KICK_F_BLOCK | KICK_F_SELF,
	     .stress_tso = { KICK_SILENT, .why = "of IPIs in one stint, those of plain kicks are counted" },
	     .stress_weak = { KICK_SILENT, .why = "of IPIs in one stint, those of plain kicks are counted" },
	     .explore = { { "claims-mask", KICK_M_ALL, KICK_V_COALESCE } });

#define kick_decl parent_decl
#define kick_mask parent_mask
#include "impl/patched.h"
#undef kick_decl
#undef kick_mask

static inline bool kick_mask(struct kick_vm *vm, unsigned int req, const unsigned long *bitmap,
			     unsigned int nbits)
{
	bool called = parent_mask(vm, req, bitmap, nbits);
	int me = get_cpu(), cpu;

	for (int i = 0; called && i < kick_nr_vcpus(vm); i++) {
		cpu = READ_ONCE(kick_get_vcpu(vm, i)->cpu);
		if (kvm_can_ipi(cpu, me))
			kick_ipi(cpu);
	}
	put_cpu();
	return called;
}
