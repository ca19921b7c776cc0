/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * patched, but the claim is a look and a store: the store may land on a later stint than the look, and
 * two kickers may both claim one.
 */
KICK_DECLARE(.summary = "patched, but the claim is a load and a plain store",
	     .origin = "mutant of patched",
	     .features = KICK_F_CLAIM | KICK_F_REQUESTS | KICK_F_MASK | KICK_F_WAIT | KICK_F_WALK |
			 KICK_F_BLOCK | KICK_F_SELF,
	     .may = KICK_MAY_POISON | KICK_MAY_LOSE,
	     .stress_tso = { KICK_CAUGHT, KICK_V_MODE },
	     .stress_weak = { KICK_CAUGHT, KICK_V_MODE },
	     .explore = {
		     KICK_FREES_AHEAD(0),
		     { "one-kick", KICK_M_STORE_BUFFER, KICK_V_POISONED },
		     { "two-kicks", KICK_M_STORE_BUFFER, KICK_V_LOST | KICK_V_POISONED },
		     { "two-kicks-two-migrations", KICK_M_STORE_BUFFER,
		       KICK_V_LOST | KICK_V_POISONED },
		     { "twice-two-kicks", KICK_M_STORE_BUFFER, KICK_V_LOST | KICK_V_POISONED },
		     { "three-kickers", KICK_M_STORE_BUFFER, KICK_V_LOST | KICK_V_POISONED },
		     { "dirty-log", KICK_M_STORE_BUFFER,
		       KICK_V_WEAK | KICK_V_STRICT | KICK_V_POISONED },
		     { "self", KICK_M_STORE_BUFFER, KICK_V_POISONED },
		     { "put-clears", KICK_M_STORE_BUFFER, KICK_V_POISONED },
		     { "offline", KICK_M_STORE_BUFFER, KICK_V_LOST | KICK_V_POISONED },
		     { "mask", KICK_M_STORE_BUFFER, KICK_V_LOST | KICK_V_POISONED },
		     { "no-wakeup", KICK_M_STORE_BUFFER, KICK_V_POISONED },
		     { "numbers", KICK_M_RC11, KICK_V_POISONED },
		     { "two-vcpus", KICK_M_RC11, KICK_V_POISONED },
		     { "high-cpu", KICK_M_STORE_BUFFER, KICK_V_POISONED },
		     { "three-migrations", KICK_M_STORE_BUFFER, KICK_V_POISONED },
		     { "mask-no-wakeup", KICK_M_RC11, KICK_V_POISONED },
		     { "mask-no-memory", KICK_M_RC11, KICK_V_POISONED },
		     { "mask-put-clears", KICK_M_STORE_BUFFER, KICK_V_POISONED },
		     { "mask-bare", KICK_M_STORE_BUFFER, KICK_V_STRICT | KICK_V_POISONED },
		     { "claims", KICK_M_SC, KICK_V_COALESCE | KICK_V_MODE },
		     { "claims", KICK_M_STORE_BUFFER,
		       KICK_V_POISONED | KICK_V_STRICT | KICK_V_WEAK | KICK_V_COALESCE | KICK_V_MODE },
		     { "claims-mask", KICK_M_ALL, KICK_V_MODE },
		     { "mask-high-cpu", KICK_M_RC11, KICK_V_POISONED },
		     { "three-pcpus", KICK_M_STORE_BUFFER, KICK_V_POISONED },
		     { "view", KICK_M_RC11, KICK_V_POISONED },
	     });

#define KVM_CLAIM(vcpu)                                                     \
	({                                                                  \
		int mode_ = READ_ONCE((vcpu)->mode);                        \
		if (mode_ == IN_GUEST_MODE)                                 \
			WRITE_ONCE((vcpu)->mode, EXITING_GUEST_MODE);       \
		mode_;                                                      \
	})
#define kick_decl parent_decl
#include "patched.h"
#undef kick_decl
