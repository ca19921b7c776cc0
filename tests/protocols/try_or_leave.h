/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sound: who finds the lock taken has read it, behind its request and a full barrier.  Whoever has the lock
 * lets go of it before the vCPU looks at requests, and that look is behind a full barrier, too.
 */
#define KICK_LACKS_MASK
#define KICK_LACKS_WALK
#define KICK_LACKS_BLOCK

KICK_DECLARE(.summary = "kicks under a lock, or leaves it to whoever has that", .origin = "test",
	     .features = KICK_F_REQUESTS);

struct kick_vcpu {
	struct kick_mutex lock;
	kick_int cpu, mode;
	kick_ulong requests;
};
struct kick_vm {};
struct kick_pcpu {};
struct kick_kicker {};

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
	kick_mutex_lock(&vcpu->lock);
	WRITE_ONCE(vcpu->mode, IN_GUEST_MODE);
	kick_mutex_unlock(&vcpu->lock);
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

static inline enum kick_outcome kick_send(struct kick_vcpu *vcpu, unsigned int flags)
{
	enum kick_outcome outcome = KICK_OUTSIDE;
	int cpu, me = get_cpu();

	(void)flags;
	smp_mb();
	if (kick_mutex_trylock(&vcpu->lock)) {
		cpu = READ_ONCE(vcpu->cpu);
		if (READ_ONCE(vcpu->mode) == IN_GUEST_MODE && kvm_can_ipi(cpu, me)) {
			kick_ipi(cpu);
			outcome = KICK_SENT;
		}
		kick_mutex_unlock(&vcpu->lock);
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
