/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Without a request there is nothing to do, it thinks. */
KICK_DECLARE(.summary = "a mask without a request does nothing",
	     .origin = "test",
	     .features = KICK_F_CLAIM | KICK_F_REQUESTS | KICK_F_MASK | KICK_F_WAIT | KICK_F_WALK |
			 KICK_F_BLOCK | KICK_F_SELF,
	     .stress_tso = { KICK_CAUGHT, KICK_V_WEAK },
	     .stress_weak = { KICK_CAUGHT, KICK_V_WEAK },
	     .explore = { { "mask-bare", KICK_M_ALL, KICK_V_WEAK } });

#define kick_decl parent_decl
#define kick_mask parent_mask
#include "impl/patched.h"
#undef kick_decl
#undef kick_mask

static inline bool kick_mask(struct kick_vm *vm, unsigned int req, const unsigned long *bitmap,
			     unsigned int nbits)
{
	return !(req & KVM_REQUEST_NO_ACTION) && parent_mask(vm, req, bitmap, nbits);
}
