/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One too few. */
KICK_DECLARE(.summary = "a mask that leaves out the last vCPU",
	     .origin = "test",
	     .features = KICK_F_CLAIM | KICK_F_REQUESTS | KICK_F_MASK | KICK_F_WAIT | KICK_F_WALK |
			 KICK_F_BLOCK | KICK_F_SELF,
	     .explore = { { "wait", KICK_M_ALL, KICK_V_LOST | KICK_V_WAIT | KICK_V_WEAK } });

#define kick_decl parent_decl
#define kick_mask parent_mask
#include "impl/patched.h"
#undef kick_decl
#undef kick_mask

static inline bool kick_mask(struct kick_vm *vm, unsigned int req, const unsigned long *bitmap,
			     unsigned int nbits)
{
	unsigned long some = bitmap ? *bitmap : (1UL << kick_nr_vcpus(vm)) - 1;
	int last = 63 - __builtin_clzl(some);

	(void)nbits;
	some &= ~(1UL << last);
	return parent_mask(vm, req, &some, kick_nr_vcpus(vm));
}
