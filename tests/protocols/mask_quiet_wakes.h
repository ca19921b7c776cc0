/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The flag is not looked at. */
KICK_DECLARE(.summary = "a mask that must not wake does",
	     .origin = "test",
	     .features = KICK_F_CLAIM | KICK_F_REQUESTS | KICK_F_MASK | KICK_F_WAIT | KICK_F_WALK |
			 KICK_F_BLOCK | KICK_F_SELF,
	     .stress_tso = { KICK_CAUGHT, KICK_V_WAKE },
	     .stress_weak = { KICK_CAUGHT, KICK_V_WAKE },
	     .explore = { { "mask-no-wakeup-sleeper", KICK_M_ALL, KICK_V_WAKE } });

#define kick_decl parent_decl
#define kick_mask parent_mask
#include "impl/patched.h"
#undef kick_decl
#undef kick_mask

static inline bool kick_mask(struct kick_vm *vm, unsigned int req, const unsigned long *bitmap,
			     unsigned int nbits)
{
	return parent_mask(vm, req & ~KVM_REQUEST_NO_WAKEUP, bitmap, nbits);
}
