/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The claim as a flag of its own: the kicker that takes guest_mode away by an exchange sends the IPI, to
 * the pCPU number that it read before.  The entry sets the flag behind a write barrier, which does not
 * keep the look at requests from passing it.
 */
#define KICK_LACKS_WALK /* a lockless walk came in 3.x */

KICK_DECLARE(.summary = "an exchanged flag as the claim, a write barrier at entry",
	     .origin = "Linux 2.6.36",
	     .released = 201010, .kernel = "2.6.36",
	     .changed = "claims by exchanging a flag of its own; no full barrier at entry",
	     .features = KICK_F_CLAIM | KICK_F_REQUESTS | KICK_F_MASK | KICK_F_WAIT | KICK_F_BLOCK |
			 KICK_F_BLIND_MASK | KICK_F_TWO_STATES,
	     .may = KICK_MAY_MISDIRECT | KICK_MAY_POISON | KICK_MAY_LOSE,
	     .races = true,
	     .stress_tso = { KICK_CAUGHT, KICK_V_LOST | KICK_V_POISONED | KICK_V_WAIT },
	     .stress_weak = { KICK_CAUGHT, KICK_V_LOST | KICK_V_POISONED | KICK_V_WAIT },
	     .explore = {
		     { "one-kick", KICK_M_ALL, KICK_V_POISONED },
		     { "one-kick", KICK_M_STORE_BUFFER, KICK_V_LOST },
		     { "two-kicks", KICK_M_ALL, KICK_V_LOST | KICK_V_POISONED },
		     { "two-kicks-two-migrations", KICK_M_ALL, KICK_V_LOST | KICK_V_POISONED },
		     { "twice-two-kicks", KICK_M_ALL, KICK_V_LOST | KICK_V_POISONED },
		     { "three-kickers", KICK_M_ALL, KICK_V_LOST | KICK_V_POISONED },
		     { "dirty-log", KICK_M_ALL, KICK_V_WEAK | KICK_V_STRICT | KICK_V_POISONED },
		     { "wake", KICK_M_STORE_BUFFER, KICK_V_LOST },
		     { "put-clears", KICK_M_ALL, KICK_V_POISONED },
		     { "put-clears", KICK_M_STORE_BUFFER, KICK_V_LOST },
		     { "offline", KICK_M_ALL, KICK_V_LOST | KICK_V_POISONED },
		     { "mask", KICK_M_SC, KICK_V_POISONED },
		     { "mask", KICK_M_STORE_BUFFER, KICK_V_LOST | KICK_V_POISONED },
		     { "mask-wait", KICK_M_STORE_BUFFER, KICK_V_LOST },
		     { "wait", KICK_M_ALL, KICK_V_WAIT },
		     { "wake", KICK_M_RC11, KICK_V_WAKE },
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
		     { "sleeps-twice", KICK_M_RC11, KICK_V_WAKE },
		     { "mask-no-wakeup", KICK_M_STORE_BUFFER, KICK_V_LOST },
		     { "mask-no-memory", KICK_M_STORE_BUFFER, KICK_V_LOST },
		     { "mask-put-clears", KICK_M_STORE_BUFFER, KICK_V_LOST },
		     { "mask-bare", KICK_M_STORE_BUFFER, KICK_V_WEAK },
		     { "claims", KICK_M_SC, KICK_V_POISONED | KICK_V_STRICT | KICK_V_WEAK },
		     { "claims", KICK_M_STORE_BUFFER,
		       KICK_V_POISONED | KICK_V_STRICT | KICK_V_WEAK | KICK_V_COALESCE },
		     { "claims-mask", KICK_M_STORE_BUFFER, KICK_V_LOST | KICK_V_WEAK },
		     { "mask-high-cpu", KICK_M_STORE_BUFFER, KICK_V_LOST },
		     { "no-wakeup-sleeper", KICK_M_STORE_BUFFER, KICK_V_LOST },
		     { "three-pcpus", KICK_M_SC, KICK_V_POISONED },
		     { "three-pcpus", KICK_M_STORE_BUFFER, KICK_V_LOST | KICK_V_POISONED },
		     { "view", KICK_M_SC, KICK_V_POISONED },
		     { "view", KICK_M_STORE_BUFFER, KICK_V_LOST | KICK_V_POISONED },
	     });

#include "family/kvm_early.h"

static inline void kick_vcpu_init(struct kick_vcpu *vcpu)
{
	WRITE_ONCE(vcpu->cpu, -1);
}

static inline void kick_guest_exit(struct kick_vcpu *vcpu)
{
	WRITE_ONCE(vcpu->guest_mode, 0);
	WRITE_ONCE(vcpu->entered, 0);
	smp_wmb();
	kick_window(KICK_W_EXIT);
	local_irq_enable();
	preempt_enable();
}

static inline bool kvm_may_enter(struct kick_vcpu *vcpu)
{
	return READ_ONCE(vcpu->guest_mode) && !READ_ONCE(vcpu->requests);
}

/* Interrupts are still on when the flag is set: an IPI taken in between has cleared it. */
static inline bool kick_guest_enter(struct kick_vcpu *vcpu)
{
	preempt_disable();
	WRITE_ONCE(vcpu->entered, 1);
	WRITE_ONCE(vcpu->guest_mode, 1);
	smp_wmb(); /* no full barrier: the look at requests may pass the store, even on x86 */
	local_irq_disable();
	kick_window(KICK_W_MODE_CHECK);
	if (kvm_may_enter(vcpu))
		return true;
	kick_guest_exit(vcpu);
	return false;
}

static inline bool kick_guest_recheck(struct kick_vcpu *vcpu)
{
	return kvm_may_enter(vcpu);
}

/* kvm_vcpu_kick(): wakes and goes on. */
static inline enum kick_outcome kick_send(struct kick_vcpu *vcpu, unsigned int flags)
{
	int me, cpu = READ_PLAIN(vcpu->cpu);
	enum kick_outcome outcome;
	bool woken;

	kick_window(KICK_W_CPU_CLAIM);
	woken = !(flags & KVM_REQUEST_NO_WAKEUP) && kick_wake(vcpu);
	me = get_cpu();
	if (kvm_can_ipi(cpu, me)) {
		kick_window(KICK_W_BEFORE_CLAIM);
		outcome = KICK_CLAIMED;
		if (xchg(&vcpu->guest_mode, 0)) {
			kick_window(KICK_W_CLAIM_IPI);
			kick_ipi(cpu);
			outcome = KICK_SENT;
		}
	} else {
		outcome = kvm_no_ipi(cpu, me);
	}
	put_cpu();
	return woken && outcome != KICK_SENT ? KICK_WOKEN : outcome;
}

static inline void kick_view(struct kick_vcpu *vcpu, struct kick_view *view)
{
	view->claimed = kick_peek(vcpu->entered) && !kick_peek(vcpu->guest_mode);
	view->requests = kick_peek(vcpu->requests);
	view->cpu = kick_peek(vcpu->cpu);
}
