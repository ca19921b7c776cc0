/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Its thread is in the host anyway, it thinks; the request goes with the kick. */
KICK_DECLARE(.summary = "a mask from a vCPU's thread makes no request of that vCPU",
	     .origin = "test",
	     .features = KICK_F_CLAIM | KICK_F_REQUESTS | KICK_F_MASK | KICK_F_WAIT | KICK_F_WALK |
			 KICK_F_BLOCK | KICK_F_SELF,
	     .stress_tso = { KICK_CAUGHT, KICK_V_LOST },
	     .stress_weak = { KICK_CAUGHT, KICK_V_LOST },
	     .explore = { { "one-walker", KICK_M_ALL, KICK_V_LOST } });

#define kick_decl parent_decl
#define kick_mask parent_mask
#include "impl/patched.h"
#undef kick_decl
#undef kick_mask

static inline bool kick_mask(struct kick_vm *vm, unsigned int req, const unsigned long *bitmap,
			     unsigned int nbits)
{
	unsigned long some = 0;

	for (int i = 0; i < kick_nr_vcpus(vm); i++)
		if ((!bitmap || kick_bitmap_test(bitmap, nbits, i)) &&
		    READ_ONCE(kick_get_vcpu(vm, i)->cpu) != smp_processor_id())
			some |= 1UL << i;
	return parent_mask(vm, req, &some, (unsigned int)kick_nr_vcpus(vm));
}
