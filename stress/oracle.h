/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The oracle of the vCPU's side.  It judges at moments that prove something, never by time: a claim
 * or a request was seen first, then all kickers were outside a kick at one moment, then no IPI was
 * pending.  So nobody is left who could still send one, however long anybody was preempted.
 */
#ifndef STRESS_ORACLE_H
#define STRESS_ORACLE_H

#include "machine/watch.h"
#include "stress/state.h"

static inline bool oracle_claims(void)
{
	return kick_decl.features & KICK_F_CLAIM;
}

/* I13: a claim stays until the stint ends. */
static inline void oracle_claim_stays(struct stress_vcpu *s, int i, const struct kick_view *view)
{
	uint64_t stint = machine.vcpu[i].stint;

	if (!oracle_claims())
		return;
	if (s->claimed_stint == stint && !view->claimed)
		stress_found(KICK_V_MODE, i, machine.vcpu[i].cpu);
	s->claimed_stint = view->claimed ? stint : 0;
}

/*
 * I1, I2 and bare kicks, of a vCPU in guest mode.  True: it looks as if something were wrong, and
 * that is not decided yet.  A lost request is rescued by an exit, which nature would bring one day.
 */
static inline bool oracle_watch(struct stress_thread *t, int i)
{
	struct machine_vcpu *v = &machine.vcpu[i];
	struct stress_vcpu *s = &stress.vcpu[i];
	const struct machine_pcpu *p = &machine.pcpu[v->cpu];
	struct kick_view view;
	bool poisoned, bare;

	kick_view(carrier_vcpu(i), &view);
	oracle_claim_stays(s, i, &view);
	if (view.cpu != -1 && view.cpu != v->cpu)
		stress_found(KICK_V_CONTRACT, i, v->cpu);
	poisoned = oracle_claims() && view.claimed && v->poisoned_stint != v->stint;
	/* Before the look at the doorbell; pairs with the release in check_kick(). */
	bare = __atomic_load_n(&s->asked, __ATOMIC_ACQUIRE) == v->stint &&
	       s->weak_stint != v->stint;
	if (!(poisoned || bare || view.requests) || machine_pending(p))
		return false;
	if (!oracle_quiet(t))
		return true;
	if (machine_pending(p))
		return false;
	if (poisoned) {
		v->poisoned_stint = v->stint;
		stress_found(KICK_V_POISONED, i, v->cpu);
	}
	if (bare) {
		s->weak_stint = v->stint;
		stress_found(KICK_V_WEAK, i, v->cpu);
	}
	if (view.requests) {
		stress_found(KICK_V_LOST, i, v->cpu);
		carrier_exit(i, false);
	}
	return false;
}

/*
 * I11, of a vCPU that sleeps: a request that may wake was made, its kick has returned, and the
 * vCPU still sleeps.  True: not decided yet.
 */
static inline bool oracle_sleeps(struct stress_thread *t, int i, kick_int *word, int value, bool *missed)
{
	struct kick_view view;

	kick_view(carrier_vcpu(i), &view);
	if (!(stress_requests(view.requests) & ~STRESS_QUIET_NRS))
		return false;
	if (!oracle_quiet(t))
		return true;
	*missed = kick_peek(*word) == value;
	if (*missed)
		stress_found(KICK_V_WAKE, i, machine.vcpu[i].cpu);
	return false;
}

/* I13: nobody claims a vCPU that is out of guest mode. */
static inline void oracle_outside(int i)
{
	struct kick_view view;

	kick_view(carrier_vcpu(i), &view);
	if (view.claimed)
		stress_found(KICK_V_MODE, i, machine.vcpu[i].cpu);
}

/* Nobody kicks any more: what was made was taken, or is pending. */
static inline void oracle_last_requests(int i)
{
	stress_made_by made;
	struct kick_view view;

	oracle_before_entry(i, made);
	kick_view(carrier_vcpu(i), &view);
	oracle_after_entry(i, made, stress_requests(view.requests));
}

#endif
