/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An outcome that a caller may wait for. */
KICK_DECLARE(.summary = "a mask that interrupted nobody says it did",
	     .origin = "test",
	     .features = KICK_F_CLAIM | KICK_F_REQUESTS | KICK_F_MASK | KICK_F_WAIT | KICK_F_WALK |
			 KICK_F_BLOCK | KICK_F_SELF,
	     .stress_tso = { KICK_CAUGHT, KICK_V_CONTRACT },
	     .stress_weak = { KICK_CAUGHT, KICK_V_CONTRACT },
	     .explore = { { "wait", KICK_M_ALL, KICK_V_CONTRACT } });

#define kick_decl parent_decl
#define kick_mask parent_mask
#include "impl/patched.h"
#undef kick_decl
#undef kick_mask

static inline bool kick_mask(struct kick_vm *vm, unsigned int req, const unsigned long *bitmap,
			     unsigned int nbits)
{
	parent_mask(vm, req, bitmap, nbits);
	return true;
}
