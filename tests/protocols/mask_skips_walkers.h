/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Walkers are left in peace, whoever waits. */
KICK_DECLARE(.summary = "a waiting mask that looks for guest mode only",
	     .origin = "test",
	     .features = KICK_F_CLAIM | KICK_F_REQUESTS | KICK_F_MASK | KICK_F_WAIT | KICK_F_WALK |
			 KICK_F_BLOCK | KICK_F_SELF,
	     .stress_tso = { KICK_CAUGHT, KICK_V_WAIT },
	     .stress_weak = { KICK_CAUGHT, KICK_V_WAIT },
	     .explore = { { "one-walker", KICK_M_ALL, KICK_V_WAIT | KICK_V_LOST } });

#define kick_decl parent_decl
#define kick_mask parent_mask
#include "impl/patched.h"
#undef kick_decl
#undef kick_mask

static inline bool kick_mask(struct kick_vm *vm, unsigned int req, const unsigned long *bitmap,
			     unsigned int nbits)
{
	unsigned long some = 0;

	for (int i = 0; i < kick_nr_vcpus(vm); i++) {
		struct kick_vcpu *vcpu = kick_get_vcpu(vm, i);

		if (bitmap && !kick_bitmap_test(bitmap, nbits, i))
			continue;
		if (READ_ONCE(vcpu->mode) == READING_SHADOW_PAGE_TABLES)
			kvm_make_request(vcpu, req);
		else
			some |= 1UL << i;
	}
	return parent_mask(vm, req, &some, (unsigned int)kick_nr_vcpus(vm));
}
