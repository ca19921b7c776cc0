/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * axvm (tgoskits): a vCPU that executes WFI waits in a queue, under whose lock the wait's condition is
 * looked at; a kick wakes whoever waits there, and interrupts a vCPU whose state word says that it is in
 * guest mode, and where.  Each of the words below was something else once.
 */
#define KICK_LACKS_MASK
#define KICK_LACKS_WALK
#define KICK_LACKS_RECHECK

/* What WFI looks at before it waits. */
#ifndef AXVM_LOOK
#define AXVM_LOOK(vcpu) READ_ONCE((vcpu)->requests)
#endif
/* Under the queue's lock: has anything come since the number of wake-ups was read? */
#ifndef AXVM_CAME
#define AXVM_CAME(vcpu, seen) (READ_ONCE((vcpu)->requests) || READ_ONCE((vcpu)->wakes) != (seen))
#endif
/* What a notification does with the machine's lock, which the wait's condition takes under the queue's. */
enum axvm_machine { AXVM_NO_MACHINE, AXVM_GIVES_BACK, AXVM_HOLDS };
#ifndef AXVM_MACHINE
#define AXVM_MACHINE AXVM_NO_MACHINE
#endif
/* Is the target what the scheduler says, and pending work looked at with interrupts on? */
#ifndef AXVM_BY_SCHEDULER
#define AXVM_BY_SCHEDULER 0
#endif

/* state: 0 outside guest mode; else (cpu + 1) << 1, and bit 0 when the stint is claimed. */
#define AXVM_CLAIMED 1

struct kick_vcpu {
	kick_int state;	     /* vCPU thread writes; kickers claim */
	kick_int assigned;   /* the scheduler's pCPU of it; vCPU thread writes */
	kick_ulong requests; /* kickers set bits; vCPU thread clears them */
	struct kick_fas queue __attribute__((aligned(64))); /* of task.state and wakes */
	kick_int wakes;
	struct kick_task task;
};
struct kick_vm {
	struct kick_fas machine;
};
struct kick_pcpu {};
struct kick_kicker {};

#include "pending.h"

static inline void kick_vcpu_init(struct kick_vcpu *vcpu)
{
	WRITE_ONCE(vcpu->assigned, -1);
}

static inline void kick_vcpu_load(struct kick_vcpu *vcpu, int cpu)
{
	smp_store_mb(vcpu->assigned, cpu); /* before requests; pairs with smp_mb() in kick_wake() */
}

static inline void kick_vcpu_put(struct kick_vcpu *vcpu)
{
	if (kick_put_clears_cpu())
		WRITE_ONCE(vcpu->assigned, -1);
}

static inline void kick_guest_exit(struct kick_vcpu *vcpu)
{
	WRITE_ONCE(vcpu->state, 0);
	smp_wmb(); /* state before what the host does next; pairs with the claim */
	kick_window(KICK_W_EXIT);
	local_irq_enable();
	preempt_enable();
}

static inline bool kick_guest_enter(struct kick_vcpu *vcpu)
{
	int cpu = READ_ONCE(vcpu->assigned);
	bool pending;

	preempt_disable();
	if (AXVM_BY_SCHEDULER) {
		pending = READ_ONCE(vcpu->requests);
		kick_window(KICK_W_MODE_CHECK);
		local_irq_disable();
	} else {
		local_irq_disable();
		/* The state before requests; pairs with smp_mb() in kick_wake(). */
		smp_store_mb(vcpu->state, (cpu + 1) << 1);
		kick_window(KICK_W_MODE_CHECK);
		pending = READ_ONCE(vcpu->requests) || READ_ONCE(vcpu->state) & AXVM_CLAIMED;
	}
	if (!pending)
		return true;
	kick_guest_exit(vcpu);
	return false;
}

static inline void axvm_machine(bool lock)
{
	if (lock)
		kick_fas_lock(&this_vm()->machine);
	else
		kick_fas_unlock(&this_vm()->machine);
}

