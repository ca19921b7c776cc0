/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sound, unless loads pass later stores of their threads: then the number 2 that tells a kicker to send
 * nothing comes back from what it is about to store, by a and b, or by c and d.
 */
#define KICK_LACKS_MASK
#define KICK_LACKS_WALK
#define KICK_LACKS_BLOCK
#define KICK_LACKS_RECHECK

KICK_DECLARE(.summary = "two ways", .origin = "test", .features = KICK_F_REQUESTS);

struct kick_vcpu {
	kick_int cpu, mode, a, b, c, d;
	kick_ulong requests;
};
struct kick_vm {};
struct kick_pcpu {};
struct kick_kicker {};

#include "impl/family/pending.h"
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

static inline void kick_guest_exit(struct kick_vcpu *vcpu)
{
	WRITE_ONCE(vcpu->mode, OUTSIDE_GUEST_MODE);
	local_irq_enable();
	preempt_enable();
}

static inline bool kick_guest_enter(struct kick_vcpu *vcpu)
{
	int b = READ_ONCE(vcpu->b), d;

	WRITE_ONCE(vcpu->a, b ? 2 : 0);
	d = READ_ONCE(vcpu->d);
	WRITE_ONCE(vcpu->c, d ? 2 : 0);
	preempt_disable();
	local_irq_disable();
	smp_store_release(&vcpu->mode, IN_GUEST_MODE);
	smp_mb(); /* mode before requests; pairs with smp_mb() in kick_send() */
	if (!READ_ONCE(vcpu->requests))
		return true;
	kick_guest_exit(vcpu);
	return false;
}

static inline enum kick_outcome kick_send(struct kick_vcpu *vcpu, unsigned int flags)
{
	enum kick_outcome outcome = KICK_OUTSIDE;
	int cpu, me, a, c;

	(void)flags;
	a = READ_ONCE(vcpu->a);
	WRITE_ONCE(vcpu->b, 1);
	c = READ_ONCE(vcpu->c);
	WRITE_ONCE(vcpu->d, 1);
	if (a == 2 || c == 2)
		return outcome;
	me = get_cpu();
	smp_mb(); /* the request before the mode; pairs with smp_mb() in kick_guest_enter() */
	if (READ_ONCE(vcpu->mode) == IN_GUEST_MODE) {
		cpu = READ_ONCE(vcpu->cpu);
		outcome = kvm_can_ipi(cpu, me) ? KICK_SENT : kvm_no_ipi(cpu, me);
		if (outcome == KICK_SENT)
			kick_ipi(cpu);
	}
	put_cpu();
	return outcome;
}

static inline void kick_view(struct kick_vcpu *vcpu, struct kick_view *view)
{
	view->claimed = false;
	view->requests = kick_peek(vcpu->requests);
	view->cpu = kick_peek(vcpu->cpu);
}
