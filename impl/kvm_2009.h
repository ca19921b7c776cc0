/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The first claim: one more bit among the requests, set while the vCPU is in the host, cleared with a
 * full barrier just before its last look.  A kicker that sets it first sends the IPI, to the pCPU number
 * that it read before: so a claim may be of a stint on another pCPU, and poisons it.
 */
#define KICK_LACKS_WALK /* a lockless walk came in 3.x */

KICK_DECLARE(.summary = "a request bit as the claim: KVM_REQ_KICK is set while in the host",
	     .origin = "Linux 2.6.31",
	     .released = 200909, .kernel = "2.6.31",
	     .changed = "claims by a request bit: one IPI per stint, none into the host; poisons",
	     .features = KICK_F_CLAIM | KICK_F_REQUESTS | KICK_F_MASK | KICK_F_WAIT | KICK_F_BLOCK |
			 KICK_F_BLIND_MASK | KICK_F_TWO_STATES,
	     .may = KICK_MAY_MISDIRECT | KICK_MAY_POISON | KICK_MAY_LOSE,
	     .races = true,
	     .stress_tso = { KICK_CAUGHT, KICK_V_LOST | KICK_V_POISONED | KICK_V_WAIT },
	     .stress_weak = { KICK_CAUGHT, KICK_V_LOST | KICK_V_POISONED | KICK_V_WAIT },
	     .explore = {
		     { "one-kick", KICK_M_ALL, KICK_V_POISONED },
		     { "two-kicks", KICK_M_ALL, KICK_V_LOST | KICK_V_POISONED },
		     { "two-kicks-two-migrations", KICK_M_ALL, KICK_V_LOST | KICK_V_POISONED },
		     { "twice-two-kicks", KICK_M_ALL, KICK_V_LOST | KICK_V_POISONED },
		     { "three-kickers", KICK_M_ALL, KICK_V_LOST | KICK_V_POISONED },
		     { "dirty-log", KICK_M_ALL, KICK_V_WEAK | KICK_V_STRICT | KICK_V_POISONED },
		     { "put-clears", KICK_M_ALL, KICK_V_POISONED },
		     { "offline", KICK_M_ALL, KICK_V_LOST | KICK_V_POISONED },
		     { "mask", KICK_M_ALL, KICK_V_POISONED },
		     { "wait", KICK_M_ALL, KICK_V_WAIT },
		     { "one-kick", KICK_M_RC11, KICK_V_LOST },
		     { "put-clears", KICK_M_RC11, KICK_V_LOST },
		     { "mask", KICK_M_RC11, KICK_V_LOST },
		     { "wake", KICK_M_RC11, KICK_V_WAKE },
		     { "no-wakeup", KICK_M_SC | KICK_M_TSO | KICK_M_PSO, KICK_V_POISONED },
		     { "no-wakeup", KICK_M_RC11, KICK_V_LOST | KICK_V_POISONED },
		     { "numbers", KICK_M_SC | KICK_M_TSO | KICK_M_PSO, KICK_V_POISONED },
		     { "numbers", KICK_M_RC11, KICK_V_LOST | KICK_V_POISONED },
		     { "two-vcpus", KICK_M_SC | KICK_M_TSO | KICK_M_PSO, KICK_V_POISONED },
		     { "two-vcpus", KICK_M_RC11, KICK_V_LOST | KICK_V_POISONED },
		     { "high-cpu", KICK_M_SC | KICK_M_TSO | KICK_M_PSO, KICK_V_POISONED },
		     { "high-cpu", KICK_M_RC11, KICK_V_LOST | KICK_V_POISONED },
		     { "three-migrations", KICK_M_SC | KICK_M_TSO | KICK_M_PSO, KICK_V_POISONED },
		     { "three-migrations", KICK_M_RC11, KICK_V_LOST | KICK_V_POISONED },
		     { "sleeps-twice", KICK_M_RC11, KICK_V_WAKE },
		     { "claims", KICK_M_ALL, KICK_V_POISONED | KICK_V_STRICT | KICK_V_WEAK },
		     { "three-pcpus", KICK_M_SC | KICK_M_TSO | KICK_M_PSO, KICK_V_POISONED },
		     { "three-pcpus", KICK_M_RC11, KICK_V_LOST | KICK_V_POISONED },
		     { "view", KICK_M_SC | KICK_M_TSO | KICK_M_PSO, KICK_V_POISONED },
		     { "view", KICK_M_RC11, KICK_V_LOST | KICK_V_POISONED },
	     });

/* Above all request numbers. */
#define KVM_REQ_KICK 32
#define KVM_PENDING(vcpu) (READ_ONCE((vcpu)->requests) & ~KICK_BIT(KVM_REQ_KICK))
#include "family/kvm_early.h"

static inline void kick_vcpu_init(struct kick_vcpu *vcpu)
{
	WRITE_ONCE(vcpu->cpu, -1);
	WRITE_ONCE(vcpu->requests, KICK_BIT(KVM_REQ_KICK));
}

static inline void kick_guest_exit(struct kick_vcpu *vcpu)
{
	set_bit(KVM_REQ_KICK, &vcpu->requests);
	WRITE_ONCE(vcpu->entered, 0);
	kick_window(KICK_W_EXIT);
	local_irq_enable();
	preempt_enable();
}

static inline bool kick_guest_enter(struct kick_vcpu *vcpu)
{
	preempt_disable();
	local_irq_disable();
	WRITE_ONCE(vcpu->entered, 1);
	clear_bit(KVM_REQ_KICK, &vcpu->requests);
	smp_mb__after_atomic(); /* the bit before the requests; pairs with the kick's test_and_set_bit() */
	kick_window(KICK_W_MODE_CHECK);
	/* A claim is a request, too. */
	if (!READ_ONCE(vcpu->requests))
		return true;
	kick_guest_exit(vcpu);
	return false;
}

static inline bool kick_guest_recheck(struct kick_vcpu *vcpu)
{
	return !READ_ONCE(vcpu->requests);
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
		if (!test_and_set_bit(KVM_REQ_KICK, &vcpu->requests)) {
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
	unsigned long requests = kick_peek(vcpu->requests);

	view->claimed = kick_peek(vcpu->entered) && requests & KICK_BIT(KVM_REQ_KICK);
	view->requests = requests & ~KICK_BIT(KVM_REQ_KICK);
	view->cpu = kick_peek(vcpu->cpu);
}
