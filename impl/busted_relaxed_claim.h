/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * patched, but the claim orders nothing: request before mode, and mode before cpu, are left to luck
 * wherever a read-modify-write is no barrier.
 */
KICK_DECLARE(.summary = "patched, claimed by a relaxed cmpxchg",
	     .origin = "mutant of patched",
	     .features = KICK_F_CLAIM | KICK_F_REQUESTS | KICK_F_MASK | KICK_F_WAIT | KICK_F_WALK |
			 KICK_F_BLOCK | KICK_F_SELF,
	     .stress_tso = { KICK_SILENT, 0, "a cmpxchg is a full barrier whatever it says" },
	     .stress_weak = { KICK_SILENT, 0, "the load of cpu seldom passes the claim" },
	     .explore = {
		     KICK_FREES_AHEAD(0),
		     { "two-kicks", KICK_M_RC11, KICK_V_LOST | KICK_V_POISONED },
		     { "two-kicks-two-migrations", KICK_M_RC11,
		       KICK_V_LOST | KICK_V_POISONED },
		     { "twice-two-kicks", KICK_M_RC11, KICK_V_LOST | KICK_V_POISONED },
		     { "three-kickers", KICK_M_RC11, KICK_V_LOST | KICK_V_POISONED },
		     { "one-kick", KICK_M_RC11, KICK_V_POISONED },
		     { "self", KICK_M_RC11, KICK_V_POISONED },
		     { "put-clears", KICK_M_RC11, KICK_V_POISONED },
		     { "offline", KICK_M_RC11, KICK_V_LOST | KICK_V_POISONED },
		     { "mask", KICK_M_RC11, KICK_V_LOST | KICK_V_POISONED },
		     { "dirty-log", KICK_M_RC11,
		       KICK_V_WEAK | KICK_V_STRICT | KICK_V_POISONED },
		     { "offline", KICK_M_RC11, KICK_V_LOST | KICK_V_POISONED },
		     { "no-wakeup", KICK_M_RC11, KICK_V_POISONED },
		     { "numbers", KICK_M_RC11, KICK_V_POISONED },
		     { "two-vcpus", KICK_M_RC11, KICK_V_POISONED },
		     { "high-cpu", KICK_M_RC11, KICK_V_POISONED },
		     { "three-migrations", KICK_M_RC11, KICK_V_POISONED },
		     { "mask-no-wakeup", KICK_M_RC11, KICK_V_POISONED },
		     { "mask-no-memory", KICK_M_RC11, KICK_V_POISONED },
		     { "mask-put-clears", KICK_M_RC11, KICK_V_POISONED },
		     { "mask-bare", KICK_M_RC11, KICK_V_STRICT | KICK_V_POISONED },
		     { "claims", KICK_M_RC11, KICK_V_POISONED | KICK_V_STRICT | KICK_V_WEAK },
		     { "mask-high-cpu", KICK_M_RC11, KICK_V_POISONED },
		     { "three-pcpus", KICK_M_RC11, KICK_V_POISONED },
		     { "view", KICK_M_RC11, KICK_V_POISONED },
	     });

#define KVM_CLAIM(vcpu) cmpxchg_relaxed(&(vcpu)->mode, IN_GUEST_MODE, EXITING_GUEST_MODE)
#define kick_decl parent_decl
#include "patched.h"
#undef kick_decl
