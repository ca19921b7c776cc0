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

struct stress_contract {
	bool irqs_off;
	int preempts;
	uint64_t tries;
};

static inline struct stress_contract contract_begin(const struct stress_thread *t)
{
	return (struct stress_contract){ machine_self.doorbell->irqs_off, *stress_preempts(), t->tries };
}

/* A kick that says SENT has sent something, another one has not; a waiting one may wait for others. */
static inline void contract_outcome(const struct stress_thread *t,
				    const struct stress_contract *before, int i,
				    enum kick_outcome outcome, unsigned int flags)
{
	bool tried = t->tries != before->tries, may = flags & KVM_REQUEST_WAIT && tried;

	contract_kept(i, before->irqs_off, before->preempts);
	if (t->oracle && outcome != KICK_WOKEN && !may && tried != (outcome == KICK_SENT))
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
