/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * patched, but whoever goes to sleep does not order that before its look at requests: a waker finds
 * nobody asleep, the sleeper finds no request, and both are content.
 */
KICK_DECLARE(.summary = "patched, without the barrier between going to sleep and the request check",
	     .origin = "mutant of patched",
	     .features = KICK_F_CLAIM | KICK_F_REQUESTS | KICK_F_MASK | KICK_F_WAIT | KICK_F_WALK |
			 KICK_F_BLOCK | KICK_F_SELF,
	     .stress_tso = { KICK_CAUGHT, KICK_V_WAKE },
	     .stress_weak = { KICK_CAUGHT, KICK_V_WAKE },
	     .explore = {
		     KICK_FREES_AHEAD(0),
		     { "wake", KICK_M_STORE_BUFFER, KICK_V_WAKE },
		     { "sleeps-twice", KICK_M_STORE_BUFFER, KICK_V_WAKE },
		     { "mask-wake", KICK_M_STORE_BUFFER, KICK_V_WAKE },
	     });

#define KVM_SET_SLEEPING(vcpu) WRITE_ONCE((vcpu)->task.state, TASK_INTERRUPTIBLE)
#define kick_decl parent_decl
#include "patched.h"
#undef kick_decl
