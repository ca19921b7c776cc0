/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All are called then, and nobody is waited for. */
KICK_DECLARE(.summary = "a mask without memory does not wait",
	     .origin = "test",
	     .features = KICK_F_CLAIM | KICK_F_REQUESTS | KICK_F_MASK | KICK_F_WAIT | KICK_F_WALK |
			 KICK_F_BLOCK | KICK_F_SELF,
	     .stress_tso = { KICK_CAUGHT, KICK_V_WAIT },
	     .stress_weak = { KICK_CAUGHT, KICK_V_WAIT },
	     .explore = { { "mask-wait-no-memory", KICK_M_ALL, KICK_V_WAIT } });

#define kick_decl parent_decl
#define kick_mask parent_mask
#include "impl/patched.h"
#undef kick_decl
#undef kick_mask

static inline bool kick_mask(struct kick_vm *vm, unsigned int req, const unsigned long *bitmap,
			     unsigned int nbits)
{
	struct kick_cpumask *cpus = kick_cpumask_get();

	if (cpus)
		return parent_mask(vm, req, bitmap, nbits);
	for (int i = 0; i < kick_nr_vcpus(vm); i++)
		if (!bitmap || kick_bitmap_test(bitmap, nbits, i)) {
			kvm_make_request(kick_get_vcpu(vm, i), req);
			kick_wake(kick_get_vcpu(vm, i));
			kvm_exiting_guest_mode(kick_get_vcpu(vm, i));
		}
	kick_call(NULL, false);
	return true;
}
