/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A lock around the pair {cpu, mode}, in the manner of bhyve's vcpu lock: the vCPU writes both under
 * the lock at load, enter and exit; a kick tests and sends inside it.  Nothing is claimed, so every
 * kick of a vCPU in guest mode sends an IPI.
 *
 * The backend defines LOCK_TYPE, LOCK(l, node), UNLOCK(l, node), LOCK_NODE (the queue node's type)
 * before it includes this file.
 */

struct kick_vcpu {
	LOCK_TYPE lock;
	kick_int cpu;	     /* under the lock; vCPU thread writes */
	kick_int mode;	     /* under the lock; vCPU thread writes */
	kick_int sleeping;   /* under the lock; vCPU thread sets, a waker clears */
	kick_ulong requests; /* kickers set bits; vCPU thread clears them */
	LOCK_NODE node __attribute__((aligned(64))); /* of the vCPU thread */
	struct kick_task task __attribute__((aligned(64)));
};
struct kick_kicker {
	LOCK_NODE node;
};
struct kick_pcpu {};
struct kick_vm {};

/*
 * The lock is also the full barrier of the protocol: whoever makes a request takes the lock after
 * it, whoever enters the guest checks requests after it has released the lock.
 */
static inline void kick_request(struct kick_vcpu *vcpu, unsigned int nr)
{
	smp_wmb(); /* pairs with smp_mb__after_atomic() in kick_take() */
	set_bit(nr, &vcpu->requests);
	kick_window(KICK_W_REQUEST_MODE);
}

static inline unsigned long kick_take(struct kick_vcpu *vcpu)
{
	unsigned long pending = READ_ONCE(vcpu->requests);

	if (pending) {
		fetch_and_relaxed(&vcpu->requests, ~pending);
		smp_mb__after_atomic();
	}
	return pending;
}

#include "many_cpus.h"

static inline void kick_vcpu_init(struct kick_vcpu *vcpu)
{
	WRITE_ONCE(vcpu->cpu, -1);
}

static inline void kick_vcpu_load(struct kick_vcpu *vcpu, int cpu)
{
	LOCK(&vcpu->lock, &vcpu->node);
	WRITE_ONCE(vcpu->cpu, cpu);
	UNLOCK(&vcpu->lock, &vcpu->node);
	kick_window(KICK_W_LOAD_ENTER);
}

static inline void kick_vcpu_put(struct kick_vcpu *vcpu)
{
	if (kick_put_clears_cpu())
		kick_vcpu_load(vcpu, -1);
}

static inline void locked_set_mode(struct kick_vcpu *vcpu, int mode)
{
	LOCK(&vcpu->lock, &vcpu->node);
	WRITE_ONCE(vcpu->mode, mode);
	UNLOCK(&vcpu->lock, &vcpu->node);
}

static inline void kick_guest_exit(struct kick_vcpu *vcpu)
{
	locked_set_mode(vcpu, OUTSIDE_GUEST_MODE);
	kick_window(KICK_W_EXIT);
	local_irq_enable();
	preempt_enable();
}

#ifndef LOCKED_OWN_GUEST_ENTER /* else the backend has its own kick_guest_enter() */
static inline bool kick_guest_enter(struct kick_vcpu *vcpu)
{
	preempt_disable();
	local_irq_disable();
	locked_set_mode(vcpu, IN_GUEST_MODE);
	kick_window(KICK_W_MODE_CHECK);
	if (!READ_ONCE(vcpu->requests))
		return true;
	kick_guest_exit(vcpu);
	return false;
}
#endif

static inline bool kick_guest_recheck(struct kick_vcpu *vcpu)
{
	return !READ_ONCE(vcpu->requests);
}

static inline void kick_walk_begin(struct kick_vcpu *vcpu)
{
	local_irq_disable();
	locked_set_mode(vcpu, READING_SHADOW_PAGE_TABLES);
	/* An unlock lets later reads pass it; the first page must be read after the mode is seen. */
	smp_mb();
	kick_window(KICK_W_WALK);
}

static inline void kick_walk_end(struct kick_vcpu *vcpu)
{
	locked_set_mode(vcpu, OUTSIDE_GUEST_MODE);
	local_irq_enable();
}

/* Under the lock: did it sleep, and was it woken by this call? */
static inline bool locked_wake(struct kick_vcpu *vcpu)
{
	if (!READ_ONCE(vcpu->sleeping))
		return false;
	WRITE_ONCE(vcpu->sleeping, 0);
	return cmpxchg(&vcpu->task.state, TASK_INTERRUPTIBLE, TASK_RUNNING) == TASK_INTERRUPTIBLE;
}

static inline bool kick_wake(struct kick_vcpu *vcpu)
{
	LOCK_NODE *node __attribute__((unused)) = &this_kicker()->node;
	bool woken;

	LOCK(&vcpu->lock, node);
	woken = locked_wake(vcpu);
	UNLOCK(&vcpu->lock, node);
	return woken;
}

/* A request made before the lock was taken here is seen here; a later one finds `sleeping`. */
static inline void kick_block(struct kick_vcpu *vcpu)
{
	for (;;) {
		bool pending;

		LOCK(&vcpu->lock, &vcpu->node);
		pending = READ_ONCE(vcpu->requests) || signal_pending();
		WRITE_ONCE(vcpu->sleeping, !pending);
		WRITE_ONCE(vcpu->task.state, pending ? TASK_RUNNING : TASK_INTERRUPTIBLE);
		UNLOCK(&vcpu->lock, &vcpu->node);
		if (pending)
			return;
		kick_window(KICK_W_CHECK_SLEEP);
		kick_schedule(&vcpu->task);
	}
}

/* Under the lock: the pCPU to interrupt, or what there is instead. */
static inline enum kick_outcome locked_target(struct kick_vcpu *vcpu, int me, int *cpu)
{
	int mode = READ_ONCE(vcpu->mode);

	*cpu = READ_ONCE(vcpu->cpu);
	if (mode == OUTSIDE_GUEST_MODE)
		return *cpu == me ? KICK_SELF : KICK_OUTSIDE;
	if (*cpu == me)
		return KICK_SELF;
	if ((unsigned int)*cpu >= (unsigned int)kick_nr_cpus() || !cpu_online(*cpu))
		return KICK_OFFLINE;
	return mode == IN_GUEST_MODE ? KICK_SENT : KICK_READING;
}

static inline enum kick_outcome kick_send(struct kick_vcpu *vcpu, unsigned int flags)
{
	LOCK_NODE *node __attribute__((unused)) = &this_kicker()->node;
	enum kick_outcome outcome;
	int cpu, me = get_cpu();

	LOCK(&vcpu->lock, node);
	if (!(flags & KVM_REQUEST_NO_WAKEUP) && locked_wake(vcpu)) {
		outcome = KICK_WOKEN;
	} else {
		kick_window(KICK_W_BEFORE_CLAIM);
		outcome = locked_target(vcpu, me, &cpu);
		if (outcome == KICK_SENT) {
			kick_window(KICK_W_CLAIM_IPI);
			kick_ipi(cpu);
		}
	}
	UNLOCK(&vcpu->lock, node);
	put_cpu();
	return outcome;
}

/* Tests under each vCPU's lock; calls and waits with none held, since a target may want its lock. */
static inline bool kick_mask(struct kick_vm *vm, unsigned int req, const unsigned long *bitmap,
			     unsigned int nbits)
{
	LOCK_NODE *node __attribute__((unused)) = &this_kicker()->node;
	struct kick_cpumask *cpus = kick_cpumask_get();
	int i, cpu, me = get_cpu();
	bool called;

	for (i = 0; i < kick_nr_vcpus(vm); i++) {
		struct kick_vcpu *vcpu = kick_get_vcpu(vm, i);
		enum kick_outcome outcome;

		if (bitmap && !kick_bitmap_test(bitmap, nbits, i))
			continue;
		if (!(req & KVM_REQUEST_NO_ACTION))
			kick_request(vcpu, req & KVM_REQUEST_MASK);
		LOCK(&vcpu->lock, node);
		if ((req & KVM_REQUEST_NO_WAKEUP) || !locked_wake(vcpu)) {
			outcome = locked_target(vcpu, me, &cpu);
			if (cpus && (outcome == KICK_SENT ||
				     (outcome == KICK_READING && (req & KVM_REQUEST_WAIT))))
				kick_cpumask_set(cpu, cpus);
		}
		UNLOCK(&vcpu->lock, node);
	}
	called = kvm_kick_many_cpus(cpus, req & KVM_REQUEST_WAIT);
	put_cpu();
	return called;
}

static inline void kick_view(struct kick_vcpu *vcpu, struct kick_view *view)
{
	view->claimed = false;
	view->requests = kick_peek(vcpu->requests);
	view->cpu = kick_peek(vcpu->cpu);
}
