/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * patched for a machine that reorders stores: the mode is published by a plain store, and an entry looks
 * at requests alone, as on arm64.  A claim may then be of the new stint while vcpu->cpu is still the old
 * one, and nobody looks at the claim again.
 */
KICK_DECLARE(.summary = "patched, mode published by a plain store, EXITING not rechecked",
	     .origin = "mutant of patched",
	     .features = KICK_F_CLAIM | KICK_F_REQUESTS | KICK_F_MASK | KICK_F_WAIT | KICK_F_WALK |
			 KICK_F_BLOCK,
	     .may = KICK_MAY_POISON | KICK_MAY_LOSE,
	     .stress_tso = { KICK_SILENT, 0, "stores reach memory in order on this architecture" },
	     .stress_weak = { KICK_CAUGHT, KICK_V_POISONED },
	     .explore = {
		     KICK_FREES_AHEAD(0),
		     { "one-kick", KICK_M_PSO | KICK_M_RC11, KICK_V_POISONED },
		     { "two-kicks", KICK_M_PSO | KICK_M_RC11, KICK_V_LOST | KICK_V_POISONED },
		     { "two-kicks-two-migrations", KICK_M_PSO | KICK_M_RC11,
		       KICK_V_LOST | KICK_V_POISONED },
		     { "twice-two-kicks", KICK_M_PSO | KICK_M_RC11, KICK_V_LOST | KICK_V_POISONED },
		     { "three-kickers", KICK_M_PSO | KICK_M_RC11, KICK_V_LOST | KICK_V_POISONED },
		     { "dirty-log", KICK_M_PSO | KICK_M_RC11,
		       KICK_V_WEAK | KICK_V_STRICT | KICK_V_POISONED },
		     { "put-clears", KICK_M_PSO | KICK_M_RC11, KICK_V_POISONED },
		     { "offline", KICK_M_PSO | KICK_M_RC11, KICK_V_LOST | KICK_V_POISONED },
		     { "mask", KICK_M_PSO | KICK_M_RC11, KICK_V_LOST | KICK_V_POISONED },
		     { "no-wakeup", KICK_M_PSO | KICK_M_RC11, KICK_V_POISONED },
		     { "high-cpu", KICK_M_PSO | KICK_M_RC11, KICK_V_POISONED },
		     { "three-migrations", KICK_M_PSO | KICK_M_RC11, KICK_V_POISONED },
		     { "mask-put-clears", KICK_M_PSO | KICK_M_RC11, KICK_V_POISONED },
		     { "mask-bare", KICK_M_PSO | KICK_M_RC11, KICK_V_STRICT | KICK_V_POISONED },
		     { "claims", KICK_M_PSO | KICK_M_RC11,
		       KICK_V_POISONED | KICK_V_STRICT | KICK_V_WEAK },
		     { "three-pcpus", KICK_M_PSO | KICK_M_RC11, KICK_V_POISONED },
	     });

#define KVM_PUBLISH_IN_GUEST(vcpu) WRITE_ONCE((vcpu)->mode, IN_GUEST_MODE)
#define KVM_RECHECK_EXITING 0
#define kick_decl parent_decl
#include "patched.h"
#undef kick_decl
