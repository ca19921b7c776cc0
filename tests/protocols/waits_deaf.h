/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Nobody shall disturb it while it waits. */
KICK_DECLARE(.summary = "a waiting mask that waits with interrupts off",
	     .origin = "test",
	     .features = KICK_F_CLAIM | KICK_F_REQUESTS | KICK_F_MASK | KICK_F_WAIT | KICK_F_WALK |
			 KICK_F_BLOCK | KICK_F_SELF,
	     .stress_tso = { KICK_CAUGHT, KICK_V_DEADLOCK },
	     .stress_weak = { KICK_CAUGHT, KICK_V_DEADLOCK },
	     .explore = { { "two-masks-no-memory", KICK_M_ALL, KICK_V_DEADLOCK } });

#define kick_decl parent_decl
#define kick_mask parent_mask
#include "impl/patched.h"
#undef kick_decl
#undef kick_mask

static inline bool kick_mask(struct kick_vm *vm, unsigned int req, const unsigned long *bitmap,
			     unsigned int nbits)
{
	bool waits = req & KVM_REQUEST_WAIT, called;

	if (waits)
		local_irq_disable();
	called = parent_mask(vm, req, bitmap, nbits);
	if (waits)
		local_irq_enable();
	return called;
}
