/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Walkers read pages while their mode says so.  Some find a bug and make a waiting request of every
 * vCPU, their own included, in the middle of the walk: kvm_vm_bugged().  They must not wait for
 * themselves.  One at a time: two that wait with interrupts off would wait for each other.
 */
#ifndef STRESS_WALK_BUG_H
#define STRESS_WALK_BUG_H

#include "stress/script.h"
#include "stress/vcpu.h"

/* A carrier that waits goes on with its other pCPUs, else it would wait for itself. */
static inline void stress_while_waiting(void)
{
	struct stress_thread *t = stress_self;
	int cpu = machine_self.cpu, target = t->target;

	for (int k = t->first_cpu; t->is_carrier && k < t->first_cpu + t->n_cpus; k++) {
		struct machine_pcpu *p = &machine.pcpu[k];
		bool in_guest = p->vcpu >= 0 && machine.vcpu[p->vcpu].stint & 1;

		if (k == cpu)
			continue;
		if (!in_guest)
			machine_serve(p);
		else if (machine_pending(p))
			guest_exit(t, p->vcpu, true);
	}
	if (t->is_carrier)
		machine_move(cpu);
	t->target = target;
}

static inline void find_bug(struct stress_thread *t, int i)
{
	unsigned long all[1] = { ~0UL };

	/* The lock before the look at `done`; pairs with script_finish(), which has `done` first. */
	if (!feature(KICK_F_MASK | KICK_F_WAIT) || (stress_random(t) & 3) ||
	    __atomic_exchange_n(&stress.bug_lock, 1, __ATOMIC_SEQ_CST))
		return;
	/* Kickers serve their pCPUs until then. */
	if (!script_is_over()) {
		script_begin(t, -1, STRESS_OP_WAIT);
		mask_kick(t, STRESS_OP_WAIT, false, all);
		script_end(t, KICK_N_OUTCOMES);
		t->target = i;
		t->n[STRESS_BUGS]++;
	}
	/* Pairs with whoever takes it next, and with script_finish(). */
	__atomic_store_n(&stress.bug_lock, 0, __ATOMIC_RELEASE);
}

/* I4: reads pages while the mode says so; none of them may have been freed. */
static inline void guest_walk(struct stress_thread *t, int i)
{
	struct stress_vcpu *s = &stress.vcpu[i];
	uint64_t page;

	guest_leave(t, i);
	machine_move(machine.vcpu[i].cpu);
	t->target = i;
	__atomic_store_n(&s->walking, 1, __ATOMIC_RELAXED);
	kick_walk_begin(carrier_vcpu(i));
	contract_kept(i, true, *stress_preempts());
	stress_note(STRESS_NOTE_WALK, i, machine.vcpu[i].cpu, 0);
	/* Its tag was written before; pairs with script_retire(). */
	page = __atomic_load_n(&stress.page, __ATOMIC_ACQUIRE);
	find_bug(t, i);
	for (int step = 0; step < 4; step++) {
		stress_window(KICK_W_WALK);
		oracle_page_is_live(i, page);
	}
	kick_walk_end(carrier_vcpu(i));
	contract_rest(i);
	__atomic_store_n(&s->walking, 0, __ATOMIC_RELAXED);
	stress_note(STRESS_NOTE_WALKED, i, machine.vcpu[i].cpu, 0);
	t->n[STRESS_WALKS]++;
	guest_enter(t, i);
}

#endif
