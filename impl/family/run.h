/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A hypervisor that runs a vCPU for a VMM above it and can be asked to end a run: the VMM has neither
 * interrupts nor pCPU numbers.  The hypervisor's half is sound.  What it offers is RUN_STICKS: 0, the
 * request reaches a run that goes on, and else nobody; 1, it sticks, and ends the next run at once.
 */
#define KICK_LACKS_MASK
#define KICK_LACKS_WALK
#define KICK_LACKS_BLOCK
#define KICK_LACKS_RECHECK

struct kick_vcpu {
	kick_int running;    /* the hypervisor's: 0, or the pCPU that runs the vCPU plus 1 */
	kick_int ending;     /* the hypervisor's: a run is to end, this one or the next */
	kick_ulong requests; /* the VMM's: kickers set bits; the vCPU's thread looks before it runs */
	int cpu;	     /* the vCPU's thread only */
};
struct kick_vm {};
struct kick_pcpu {};
struct kick_kicker {};

#include "pending.h"

static inline void kick_vcpu_init(struct kick_vcpu *vcpu)
{
	vcpu->cpu = -1;
}

static inline void kick_vcpu_load(struct kick_vcpu *vcpu, int cpu)
{
	vcpu->cpu = cpu;
}

static inline void kick_vcpu_put(struct kick_vcpu *vcpu)
{
	vcpu->cpu = -1;
}

static inline void kick_guest_exit(struct kick_vcpu *vcpu)
{
	WRITE_ONCE(vcpu->running, 0);
	smp_wmb(); /* out before what the VMM does next; pairs with smp_mb() in run_end() */
	kick_window(KICK_W_EXIT);
	local_irq_enable();
	preempt_enable();
}

/* The VMM looks for work, then has the hypervisor run the vCPU. */
static inline bool kick_guest_enter(struct kick_vcpu *vcpu)
{
	if (READ_ONCE(vcpu->requests))
		return false;
	kick_window(KICK_W_LOAD_ENTER);
	preempt_disable();
	local_irq_disable();
	WRITE_ONCE(vcpu->running, vcpu->cpu + 1);
	kick_window(KICK_W_MODE_CHECK);
	smp_mb(); /* running before ending; pairs with smp_mb() in run_end() */
	if (!RUN_STICKS || !READ_ONCE(vcpu->ending))
		return true;
	kick_guest_exit(vcpu);
	WRITE_ONCE(vcpu->ending, 0);
	smp_mb(); /* before the VMM looks for work again; pairs with smp_mb() in kick_send() */
	return false;
}

/* The hypervisor: end the run that goes on, or the next. */
static inline enum kick_outcome run_end(struct kick_vcpu *vcpu)
{
	enum kick_outcome outcome = KICK_OUTSIDE;
	int cpu, me = get_cpu();

	if (RUN_STICKS)
		WRITE_ONCE(vcpu->ending, 1);
	smp_mb(); /* ending before running; pairs with smp_mb() in kick_guest_enter() */
	kick_window(KICK_W_BEFORE_CLAIM);
	cpu = READ_ONCE(vcpu->running) - 1;
	if (cpu >= 0) {
		kick_window(KICK_W_CLAIM_IPI);
		outcome = cpu == me ? KICK_SELF : KICK_SENT;
		if (cpu != me)
			kick_ipi(cpu);
	}
	put_cpu();
	return outcome;
}

static inline enum kick_outcome kick_send(struct kick_vcpu *vcpu, unsigned int flags)
{
	(void)flags;
	smp_mb(); /* the request before ending; pairs with the last smp_mb() in kick_guest_enter() */
	return run_end(vcpu);
}

static inline void kick_view(struct kick_vcpu *vcpu, struct kick_view *view)
{
	view->claimed = false;
	view->requests = kick_peek(vcpu->requests);
	view->cpu = kick_peek(vcpu->running) - 1;
}
