/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One vCPU on a carrier, with the oracle's looks on the way: in and out of guest mode, from pCPU to
 * pCPU and from carrier to carrier.  And a kick by its thread, which is a kicker, too.
 */
#ifndef STRESS_VCPU_H
#define STRESS_VCPU_H

#include "machine/carrier.h"
#include "stress/contract.h"
#include "stress/oracle.h"

static inline bool feature(unsigned int bit)
{
	return (kick_decl.features & bit) == bit;
}

static inline void guest_load(struct stress_thread *t, int i, int cpu)
{
	t->target = i;
	stress_note(STRESS_NOTE_LOAD, i, cpu, 0);
	carrier_load(i, cpu);
	contract_rest(i);
}

/* E2..E9; the oracle's extra looks cost the kickers' lines, so only some entries have them. */
static inline void guest_enter(struct stress_thread *t, int i)
{
	struct machine_vcpu *v = &machine.vcpu[i];
	stress_made_by made;
	bool look = t->oracle && (stress_random(t) & 15) == 0;
	unsigned long requests;

	t->target = i;
	machine_move(v->cpu);
	if (t->oracle)
		oracle_outside(i);
	if (look)
		oracle_before_entry(i, made);
	requests = kick_take(carrier_vcpu(i));
	if (requests)
		oracle_taken(i, requests);
	if (!kick_guest_enter(carrier_vcpu(i))) {
		contract_rest(i);
		return;
	}
	contract_kept(i, true, *stress_preempts());
	t->n[STRESS_STINTS]++;
	/* In guest mode, then recorded; pairs with the kickers' acquires of stint in script.h. */
	__atomic_store_n(&v->stint, v->stint + 1, __ATOMIC_RELEASE);
	stress.vcpu[i].patient = stress_random(t) & 3;
	stress_note(STRESS_NOTE_ENTER, i, v->cpu, 0);
	if (look)
		oracle_after_entry(i, made, 0);
}

static inline void guest_exit(struct stress_thread *t, int i, bool by_ipi)
{
	t->target = i;
	stress_note(STRESS_NOTE_LEAVE, i, machine.vcpu[i].cpu, by_ipi);
	carrier_exit(i, by_ipi);
	contract_rest(i);
}

static inline void guest_leave(struct stress_thread *t, int i)
{
	if (machine.vcpu[i].stint & 1)
		guest_exit(t, i, false);
}

static inline void guest_migrate(struct stress_thread *t, int i)
{
	bool away = t->peer && (stress_random(t) & 1) &&
		    !__atomic_load_n(&t->peer->inbox, __ATOMIC_RELAXED);
	int cpu = script_free_cpu(t);

	if (!away && cpu < 0)
		return;
	guest_leave(t, i);
	stress_note(STRESS_NOTE_PUT, i, machine.vcpu[i].cpu, 0);
	carrier_put(i);
	contract_rest(i);
	t->n[STRESS_MIGRATIONS]++;
	if (away) {
		/* Hands over all that this thread knows of the vCPU; pairs with guest_take_over(). */
		__atomic_store_n(&t->peer->inbox, (uint32_t)i + 1, __ATOMIC_RELEASE);
		return;
	}
	guest_load(t, i, cpu);
	guest_enter(t, i);
}

static inline void guest_take_over(struct stress_thread *t)
{
	/* Pairs with guest_migrate() of the carrier that had it. */
	uint32_t handed = __atomic_load_n(&t->inbox, __ATOMIC_ACQUIRE);
	int cpu = handed ? script_free_cpu(t) : -1;

	if (cpu < 0)
		return;
	__atomic_store_n(&t->inbox, 0, __ATOMIC_RELAXED);
	guest_load(t, (int)handed - 1, cpu);
	guest_enter(t, (int)handed - 1);
}

/* A kick by this thread, which is a kicker too: `calls` is odd meanwhile. */
static inline enum kick_outcome guest_kick(struct stress_thread *t, int i, int nr)
{
	uint64_t *calls = &machine.kicker[t->number].calls;
	struct stress_contract before = contract_begin(t);
	enum kick_outcome outcome;

	t->target = i;
	if (nr == STRESS_NR_NEIGHBOUR)
		stress_announce(t, 1, i);
	__atomic_store_n(calls, *calls + 1, __ATOMIC_SEQ_CST); /* pairs with the fence in oracle_quiet() */
	if (nr >= 0)
		kick_request(carrier_vcpu(i), stress_real_nr((unsigned int)nr));
	if (nr == STRESS_NR_NEIGHBOUR)
		stress_made(t, 1, i);
	outcome = kick_send(carrier_vcpu(i), 0);
	contract_outcome(t, &before, i, outcome, 0);
	__atomic_store_n(calls, *calls + 1, __ATOMIC_RELEASE); /* pairs with carrier_kickers_quiet() */
	return outcome;
}

#endif
