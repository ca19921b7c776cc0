/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Walkers that find a bug and make a waiting request of every vCPU, their own included, in the middle of
 * the walk: kvm_vm_bugged().  They must not wait for themselves.  One at a time: two that wait with
 * interrupts off would wait for each other.
 */
#ifndef STRESS_BUG_H
#define STRESS_BUG_H

#include "stress/script.h"

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

static inline void guest_bug(struct stress_thread *t, int i)
{
	unsigned long all[1] = { ~0UL };

	if (!feature(KICK_F_MASK | KICK_F_WAIT) || (stress_random(t) & 3) ||
	    __atomic_exchange_n(&stress.bug_lock, 1, __ATOMIC_SEQ_CST))
		return;
	/* Kickers serve their pCPUs until then. */
	if (!script_is_over()) {
		script_begin(t, -1, STRESS_OP_WAIT);
		mask_kick(t, STRESS_OP_WAIT, STRESS_NR_BUG, all);
		script_end(t, KICK_N_OUTCOMES);
		t->target = i;
		t->n[STRESS_BUGS]++;
	}
	__atomic_store_n(&stress.bug_lock, 0, __ATOMIC_RELEASE);
}

#endif
