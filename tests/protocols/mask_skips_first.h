/* SPDX-License-Identifier: GPL-2.0-or-later */
/* patched, but a mask leaves out the first vCPU. */
KICK_DECLARE(.summary = "a mask that leaves out the first vCPU",
	     .origin = "test",
	     .features = KICK_F_CLAIM | KICK_F_REQUESTS | KICK_F_MASK | KICK_F_WAIT | KICK_F_WALK |
			 KICK_F_BLOCK | KICK_F_SELF,
	     .stress_tso = { KICK_CAUGHT, KICK_V_LOST },
	     .stress_weak = { KICK_CAUGHT, KICK_V_LOST },
	     .explore = { { "wait", KICK_M_ALL, KICK_V_LOST | KICK_V_WAIT | KICK_V_WEAK } });

#define kick_decl parent_decl
#define kick_mask patched_mask
#include "impl/patched.h"
#undef kick_decl
#undef kick_mask

static inline bool kick_mask(struct kick_vm *vm, unsigned int req, const unsigned long *bitmap,
			     unsigned int nbits)
{
	unsigned long all = ~0ul, set = (bitmap ? *bitmap : all) & ~1ul;

	return patched_mask(vm, req, &set, bitmap ? nbits : (unsigned int)kick_nr_vcpus(vm));
}
