/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sound: a kicker says that it uses a pCPU number, and a vCPU that has come to another pCPU does
 * not go on before it has seen nobody who does.  So the vCPU's thread sleeps where it has come to,
 * and is woken there.
 */
#define KICK_LACKS_MASK
#define KICK_LACKS_WALK
#define KICK_LACKS_BLOCK

KICK_DECLARE(.summary = "a vCPU waits for those who may kick its last pCPU", .origin = "test",
	     .features = KICK_F_REQUESTS);

struct kick_vcpu {
	kick_int cpu, mode, kickers;
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
	int n;

	WRITE_ONCE(vcpu->cpu, cpu);
	/* The number before the look; pairs with fetch_add() before the number is read. */
	smp_mb();
	while ((n = READ_ONCE(vcpu->kickers)))
		kick_wait(&vcpu->kickers, n);
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
	WRITE_ONCE(vcpu->mode, IN_GUEST_MODE);
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

/* The number may be old only while the vCPU waits: then the request is seen once it goes on. */
static inline enum kick_outcome kick_send(struct kick_vcpu *vcpu, unsigned int flags)
{
	enum kick_outcome outcome = KICK_OUTSIDE;
	int cpu, me = get_cpu();

	(void)flags;
	(void)fetch_add(&vcpu->kickers, 1);
	cpu = READ_ONCE(vcpu->cpu);
	if (READ_ONCE(vcpu->mode) == IN_GUEST_MODE && kvm_can_ipi(cpu, me)) {
		kick_ipi(cpu);
		outcome = KICK_SENT;
	}
	if (fetch_add(&vcpu->kickers, -1) == 1)
		kick_post(&vcpu->kickers);
	put_cpu();
	return outcome;
}

static inline void kick_view(struct kick_vcpu *vcpu, struct kick_view *view)
{
	view->claimed = false;
	view->requests = kick_peek(vcpu->requests);
	view->cpu = kick_peek(vcpu->cpu);
}
