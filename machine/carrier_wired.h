/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A carrier whose IPIs are real interrupts: guest mode is an rseq section, and nothing but the kernel
 * ends it early.  A template includes this instead of carrier_run.h, after the backend.
 */
#ifndef MACHINE_CARRIER_WIRED_H
#define MACHINE_CARRIER_WIRED_H

#include "machine/carrier_run.h"
#include "machine/section.h"

#ifdef MACHINE_HAS_SECTION
/* Turns of an empty loop between two looks at the clock: about 30 us, less where much is to be done. */
static inline uint64_t carrier_turns(const struct carrier *c)
{
	double busy = c->migrations_per_s + c->natural_exits_per_s;

	return busy > 10000 ? (uint64_t)(1e9 / busy) + 1 : 100000;
}

/* Out of the section because of an interrupt: whose was it? */
static inline void carrier_look_who_rang(struct carrier *c)
{
	for (int k = 0; k < c->n_cpus; k++) {
		struct machine_pcpu *p = &machine.pcpu[c->first_cpu + k];

		if (p->vcpu >= 0 && machine.vcpu[p->vcpu].stint & 1 && !machine_pending(p))
			machine.vcpu[p->vcpu].resumed++;
		carrier_poll(p);
	}
}

/* Vcpus that are not in guest mode get there; true: all are. */
static inline bool carrier_all_enter(struct carrier *c)
{
	bool all = true;

	for (int k = 0; k < c->n_cpus; k++) {
		int i = machine.pcpu[c->first_cpu + k].vcpu;

		if (i >= 0 && !(machine.vcpu[i].stint & 1))
			carrier_enter(i);
		all &= i < 0 || machine.vcpu[i].stint & 1;
	}
	return all;
}

/*
 * One stay in the section.  With signals, what counts is that the handler ran: it writes
 * `interrupted`, and the pending IPIs are looked at only then.  With membarrier, the one look at
 * `rung` when the section begins covers what came before, and an abort what comes later.
 */
static inline void carrier_spin(struct carrier *c, struct rseq *area, uint32_t *seen)
{
	struct machine_wire *w = &c->wire;
	bool by_signal = machine.transport == MACHINE_SIGNAL;
	bool interrupted = by_signal ? section_spin(area, &w->interrupted, 0, carrier_turns(c))
				     : section_spin(area, &w->rung, *seen, carrier_turns(c));

	if (by_signal) {
		/* Cleared, then the bells; pairs with on_interrupt() in wire.c, this thread's own handler. */
		interrupted = __atomic_exchange_n(&w->interrupted, 0, __ATOMIC_ACQUIRE);
	} else if (interrupted) {
		/* Before the bells; pairs with machine_wire_ring(). */
		*seen = __atomic_load_n(&w->rung, __ATOMIC_ACQUIRE);
	}
	if (interrupted)
		carrier_look_who_rang(c);
}

static inline void carrier_run_wired(struct carrier *c)
{
	struct rseq *area = preempt_area();
	uint32_t seen = 0;

	machine_wire_hold(c->hold_until != 0);
	machine_wire_attach(&c->wire);
	for (int k = 0; k < c->n_cpus; k++)
		machine.pcpu[c->first_cpu + k].wire = &c->wire;
	carrier_begin(c);
	while (carrier_goes_on(c)) {
		if (carrier_all_enter(c))
			carrier_spin(c, area, &seen);
		carrier_keep_house(c);
		if (c->hold_until && clock_now() >= c->hold_until) {
			c->hold_until = 0;
			machine_wire_hold(false);
		}
		if (c->shares_pu)
			sched_yield();
	}
	carrier_stop(c);
	machine_wire_detach();
}
#else
static inline void carrier_run_wired(struct carrier *c)
{
	carrier_run(c); /* never planned: machine_transport_missing() says why */
}
#endif

#endif