static inline bool kick_wake(struct kick_vcpu *vcpu)
{
	bool woken;

	/* The request before the state and the queue; pairs with the barriers above and the queue's lock. */
	smp_mb();
	if (AXVM_MACHINE)
		axvm_machine(true);
	if (AXVM_MACHINE == AXVM_GIVES_BACK)
		axvm_machine(false);
	/* Ordered, also for the numbers before; pairs with smp_rmb() in kick_block(). */
	(void)fetch_add(&vcpu->wakes, 1);
	kick_fas_lock(&vcpu->queue);
	woken = cmpxchg(&vcpu->task.state, TASK_INTERRUPTIBLE, TASK_RUNNING) == TASK_INTERRUPTIBLE;
	kick_fas_unlock(&vcpu->queue);
	if (AXVM_MACHINE == AXVM_HOLDS)
		axvm_machine(false);
	return woken;
}

static inline void kick_block(struct kick_vcpu *vcpu)
{
	int seen = READ_ONCE(vcpu->wakes);
	bool came;

	smp_rmb(); /* wakes before requests; pairs with fetch_add() in kick_wake() */
	if (AXVM_LOOK(vcpu) || signal_pending())
		return;
	kick_window(KICK_W_CHECK_SLEEP);
	kick_fas_lock(&vcpu->queue);
	if (AXVM_MACHINE) { /* is the VM to run at all? */
		axvm_machine(true);
		axvm_machine(false);
	}
	came = AXVM_CAME(vcpu, seen);
	WRITE_ONCE(vcpu->task.state, came ? TASK_RUNNING : TASK_INTERRUPTIBLE);
	kick_fas_unlock(&vcpu->queue);
	if (!came)
		kick_schedule(&vcpu->task);
}

/* Whom to interrupt, by the state word or by the scheduler's; -1: nobody. */
static inline int axvm_target(struct kick_vcpu *vcpu, enum kick_outcome *outcome)
{
	int found, state;

	if (AXVM_BY_SCHEDULER) {
		state = READ_ONCE(vcpu->assigned);
		*outcome = state < 0 ? KICK_OUTSIDE : KICK_SENT;
		return state;
	}
	for (state = READ_ONCE(vcpu->state);; state = found) {
		*outcome = !state ? KICK_OUTSIDE : state & AXVM_CLAIMED ? KICK_CLAIMED : KICK_SENT;
		if (*outcome != KICK_SENT)
			return -1;
		found = cmpxchg(&vcpu->state, state, state | AXVM_CLAIMED);
		if (found == state)
			return (state >> 1) - 1;
		kick_pause();
	}
}

static inline enum kick_outcome kick_send(struct kick_vcpu *vcpu, unsigned int flags)
{
	enum kick_outcome outcome;
	int cpu, me;

	if (flags & KVM_REQUEST_NO_WAKEUP)
		smp_mb(); /* the request before the state; kick_wake() has this barrier too */
	else if (kick_wake(vcpu))
		return KICK_WOKEN;
	me = get_cpu();
	kick_window(KICK_W_BEFORE_CLAIM);
	cpu = axvm_target(vcpu, &outcome);
	if (outcome == KICK_SENT && cpu == me)
		outcome = KICK_SELF;
	if (outcome == KICK_SENT && !cpu_online(cpu))
		outcome = KICK_OFFLINE;
	if (outcome == KICK_SENT) {
		kick_window(KICK_W_CLAIM_IPI);
		kick_ipi(cpu);
	}
	put_cpu();
	return outcome;
}

static inline void kick_view(struct kick_vcpu *vcpu, struct kick_view *view)
{
	int state = kick_peek(vcpu->state);

	view->claimed = state & AXVM_CLAIMED;
	view->requests = kick_peek(vcpu->requests);
	view->cpu = kick_peek(vcpu->assigned);
}
