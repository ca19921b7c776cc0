/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Zircon: the scheduler's one lock covers who runs and where; a kick tests and interrupts inside it, so that
 * nobody migrates meanwhile. Kicks are looked at with interrupts off. Nothing says whether the vCPU is in
 * guest mode: each kick of a thread that runs is an IPI.
 */
#define KICK_LACKS_MASK
#define KICK_LACKS_WALK
#define KICK_LACKS_BLOCK
#define KICK_LACKS_RECHECK

KICK_DECLARE(.summary = "the scheduler's lock around who runs where; an IPI if it runs",
	     .origin = "Fuchsia, NormalVcpu::Kick() and interrupt_cpu() as of 2023", .world = "zircon",
	     .features = KICK_F_REQUESTS);

/* With interrupts off; a mutant looks before. */
#ifndef ZIRCON_LOOK_EARLY
#define ZIRCON_LOOK_EARLY 0
#endif

struct kick_vcpu {
	kick_int cpu;	     /* under the lock: where its thread runs, or -1; vCPU thread writes */
	kick_ulong requests; /* kickers set bits; vCPU thread clears them */
};
struct kick_vm {
	struct kick_fas thread_lock;
};
struct kick_pcpu {};
struct kick_kicker {};

#include "family/pending.h"

static inline void kick_vcpu_init(struct kick_vcpu *vcpu)
{
	WRITE_ONCE(vcpu->cpu, -1);
}

static inline void kick_vcpu_load(struct kick_vcpu *vcpu, int cpu)
{
	kick_fas_lock(&this_vm()->thread_lock);
	WRITE_ONCE(vcpu->cpu, cpu);
	kick_fas_unlock(&this_vm()->thread_lock);
}

static inline void kick_vcpu_put(struct kick_vcpu *vcpu)
{
	kick_vcpu_load(vcpu, -1);
}

static inline void kick_guest_exit(struct kick_vcpu *vcpu)
{
	(void)vcpu;
	local_irq_enable();
	preempt_enable();
}

static inline bool kick_guest_enter(struct kick_vcpu *vcpu)
{
	bool pending;

	preempt_disable();
	if (!ZIRCON_LOOK_EARLY)
		local_irq_disable();
	pending = READ_ONCE(vcpu->requests);
	kick_window(KICK_W_MODE_CHECK);
	if (ZIRCON_LOOK_EARLY)
		local_irq_disable();
	if (!pending)
		return true;
	kick_guest_exit(vcpu);
	return false;
}

/* The lock is a full barrier where it matters: the request before it, the look after the load's. */
static inline enum kick_outcome kick_send(struct kick_vcpu *vcpu, unsigned int flags)
{
	enum kick_outcome outcome = KICK_OUTSIDE;
	int cpu, me = get_cpu();

	(void)flags;
	kick_window(KICK_W_BEFORE_CLAIM);
	kick_fas_lock(&this_vm()->thread_lock);
	cpu = READ_ONCE(vcpu->cpu);
	if (cpu >= 0) {
		kick_window(KICK_W_CLAIM_IPI);
		outcome = cpu == me ? KICK_SELF : KICK_SENT;
		if (cpu != me)
			kick_ipi(cpu);
	}
	kick_fas_unlock(&this_vm()->thread_lock);
	put_cpu();
	return outcome;
}

static inline void kick_view(struct kick_vcpu *vcpu, struct kick_view *view)
{
	view->claimed = false;
	view->requests = kick_peek(vcpu->requests);
	view->cpu = kick_peek(vcpu->cpu);
}
