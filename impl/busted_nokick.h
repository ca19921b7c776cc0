/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Requests, but never an IPI: whoever cannot catch this one catches nothing.
 */
KICK_DECLARE(.summary = "requests, but never an IPI", .origin = "mutant of patched",
	     .features = KICK_F_CLAIM | KICK_F_REQUESTS | KICK_F_MASK,
	     .may = KICK_MAY_LOSE | KICK_MAY_POISON,
	     .stress_tso = { KICK_CAUGHT, KICK_V_LOST },
	     .stress_weak = { KICK_CAUGHT, KICK_V_LOST },
	     .explore = {
		     { "one-kick", KICK_M_ALL, KICK_V_LOST },
		     { "two-kicks", KICK_M_ALL, KICK_V_LOST },
		     { "two-kicks-two-migrations", KICK_M_ALL, KICK_V_LOST },
		     { "twice-two-kicks", KICK_M_ALL, KICK_V_LOST },
		     { "three-kickers", KICK_M_ALL, KICK_V_LOST },
		     { "dirty-log", KICK_M_ALL, KICK_V_WEAK },
		     { "put-clears", KICK_M_ALL, KICK_V_LOST },
		     { "offline", KICK_M_ALL, KICK_V_LOST },
		     { "mask", KICK_M_ALL, KICK_V_LOST },
		     { "no-wakeup", KICK_M_ALL, KICK_V_LOST },
		     { "numbers", KICK_M_ALL, KICK_V_LOST },
		     { "two-vcpus", KICK_M_ALL, KICK_V_LOST },
		     { "high-cpu", KICK_M_ALL, KICK_V_LOST },
		     { "own-thread", KICK_M_ALL, KICK_V_LOST },
		     { "three-migrations", KICK_M_ALL, KICK_V_LOST },
		     { "mask-no-wakeup", KICK_M_ALL, KICK_V_LOST },
		     { "mask-gaps", KICK_M_ALL, KICK_V_LOST },
		     { "mask-no-memory", KICK_M_ALL, KICK_V_LOST },
		     { "mask-put-clears", KICK_M_ALL, KICK_V_LOST },
		     { "mask-bare", KICK_M_ALL, KICK_V_WEAK },
		     { "claims", KICK_M_ALL, KICK_V_WEAK },
		     { "claims-mask", KICK_M_ALL, KICK_V_LOST | KICK_V_WEAK },
		     { "claims", KICK_M_SC, KICK_V_CONTRACT },
		     { "claims-mask", KICK_M_SC, KICK_V_CONTRACT },
		     { "mask-high-cpu", KICK_M_ALL, KICK_V_LOST },
		     { "three-pcpus", KICK_M_ALL, KICK_V_LOST },
		     { "view", KICK_M_ALL, KICK_V_LOST },
	     });

#include "family/kvm.h"

static inline enum kick_outcome kick_send(struct kick_vcpu *vcpu, unsigned int flags)
{
	(void)vcpu, (void)flags;
	barrier();
	return KICK_OUTSIDE;
}

static inline bool kick_mask(struct kick_vm *vm, unsigned int req, const unsigned long *bitmap,
			     unsigned int nbits)
{
	for (int i = 0; i < kick_nr_vcpus(vm); i++)
		if (!bitmap || kick_bitmap_test(bitmap, nbits, i))
			kvm_make_request(kick_get_vcpu(vm, i), req);
	return false;
}
