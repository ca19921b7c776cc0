/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The first kick: an IPI for every kick that finds the vCPU in guest mode, to the pCPU number that was
 * read before.  Nothing is claimed, so nothing can be poisoned; but no barrier stands between the flag
 * and the vCPU's last look at its requests, and the number is not looked at before it is used.
 *
 * A vCPU that finds a request in its last look serves it in place there; here it leaves first.
 */
#define KICK_LACKS_WALK /* a lockless walk came in 3.x */

KICK_DECLARE(.summary = "the first kick: no claim, an IPI each time, no barrier at entry",
	     .origin = "Linux 2.6.24, commit 97222cc83163",
	     .released = 200801, .kernel = "2.6.24",
	     .changed = "the first kick, and the race that 1/4 repairs: cpu is read before the mode",
	     .features = KICK_F_REQUESTS | KICK_F_MASK | KICK_F_WAIT | KICK_F_BLOCK |
			 KICK_F_BLIND_MASK,
	     .may = KICK_MAY_LOSE,
	     .races = true,
	     .stress_tso = { KICK_CAUGHT, KICK_V_LOST | KICK_V_WAIT },
	     .stress_weak = { KICK_CAUGHT, KICK_V_LOST | KICK_V_WAIT },
	     .explore = {
		     { "one-kick", KICK_M_STORE_BUFFER, KICK_V_LOST },
		     { "two-kicks", KICK_M_STORE_BUFFER, KICK_V_LOST },
		     { "two-kicks-two-migrations", KICK_M_STORE_BUFFER, KICK_V_LOST },
		     { "twice-two-kicks", KICK_M_STORE_BUFFER, KICK_V_LOST },
		     { "three-kickers", KICK_M_STORE_BUFFER, KICK_V_LOST },
		     { "dirty-log", KICK_M_STORE_BUFFER, KICK_V_WEAK },
		     { "wake", KICK_M_STORE_BUFFER, KICK_V_LOST },
		     { "put-clears", KICK_M_ALL, KICK_V_CPU },
		     { "put-clears", KICK_M_STORE_BUFFER, KICK_V_LOST },
		     { "offline", KICK_M_ALL, KICK_V_CPU },
		     { "offline", KICK_M_STORE_BUFFER, KICK_V_LOST },
		     { "mask", KICK_M_STORE_BUFFER, KICK_V_LOST },
		     { "mask-wait", KICK_M_STORE_BUFFER, KICK_V_LOST },
		     { "wait", KICK_M_ALL, KICK_V_WAIT },
		     { "wake", KICK_M_RC11, KICK_V_WAKE },
		     { "no-wakeup", KICK_M_ALL, KICK_V_CPU },
		     { "no-wakeup", KICK_M_STORE_BUFFER, KICK_V_LOST },
		     { "numbers", KICK_M_STORE_BUFFER, KICK_V_LOST },
		     { "two-vcpus", KICK_M_STORE_BUFFER, KICK_V_LOST },
		     { "high-cpu", KICK_M_STORE_BUFFER, KICK_V_LOST },
		     { "own-thread", KICK_M_STORE_BUFFER, KICK_V_LOST },
		     { "three-migrations", KICK_M_STORE_BUFFER, KICK_V_LOST },
		     { "sleeps-twice", KICK_M_RC11, KICK_V_WAKE },
		     { "mask-no-wakeup", KICK_M_STORE_BUFFER, KICK_V_LOST },
		     { "mask-no-memory", KICK_M_STORE_BUFFER, KICK_V_LOST },
		     { "mask-put-clears", KICK_M_STORE_BUFFER, KICK_V_LOST },
		     { "mask-bare", KICK_M_STORE_BUFFER, KICK_V_WEAK },
		     { "mask-high-cpu", KICK_M_STORE_BUFFER, KICK_V_LOST },
		     { "no-wakeup-sleeper", KICK_M_STORE_BUFFER, KICK_V_LOST },
		     { "three-pcpus", KICK_M_STORE_BUFFER, KICK_V_LOST },
		     { "view", KICK_M_STORE_BUFFER, KICK_V_LOST },
		     /* Its guest_mode is plain, and races without a migration, too. */
		     { "wake", KICK_M_LKMM, KICK_V_LOST | KICK_V_WAKE | KICK_V_RACE },
		     { "own-thread", KICK_M_LKMM, KICK_V_LOST | KICK_V_RACE },
		     { "sleeps-twice", KICK_M_LKMM, KICK_V_WAKE | KICK_V_RACE },
		     { "no-wakeup-sleeper", KICK_M_LKMM, KICK_V_LOST | KICK_V_RACE },
	     });

#include "family/kvm_early.h"

static inline void kick_vcpu_init(struct kick_vcpu *vcpu)
{
	WRITE_ONCE(vcpu->cpu, -1);
}

static inline void kick_guest_exit(struct kick_vcpu *vcpu)
{
	WRITE_ONCE(vcpu->guest_mode, 0);
	kick_window(KICK_W_EXIT);
	local_irq_enable();
	preempt_enable();
}

static inline bool kick_guest_enter(struct kick_vcpu *vcpu)
{
	preempt_disable();
	local_irq_disable();
	WRITE_ONCE(vcpu->guest_mode, 1);
	kick_window(KICK_W_MODE_CHECK);
	/* No barrier: the look may pass the store, even on x86. */
	if (!READ_ONCE(vcpu->requests))
		return true;
	kick_guest_exit(vcpu);
	return false;
}

static inline bool kick_guest_recheck(struct kick_vcpu *vcpu)
{
	return !READ_ONCE(vcpu->requests);
}

/* kvm_vcpu_kick(): wakes and goes on, and calls a function that does nothing. */
static inline enum kick_outcome kick_send(struct kick_vcpu *vcpu, unsigned int flags)
{
	int cpu = READ_PLAIN(vcpu->cpu);
	bool woken;

	kick_window(KICK_W_CPU_CLAIM);
	woken = !(flags & KVM_REQUEST_NO_WAKEUP) && kick_wake(vcpu);
	kick_window(KICK_W_BEFORE_CLAIM);
	if (!READ_PLAIN(vcpu->guest_mode))
		return woken ? KICK_WOKEN : KICK_OUTSIDE;
	if (cpu == smp_processor_id())
		return KICK_SELF;
	kick_window(KICK_W_CLAIM_IPI);
	kick_call_one(cpu, false);
	return KICK_SENT;
}

static inline void kick_view(struct kick_vcpu *vcpu, struct kick_view *view)
{
	view->claimed = false;
	view->requests = kick_peek(vcpu->requests);
	view->cpu = kick_peek(vcpu->cpu);
}
