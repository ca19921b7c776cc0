/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A carrier's life: a small event loop that polls the doorbells of all its pCPUs, takes vCPUs out of
 * guest mode and back in, and now and then looks at the clock.  A template includes this after the
 * backend.
 */
#ifndef MACHINE_CARRIER_RUN_H
#define MACHINE_CARRIER_RUN_H

#include "machine/carrier.h"
#include "machine/watch.h"

#define CARRIER_POLLS 64 /* polls between two looks at the clock: some 50 ns */

/* What is due for one vCPU; once per look, wherever it has moved meanwhile. */
static inline void carrier_look_after(struct carrier *c, int i, bool move, bool leave)
{
	struct machine_vcpu *v = &machine.vcpu[i];

	if (v->looked == c->looks)
		return;
	v->looked = c->looks;
	if (c->watch && v->stint & 1)
		carrier_watch(i);
	carrier_look_at_rescue(i);
	if (leave && v->stint & 1)
		carrier_exit(i, false);
	if (move)
		carrier_migrate(c, i);
}

/* What is due at this look at the clock.  Each look begins with another pCPU: the inbox is one. */
static inline void carrier_keep_house(struct carrier *c)
{
	uint64_t now = clock_now();
	bool move = now >= c->next_move, leave = now >= c->next_exit;

	carrier_take_over(c);
	c->looks++;
	for (int k = 0, cpu = (int)(c->looks % (unsigned int)c->n_cpus); k < c->n_cpus; k++) {
		int i = machine.pcpu[c->first_cpu + cpu].vcpu;

		if (i >= 0)
			carrier_look_after(c, i, move, leave);
		cpu = cpu + 1 < c->n_cpus ? cpu + 1 : 0;
	}
	if (move)
		c->next_move = carrier_next(c, c->next_move, now, c->migrations_per_s);
	if (leave)
		c->next_exit = carrier_next(c, c->next_exit, now, c->natural_exits_per_s);
}

/* Out of guest mode, everything taken: the end of a run. */
static inline void carrier_stop(struct carrier *c)
{
	carrier_take_over(c);
	for (int k = 0; k < c->n_cpus; k++) {
		struct machine_pcpu *p = &machine.pcpu[c->first_cpu + k];

		if (p->vcpu >= 0 && machine.vcpu[p->vcpu].stint & 1)
			carrier_exit(p->vcpu, machine_pending(p));
		machine_serve(p);
	}
}

static inline void carrier_begin(struct carrier *c)
{
	uint64_t now = clock_now();

	c->next_move = carrier_next(c, now, now, c->migrations_per_s);
	c->next_exit = carrier_next(c, now, now, c->natural_exits_per_s);
	for (int k = 0; k < c->n_vcpus; k++) {
		carrier_load(c->first_vcpu + k, c->first_cpu + k);
		carrier_enter(c->first_vcpu + k);
	}
}

static inline bool carrier_goes_on(const struct carrier *c)
{
	/* Pairs with the release of a kicker that ends, in team.c: all its IPIs are there. */
	return __atomic_load_n(c->kickers_left, __ATOMIC_ACQUIRE) && !machine_stop;
}

/* The thread's life, from the common start until no kicker is left: transport doorbell. */
static inline void carrier_run(struct carrier *c)
{
	struct machine_pcpu *p = &machine.pcpu[c->first_cpu];

	carrier_begin(c);
	while (carrier_goes_on(c)) {
		for (int poll = 0; poll < CARRIER_POLLS; poll++)
			for (int k = 0; k < c->n_cpus; k++)
				carrier_poll(p + k);
		carrier_keep_house(c);
		if (c->shares_pu)
			sched_yield();
	}
	carrier_stop(c);
}

#endif
