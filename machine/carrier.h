/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A carrier: a pinned thread that runs one or more pCPUs, and on them the vCPUs that are loaded.
 *
 * A template includes this after the backend, so that the protocol's vCPU side is inlined.  The
 * thread is a small event loop: it polls the doorbells of all its pCPUs, takes vCPUs out of guest
 * mode and back in, and now and then looks at the clock.
 */
#ifndef MACHINE_CARRIER_H
#define MACHINE_CARRIER_H

#include "machine/carrier_config.h"
#include "machine/machine.h"
#include "machine/world.h"
#include "results/random.h"

#define CARRIER_POLLS 64 /* polls between two looks at the clock: some 50 ns */

static inline uint64_t carrier_random(struct carrier *c)
{
	return random_next(&c->seed);
}

/*
 * The tick of the next event at that rate: half to one and a half intervals from the last one, or,
 * when that is long overdue, from now.
 */
static inline uint64_t carrier_next(struct carrier *c, uint64_t last, uint64_t now, double per_s)
{
	double jitter = 0.5 + (double)(carrier_random(c) >> 11) * 0x1p-53;
	uint64_t wait = per_s > 0 ? clock_from_ns((uint64_t)(1e9 / per_s * jitter)) : 0;

	if (per_s <= 0)
		return UINT64_MAX;
	return (now - last < wait ? last : now) + wait;
}

static inline struct kick_vcpu *carrier_vcpu(int i)
{
	return kick_get_vcpu(this_vm(), i);
}

/* E1.  The history before the store of cpu: whoever reads the number finds its load recorded. */
static inline void carrier_load(int i, int cpu)
{
	struct machine_vcpu *v = &machine.vcpu[i];
	uint64_t epoch = v->epoch + 1;

	machine_move(cpu);
	machine_serve(machine_self.doorbell); /* what arrived before is not for this vCPU */
	__atomic_store_n(&v->epoch_cpu[epoch % MACHINE_EPOCHS], (uint16_t)cpu, __ATOMIC_RELAXED);
	__atomic_store_n(&v->epoch, epoch, __ATOMIC_RELEASE);
	smp_wmb(); /* a release orders what was before it; pairs with smp_rmb() in the probe */
	__atomic_store_n(&v->cpu, cpu, __ATOMIC_RELAXED);
	machine_self.doorbell->vcpu = i;
	kick_vcpu_load(carrier_vcpu(i), cpu);
}

/* E13 */
static inline void carrier_put(int i)
{
	struct machine_vcpu *v = &machine.vcpu[i];

	machine_move(v->cpu);
	kick_vcpu_put(carrier_vcpu(i));
	machine_serve(machine_self.doorbell);
	machine_self.doorbell->vcpu = -1;
	__atomic_store_n(&v->cpu, -1, __ATOMIC_RELAXED);
}

/* E2: take the requests and tell those who made them. */
static inline void carrier_service(int i)
{
	unsigned long taken = kick_take(carrier_vcpu(i));

	for (; taken; taken &= taken - 1) {
		uint64_t *served = &machine.vcpu[i].served[__builtin_ctzl(taken)];

		__atomic_store_n(served, *served + 1, __ATOMIC_RELEASE);
	}
}

/* E2..E9, once: the vCPU is in guest mode afterwards, or it found a reason not to be. */
static inline void carrier_enter(int i)
{
	struct machine_vcpu *v = &machine.vcpu[i];

	machine_move(v->cpu);
	carrier_service(i);
	if (!kick_guest_enter(carrier_vcpu(i)))
		return;
	v->stints++;
	__atomic_store_n(&v->stint, v->stint + 1, __ATOMIC_RELEASE);
}

/* VM-exit.  The record says so first; then E10..E12, where the pending IPIs are taken. */
static inline void carrier_exit(int i, bool by_ipi)
{
	struct machine_vcpu *v = &machine.vcpu[i];
	struct machine_pcpu *p = &machine.pcpu[v->cpu];
	struct kick_view view;

	__atomic_store_n(&v->stint, v->stint + 1, __ATOMIC_RELEASE);
	smp_wmb(); /* the record before the mode: who finds OUTSIDE finds the stint ended */
	machine_move(v->cpu);
	kick_view(carrier_vcpu(i), &view);
	p->ended_stint = by_ipi;
	p->for_it = !(kick_decl.features & KICK_F_CLAIM) || view.claimed;
	v->exits += by_ipi;
	v->natural += !by_ipi;
	kick_guest_exit(carrier_vcpu(i));
	machine_probe2(exit, i, (int)by_ipi);
	p->ended_stint = false;
}

