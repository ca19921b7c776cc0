/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * patched as KVM 5.15 had it, the mode published by a plain store, with a claim that is a C11
 * seq_cst read-modify-write: that is no fence, and the load of vcpu->cpu after it may be of before.
 * With the kernel's cmpxchg, a full barrier on both sides, the recheck of EXITING_GUEST_MODE saves it.
 */
KICK_DECLARE(.summary = "patched, plain store of the mode, bare seq_cst claim",
	     .origin = "mutant of patched",
	     .features = KICK_F_CLAIM | KICK_F_REQUESTS | KICK_F_MASK | KICK_F_WAIT | KICK_F_WALK |
			 KICK_F_BLOCK | KICK_F_SELF,
	     .stress_tso = { KICK_SILENT, 0, "a cmpxchg is a full barrier here" },
	     .stress_weak = { KICK_SILENT, 0, "a window of a few instructions" },
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
		     { "high-cpu", KICK_M_RC11, KICK_V_POISONED },
		     { "three-migrations", KICK_M_RC11, KICK_V_POISONED },
		     { "mask-put-clears", KICK_M_RC11, KICK_V_POISONED },
		     { "mask-bare", KICK_M_RC11, KICK_V_STRICT | KICK_V_POISONED },
		     { "claims", KICK_M_RC11, KICK_V_POISONED | KICK_V_STRICT | KICK_V_WEAK },
		     { "three-pcpus", KICK_M_RC11, KICK_V_POISONED },
	     });

#define KVM_PUBLISH_IN_GUEST(vcpu) WRITE_ONCE((vcpu)->mode, IN_GUEST_MODE)
#define KVM_CLAIM(vcpu) cmpxchg_seq_cst(&(vcpu)->mode, IN_GUEST_MODE, EXITING_GUEST_MODE)
#define kick_decl parent_decl
#include "patched.h"
#undef kick_decl
