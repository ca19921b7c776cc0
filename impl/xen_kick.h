/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Xen: a kick raises a softirq on the pCPU that the vCPU runs on, with an event-check IPI if it is not raised
 * yet.  Nothing is claimed: the softirq is the pCPU's, who looks at its softirqs with interrupts off before
 * each entry and starts over where one is raised, so that what is pending is looked at again.
 */
#define KICK_LACKS_MASK
#define KICK_LACKS_WALK
#define KICK_LACKS_BLOCK
#define KICK_LACKS_RECHECK

KICK_DECLARE(.summary = "a softirq of the pCPU; pending work is looked at again after it",
	     .origin = "Xen, vcpu_kick() and VCPU_KICK_SOFTIRQ as of 4.17", .world = "xen",
	     .features = KICK_F_REQUESTS);

/* Else an event-check IPI alone. */
#ifndef XEN_SOFTIRQ
#define XEN_SOFTIRQ 1
#endif
enum { VCPU_KICK_SOFTIRQ = 0 };

struct kick_vcpu {
	kick_int is_running; /* vCPU thread writes, at load and put only */
	kick_int processor;  /* vCPU thread writes */
	kick_ulong requests; /* kickers set bits; vCPU thread clears them */
};
struct kick_pcpu {
	kick_ulong softirq_pending; /* kickers set bits; the pCPU clears them */
};
struct kick_vm {};
struct kick_kicker {};

#include "family/pending.h"

static inline void kick_vcpu_init(struct kick_vcpu *vcpu)
{
	WRITE_ONCE(vcpu->processor, -1);
}

/* The scheduler's switch: its lock is a full barrier, here before the next look at requests. */
static inline void kick_vcpu_load(struct kick_vcpu *vcpu, int cpu)
{
	(void)xchg(&kick_get_pcpu(cpu)->softirq_pending, 0); /* switching is itself a softirq's work */
	WRITE_ONCE(vcpu->processor, cpu);
	smp_wmb(); /* processor before is_running; pairs with smp_rmb() in kick_send() */
	WRITE_ONCE(vcpu->is_running, 1);
	kick_window(KICK_W_LOAD_ENTER);
	smp_mb(); /* is_running before requests; pairs with smp_mb() in kick_send() */
}

static inline void kick_vcpu_put(struct kick_vcpu *vcpu)
{
	WRITE_ONCE(vcpu->is_running, 0);
	smp_mb(); /* before the next load's processor; pairs with smp_rmb() in kick_send() */
}

static inline void kick_guest_exit(struct kick_vcpu *vcpu)
{
	(void)vcpu;
	local_irq_enable();
	preempt_enable();
}

/* What is pending is looked at with interrupts on; then softirqs, with interrupts off. */
static inline bool kick_guest_enter(struct kick_vcpu *vcpu)
{
	bool pending, raised;

	preempt_disable();
	pending = READ_ONCE(vcpu->requests);
	kick_window(KICK_W_MODE_CHECK);
	local_irq_disable();
	raised = XEN_SOFTIRQ && READ_ONCE(this_cpu()->softirq_pending);
	if (!pending && !raised)
		return true;
	if (raised) /* taken before requests are looked at again; pairs with test_and_set_bit() */
		(void)xchg(&this_cpu()->softirq_pending, 0);
	kick_guest_exit(vcpu);
	return false;
}

static inline enum kick_outcome kick_send(struct kick_vcpu *vcpu, unsigned int flags)
{
	enum kick_outcome outcome = KICK_OUTSIDE;
	int cpu, me = get_cpu();

	(void)flags;
	smp_mb(); /* the request before is_running; pairs with smp_mb() in kick_vcpu_load() */
	if (READ_ONCE(vcpu->is_running)) {
		smp_rmb(); /* pairs with smp_wmb() in kick_vcpu_load() */
		kick_window(KICK_W_CPU_CLAIM);
		cpu = READ_ONCE(vcpu->processor);
		if (XEN_SOFTIRQ &&
		    test_and_set_bit(VCPU_KICK_SOFTIRQ, &kick_get_pcpu(cpu)->softirq_pending)) {
			outcome = KICK_OUTSIDE;
		} else if (cpu == me) {
			outcome = KICK_SELF;
		} else {
			kick_window(KICK_W_CLAIM_IPI);
			kick_ipi(cpu);
			outcome = KICK_SENT;
		}
	}
	put_cpu();
	return outcome;
}

static inline void kick_view(struct kick_vcpu *vcpu, struct kick_view *view)
{
	view->claimed = false;
	view->requests = kick_peek(vcpu->requests);
	view->cpu = kick_peek(vcpu->is_running) ? kick_peek(vcpu->processor) : -1;
}
