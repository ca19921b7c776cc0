/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads a bitmap as a number of vCPUs. */
KICK_DECLARE(.summary = "a mask that takes as many vCPUs as its bitmap has bits",
	     .origin = "test",
	     .features = KICK_F_CLAIM | KICK_F_REQUESTS | KICK_F_MASK | KICK_F_WAIT | KICK_F_WALK |
			 KICK_F_BLOCK | KICK_F_SELF,
	     .stress_tso = { KICK_CAUGHT, KICK_V_LOST | KICK_V_CONTRACT },
	     .stress_weak = { KICK_CAUGHT, KICK_V_LOST | KICK_V_CONTRACT },
	     .explore = { { "mask-gaps", KICK_M_ALL, KICK_V_LOST | KICK_V_CONTRACT } });

#define kick_decl parent_decl
#define kick_mask parent_mask
#include "impl/patched.h"
#undef kick_decl
#undef kick_mask

static inline bool kick_mask(struct kick_vm *vm, unsigned int req, const unsigned long *bitmap,
			     unsigned int nbits)
{
	unsigned long n = bitmap ? (unsigned long)__builtin_popcountl(*bitmap) : 0;
	unsigned long some = n < 64 ? (1UL << n) - 1 : ~0UL;

	return parent_mask(vm, req, bitmap ? &some : NULL, nbits);
}
