/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Does each call of the backend end as the contract says (kick.h): interrupts and preemption as they were,
 * an outcome that is so?  What is found is put right, so that the machine goes on.
 */
#ifndef STRESS_CONTRACT_H
#define STRESS_CONTRACT_H

#include "machine/carrier.h"
#include "stress/state.h"

/* How often preemption is disabled on the pCPU that this thread runs. */
static inline int *stress_preempts(void)
{
	return &stress_self->preempts[machine_self.cpu - stress_self->first_cpu];
}

static inline void contract_kept(int vcpu, bool irqs_off, int preempts)
{
	struct machine_pcpu *p = machine_self.doorbell;

	if (__builtin_expect(p->irqs_off == irqs_off && *stress_preempts() == preempts, 1))
		return;
	p->irqs_off = irqs_off;
	*stress_preempts() = preempts;
	if (!irqs_off)
		machine_serve(p);
	stress_found(KICK_V_CONTRACT, vcpu, machine_self.cpu);
}

/* A call has ended, and the vCPU is out of guest mode. */
static inline void contract_rest(int vcpu)
{
	contract_kept(vcpu, false, 0);
}

/* A call has made the TASK_INTERRUPTIBLE of this vCPU a TASK_RUNNING. */
static inline bool contract_woke(const struct stress_thread *t, uint64_t zeroed, int i)
{
	return t->zeroed != zeroed &&
	       t->zeroed_last == __atomic_load_n(&stress.vcpu[i].task, __ATOMIC_RELAXED);
}

struct stress_contract {
	bool irqs_off;
	int preempts;
	uint64_t tries, zeroed;
};

static inline struct stress_contract contract_begin(const struct stress_thread *t)
{
	return (struct stress_contract){ machine_self.doorbell->irqs_off, *stress_preempts(), t->tries,
					 t->zeroed };
}

/*
 * A kick that says SENT has sent something, another one has not; a waiting one may wait for others.  Who woke
 * somebody has made a TASK_INTERRUPTIBLE a TASK_RUNNING, and who did that to the vCPU's own says so.  Kickers
 * have pCPUs of their own.
 */
static inline bool contract_is_true(const struct stress_thread *t, const struct stress_contract *before,
				    int i, enum kick_outcome outcome, bool may_wait)
{
	bool tried = t->tries != before->tries;

	if (outcome != KICK_WOKEN && outcome != KICK_SENT && contract_woke(t, before->zeroed, i))
		return false;
	if (outcome >= KICK_N_OUTCOMES || (outcome == KICK_WOKEN && t->zeroed == before->zeroed) ||
	    (outcome == KICK_SELF && !t->is_carrier) ||
	    (outcome == KICK_READING && !(kick_decl.features & KICK_F_WALK)) ||
	    (outcome == KICK_CLAIMED && !(kick_decl.features & KICK_F_CLAIM)))
		return false;
	/* Of one that wakes and sends check_kick() speaks. */
	return outcome == KICK_WOKEN || (may_wait && tried) || tried == (outcome == KICK_SENT);
}

static inline void contract_outcome(const struct stress_thread *t,
				    const struct stress_contract *before, int i,
				    enum kick_outcome outcome, unsigned int flags)
{
	contract_kept(i, before->irqs_off, before->preempts);
	if (t->oracle && !contract_is_true(t, before, i, outcome, flags & KVM_REQUEST_WAIT))
		stress_found(KICK_V_CONTRACT, i, machine_self.cpu);
}

static inline void contract_mask(const struct stress_thread *t, const struct stress_contract *before,
				 bool called)
{
	contract_kept(-1, before->irqs_off, before->preempts);
	if (t->oracle && called != (t->tries != before->tries))
		stress_found(KICK_V_CONTRACT, -1, machine_self.cpu);
}

#endif
