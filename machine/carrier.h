/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a carrier does: a pinned thread that runs one or more pCPUs, and on them the vCPUs that are
 * loaded.  It polls doorbells, takes vCPUs in and out of guest mode, and moves them.  Its whole life is
 * in carrier_run.h.
 *
 * A template includes this after the backend, so that the protocol's vCPU side is inlined.
 */
#ifndef MACHINE_CARRIER_H
#define MACHINE_CARRIER_H

#include "machine/machine.h"
#include "machine/world.h"

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
	/* The pCPU before the number of its load; pairs with bench's probe_window() and probe_ipi(). */
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

		/* Taken, then said so; pairs with await_served() of the kicker. */
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
	/* In guest mode, then recorded; pairs with the kickers' acquires: their kicks must find it. */
	__atomic_store_n(&v->stint, v->stint + 1, __ATOMIC_RELEASE);
}

/* VM-exit.  The record says so first; then E10..E12, where the pending IPIs are taken. */
static inline void carrier_exit(int i, bool by_ipi)
{
	struct machine_vcpu *v = &machine.vcpu[i];
	struct machine_pcpu *p = &machine.pcpu[v->cpu];
	struct kick_view view;

	if (by_ipi)
		__atomic_store_n(&v->by_ipi, v->stint, __ATOMIC_RELAXED);
	/* Pairs with the kickers' acquires of stint, which time its end. */
	__atomic_store_n(&v->stint, v->stint + 1, __ATOMIC_RELEASE);
	/*
	 * The record before the mode: who finds OUTSIDE finds the stint ended.  Pairs with a kick's look
	 * at the mode, which comes before its caller's second look at the stint.
	 */
	smp_wmb();
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
		/* Hands over all that this thread knows of the vCPU; pairs with carrier_take_over(). */
		__atomic_store_n(&c->peer->inbox, (uint32_t)i + 1, __ATOMIC_RELEASE);
		return;
	}
	carrier_load(i, carrier_free_cpu(c, from));
	carrier_enter(i);
}

static inline void carrier_take_over(struct carrier *c)
{
	/* Pairs with carrier_migrate() of the carrier that had it. */
	uint32_t handed = __atomic_load_n(&c->inbox, __ATOMIC_ACQUIRE);
	int cpu = handed ? carrier_free_cpu(c, c->first_cpu) : -1;

	if (cpu < 0)
		return;
	__atomic_store_n(&c->inbox, 0, __ATOMIC_RELAXED);
	carrier_load((int)handed - 1, cpu);
	carrier_enter((int)handed - 1);
}

#endif
