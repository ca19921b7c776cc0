/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * old, claiming by an unconditional exchange and entering behind a write barrier, as KVM did with
 * vcpu->guest_mode in 2010: a claim of nothing is written too, and the entry has no full barrier.
 */
KICK_DECLARE(.summary = "old, with xchg() as the claim and no full barrier at entry",
	     .origin = "after Linux 2.6.36; mutant of old",
	     .features = KICK_F_CLAIM | KICK_F_REQUESTS | KICK_F_MASK | KICK_F_WAIT | KICK_F_BLOCK,
	     .may = KICK_MAY_MISDIRECT | KICK_MAY_POISON | KICK_MAY_LOSE,
	     .stress_tso = { KICK_CAUGHT, KICK_V_POISONED | KICK_V_LOST },
	     .stress_weak = { KICK_CAUGHT, KICK_V_POISONED | KICK_V_LOST },
	     .explore = {
		     { "one-kick", KICK_M_SC, KICK_V_POISONED },
		     { "one-kick", KICK_M_STORE_BUFFER, KICK_V_LOST | KICK_V_POISONED },
		     { "two-kicks", KICK_M_ALL, KICK_V_LOST | KICK_V_POISONED },
		     { "two-kicks-two-migrations", KICK_M_ALL, KICK_V_LOST | KICK_V_POISONED },
		     { "twice-two-kicks", KICK_M_ALL, KICK_V_LOST | KICK_V_POISONED },
		     { "three-kickers", KICK_M_ALL, KICK_V_LOST | KICK_V_POISONED },
		     { "dirty-log", KICK_M_ALL, KICK_V_WEAK | KICK_V_STRICT | KICK_V_POISONED },
		     { "wake", KICK_M_STORE_BUFFER, KICK_V_LOST },
		     { "put-clears", KICK_M_SC, KICK_V_POISONED },
		     { "put-clears", KICK_M_STORE_BUFFER, KICK_V_LOST | KICK_V_POISONED },
		     { "offline", KICK_M_ALL, KICK_V_LOST | KICK_V_POISONED },
		     { "mask", KICK_M_ALL, KICK_V_LOST | KICK_V_POISONED },
		     { "mask-wait", KICK_M_STORE_BUFFER, KICK_V_LOST | KICK_V_WAIT | KICK_V_WEAK },
		     { "wait", KICK_M_STORE_BUFFER, KICK_V_LOST | KICK_V_WAIT | KICK_V_WEAK },
		     { "no-wakeup", KICK_M_SC, KICK_V_POISONED },
		     { "no-wakeup", KICK_M_STORE_BUFFER, KICK_V_LOST | KICK_V_POISONED },
		     { "numbers", KICK_M_SC, KICK_V_POISONED },
		     { "numbers", KICK_M_STORE_BUFFER, KICK_V_LOST | KICK_V_POISONED },
		     { "two-vcpus", KICK_M_SC, KICK_V_POISONED },
		     { "two-vcpus", KICK_M_STORE_BUFFER, KICK_V_LOST | KICK_V_POISONED },
		     { "high-cpu", KICK_M_SC, KICK_V_POISONED },
		     { "high-cpu", KICK_M_STORE_BUFFER, KICK_V_LOST | KICK_V_POISONED },
		     { "own-thread", KICK_M_STORE_BUFFER, KICK_V_LOST },
		     { "three-migrations", KICK_M_SC, KICK_V_POISONED },
		     { "three-migrations", KICK_M_STORE_BUFFER, KICK_V_LOST | KICK_V_POISONED },
		     { "mask-no-wakeup", KICK_M_SC, KICK_V_POISONED },
		     { "mask-no-wakeup", KICK_M_STORE_BUFFER, KICK_V_LOST | KICK_V_POISONED },
		     { "mask-gaps", KICK_M_STORE_BUFFER, KICK_V_LOST },
		     { "mask-no-memory", KICK_M_SC, KICK_V_POISONED },
		     { "mask-no-memory", KICK_M_STORE_BUFFER, KICK_V_LOST | KICK_V_POISONED },
		     { "mask-put-clears", KICK_M_SC, KICK_V_POISONED },
		     { "mask-put-clears", KICK_M_STORE_BUFFER, KICK_V_LOST | KICK_V_POISONED },
		     { "mask-bare", KICK_M_SC, KICK_V_STRICT | KICK_V_POISONED },
		     { "mask-bare", KICK_M_STORE_BUFFER,
		       KICK_V_WEAK | KICK_V_STRICT | KICK_V_POISONED },
		     { "two-masks-wait", KICK_M_STORE_BUFFER,
		       KICK_V_LOST | KICK_V_WAIT | KICK_V_WEAK },
	     });

#define KVM_CLAIM(vcpu) xchg(&(vcpu)->mode, EXITING_GUEST_MODE)
#define KVM_MB_BEFORE_CHECK() smp_wmb()
#define kick_decl parent_decl
#include "old.h"
#undef kick_decl
