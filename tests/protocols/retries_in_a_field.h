/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A bounded retry that counts in a plain field, and keeps nothing of it on the stack: no turn changes what
 * another thread sees, and yet the loop is no wait.  Who gives up leaves its request to whoever has the lock,
 * who may have looked already.
 */
#define KICK_LACKS_MASK
#define KICK_LACKS_WALK
#define KICK_LACKS_BLOCK

KICK_DECLARE(.summary = "gives up a lock after six turns, which a plain field counts", .origin = "test",
	     .features = KICK_F_REQUESTS,
	     .stress_tso = { KICK_CAUGHT, KICK_V_LOST },
	     .stress_weak = { KICK_CAUGHT, KICK_V_LOST },
	     .explore = { { "two-kicks", KICK_M_ALL, KICK_V_LOST },
			  { "dirty-log", KICK_M_ALL, KICK_V_WEAK },
			  { "own-thread", KICK_M_ALL, KICK_V_LOST } });

struct kick_vcpu {
	kick_int lock, cpu, mode;
	kick_ulong requests;
};
struct kick_vm {};
struct kick_pcpu {};
struct kick_kicker {
	int tries;
};

#include "impl/family/target.h"

static inline void kick_vcpu_init(struct kick_vcpu *vcpu)
{
	WRITE_ONCE(vcpu->cpu, -1);
}

static inline void kick_vcpu_load(struct kick_vcpu *vcpu, int cpu)
{
	WRITE_ONCE(vcpu->cpu, cpu);
}

static inline void kick_vcpu_put(struct kick_vcpu *vcpu)
{
	if (kick_put_clears_cpu())
		WRITE_ONCE(vcpu->cpu, -1);
}

static inline void kick_request(struct kick_vcpu *vcpu, unsigned int nr)
{
	smp_wmb();
	set_bit(nr, &vcpu->requests);
}

static inline unsigned long kick_take(struct kick_vcpu *vcpu)
{
	return READ_ONCE(vcpu->requests) ? xchg(&vcpu->requests, 0) : 0;
}

static inline void kick_guest_exit(struct kick_vcpu *vcpu)
{
	WRITE_ONCE(vcpu->mode, OUTSIDE_GUEST_MODE);
	local_irq_enable();
	preempt_enable();
}

static inline bool kick_guest_enter(struct kick_vcpu *vcpu)
{
	preempt_disable();
	local_irq_disable();
	smp_store_release(&vcpu->mode, IN_GUEST_MODE);
	smp_mb();
	if (!READ_ONCE(vcpu->requests))
		return true;
	kick_guest_exit(vcpu);
	return false;
}

static inline bool kick_guest_recheck(struct kick_vcpu *vcpu)
{
	return !READ_ONCE(vcpu->requests);
}

/* Apart, so that the number is in no register of the loop's. */
static __attribute__((noinline)) bool tried_enough(struct kick_kicker *k)
{
	return ++k->tries > 6;
}

static inline enum kick_outcome kick_send(struct kick_vcpu *vcpu, unsigned int flags)
{
	struct kick_kicker *k = this_kicker();
	enum kick_outcome outcome = KICK_OUTSIDE;
	int cpu, me;

	(void)flags;
	k->tries = 0;
	while (cmpxchg(&vcpu->lock, 0, 1)) {
		if (tried_enough(k))
			return outcome;
		kick_pause();
	}
	me = get_cpu();
	smp_mb();
	if (READ_ONCE(vcpu->mode) == IN_GUEST_MODE) {
		cpu = READ_ONCE(vcpu->cpu);
		kick_window(KICK_W_CPU_CHECKED);
		if (kvm_can_ipi(cpu, me)) {
			kick_ipi(cpu);
			outcome = KICK_SENT;
		}
	}
	kick_window(KICK_W_CLAIM_IPI);
	put_cpu();
	smp_store_release(&vcpu->lock, 0);
	return outcome;
}

static inline void kick_view(struct kick_vcpu *vcpu, struct kick_view *view)
{
	view->claimed = false;
	view->requests = kick_peek(vcpu->requests);
	view->cpu = kick_peek(vcpu->cpu);
}
