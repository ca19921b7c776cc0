/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * patched, without the full barrier between mode=IN_GUEST_MODE and the look at requests: the mode
 * may still sit in a store buffer when the requests are read, and both sides miss each other.
 */
KICK_DECLARE(.summary = "patched without the barrier between mode and the request check",
	     .origin = "mutant of patched",
	     .features = KICK_F_CLAIM | KICK_F_REQUESTS | KICK_F_MASK | KICK_F_WAIT | KICK_F_WALK |
			 KICK_F_BLOCK | KICK_F_SELF,
	     .may = KICK_MAY_LOSE, .stress_tso = { KICK_CAUGHT, KICK_V_LOST },
	     .stress_weak = { KICK_CAUGHT, KICK_V_LOST },
	     .explore = {
		     KICK_FREES_AHEAD(KICK_V_LOST),
		     { "one-kick", KICK_M_STORE_BUFFER, KICK_V_LOST },
		     { "two-kicks", KICK_M_STORE_BUFFER, KICK_V_LOST },
		     { "two-kicks-two-migrations", KICK_M_STORE_BUFFER, KICK_V_LOST },
		     { "twice-two-kicks", KICK_M_STORE_BUFFER, KICK_V_LOST },
		     { "three-kickers", KICK_M_STORE_BUFFER, KICK_V_LOST },
		     { "dirty-log", KICK_M_STORE_BUFFER, KICK_V_WEAK },
		     { "self", KICK_M_STORE_BUFFER, KICK_V_LOST },
		     { "wake", KICK_M_STORE_BUFFER, KICK_V_LOST },
		     { "put-clears", KICK_M_STORE_BUFFER, KICK_V_LOST },
		     { "offline", KICK_M_STORE_BUFFER, KICK_V_LOST },
		     { "mask", KICK_M_STORE_BUFFER, KICK_V_LOST },
		     { "mask-wait", KICK_M_STORE_BUFFER, KICK_V_LOST | KICK_V_WAIT | KICK_V_WEAK },
		     { "wait", KICK_M_STORE_BUFFER, KICK_V_LOST | KICK_V_WAIT | KICK_V_WEAK },
		     { "walker", KICK_M_STORE_BUFFER, KICK_V_LOST },
		     { "no-wakeup", KICK_M_STORE_BUFFER, KICK_V_LOST },
		     { "numbers", KICK_M_STORE_BUFFER, KICK_V_LOST },
		     { "two-vcpus", KICK_M_STORE_BUFFER, KICK_V_LOST },
		     { "high-cpu", KICK_M_STORE_BUFFER, KICK_V_LOST },
		     { "own-thread", KICK_M_STORE_BUFFER, KICK_V_LOST },
		     { "three-migrations", KICK_M_STORE_BUFFER, KICK_V_LOST },
		     { "mask-no-wakeup", KICK_M_STORE_BUFFER, KICK_V_LOST },
		     { "mask-gaps", KICK_M_STORE_BUFFER, KICK_V_LOST },
		     { "mask-no-memory", KICK_M_STORE_BUFFER, KICK_V_LOST },
		     { "mask-put-clears", KICK_M_STORE_BUFFER, KICK_V_LOST },
		     { "mask-bare", KICK_M_STORE_BUFFER, KICK_V_WEAK },
		     { "two-masks-wait", KICK_M_STORE_BUFFER,
		       KICK_V_LOST | KICK_V_WAIT | KICK_V_WEAK },
		     { "claims", KICK_M_STORE_BUFFER, KICK_V_WEAK | KICK_V_COALESCE },
		     { "claims-mask", KICK_M_STORE_BUFFER, KICK_V_LOST | KICK_V_WEAK },
		     { "mask-high-cpu", KICK_M_STORE_BUFFER, KICK_V_LOST },
		     { "mask-wait-no-memory", KICK_M_STORE_BUFFER,
		       KICK_V_LOST | KICK_V_WEAK | KICK_V_WAIT },
		     { "no-wakeup-sleeper", KICK_M_STORE_BUFFER, KICK_V_LOST },
		     { "two-masks-no-memory", KICK_M_STORE_BUFFER,
		       KICK_V_LOST | KICK_V_WEAK | KICK_V_WAIT },
		     { "three-pcpus", KICK_M_STORE_BUFFER, KICK_V_LOST },
		     { "one-walker", KICK_M_STORE_BUFFER, KICK_V_LOST },
		     { "view", KICK_M_STORE_BUFFER, KICK_V_LOST },
	     });

#define KVM_MB_BEFORE_CHECK() barrier()
#define kick_decl parent_decl
#include "patched.h"
#undef kick_decl