/* One poll of one pCPU. */
static inline void carrier_poll(struct machine_pcpu *p)
{
	int i = p->vcpu;

	if (i < 0) {
		machine_serve(p);
	} else if (!(machine.vcpu[i].stint & 1)) {
		carrier_enter(i);
	} else if (__builtin_expect(machine_pending(p), 0)) {
		carrier_exit(i, true);
		carrier_enter(i);
	}
}

/* All kickers outside a kick, all at the same moment?  (Two equal looks, all even.) */
static inline bool carrier_kickers_quiet(void)
{
	uint64_t sum[2] = { 0, 0 };

	for (int look = 0; look < 2; look++)
		for (int k = 0; k < machine.n_kickers; k++) {
			uint64_t calls = __atomic_load_n(&machine.kicker[k].calls, __ATOMIC_ACQUIRE);

			if (calls & 1)
				return false;
			sum[look] += calls;
		}
	return sum[0] == sum[1];
}

/*
 * Is this stint poisoned, or a request lost?  In guest mode, no IPI pending, and no kicker inside a
 * kick at some moment after the claim or request was seen: nobody is left who could still send one.
 * A lost kick is rescued by an exit, which is what nature would do one day.
 */
static inline void carrier_watch(int i)
{
	struct machine_vcpu *v = &machine.vcpu[i];
	struct machine_pcpu *p = &machine.pcpu[v->cpu];
	struct kick_view view;

	kick_view(carrier_vcpu(i), &view);
	if (!(view.claimed || view.requests))
		return;
	smp_rmb(); /* the claim before its kicker: one that claims only now must be seen inside */
	if (machine_pending(p) || !carrier_kickers_quiet() || machine_pending(p))
		return;
	if (view.claimed && v->poisoned_stint != v->stint) {
		v->poisoned++;
		v->poisoned_stint = v->stint;
	}
	if (view.requests) {
		v->lost++;
		carrier_exit(i, false);
		carrier_enter(i);
	}
}

/*
 * A kicker, its kick returned, asks about the stint it kicked.  The IPI, if there is one, was sent
 * before it asked: when this very stint goes on and nothing is pending, the kick is lost.
 */
static inline void carrier_look_at_rescue(int i)
{
	struct machine_vcpu *v = &machine.vcpu[i];

	if (__atomic_load_n(&v->rescue, __ATOMIC_ACQUIRE) != v->stint || !(v->stint & 1) ||
	    machine_pending(&machine.pcpu[v->cpu]))
		return;
	v->lost++;
	carrier_exit(i, false);
}

/* The next pCPU of this carrier without a vCPU, after pCPU `from`; -1: none. */
static inline int carrier_free_cpu(const struct carrier *c, int from)
{
	for (int k = 1; k <= c->n_cpus; k++) {
		int cpu = c->first_cpu + (from - c->first_cpu + k) % c->n_cpus;

		if (machine.pcpu[cpu].vcpu < 0)
			return cpu;
	}
	return -1;
}

/*
 * Leave this pCPU: for the next free one of this carrier, or for the peer.  While the peer has not
 * taken over the last one, the vCPU stays until a later event.
 */
static inline void carrier_migrate(struct carrier *c, int i)
{
	struct machine_vcpu *v = &machine.vcpu[i];
	int from = v->cpu;

	if (c->peer ? __atomic_load_n(&c->peer->inbox, __ATOMIC_RELAXED) != 0 : c->n_cpus < 2)
		return;
	if (v->stint & 1)
		carrier_exit(i, false);
	carrier_put(i);
	v->migrations++;
	if (c->peer) {
		/* The release hands over all that this thread knows of the vCPU. */
		__atomic_store_n(&c->peer->inbox, (uint32_t)i + 1, __ATOMIC_RELEASE);
		return;
	}
	carrier_load(i, carrier_free_cpu(c, from));
	carrier_enter(i);
}

static inline void carrier_take_over(struct carrier *c)
{
	uint32_t handed = __atomic_load_n(&c->inbox, __ATOMIC_ACQUIRE);
	int cpu = handed ? carrier_free_cpu(c, c->first_cpu) : -1;

	if (cpu < 0)
		return;
	__atomic_store_n(&c->inbox, 0, __ATOMIC_RELAXED);
	carrier_load((int)handed - 1, cpu);
	carrier_enter((int)handed - 1);
}

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
