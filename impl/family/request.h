/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Requests, and sleeping on them: what protocols with a request word and an rcuwait share.
 * The backend has defined struct kick_vcpu with the fields requests, wait and task.
 */

/*
 * Make request nr; the kick, if any, comes after.  The smp_wmb() orders what the request is about
 * before the bit, and pairs with smp_mb__after_atomic() in kick_take().
 */
static inline void kick_request(struct kick_vcpu *vcpu, unsigned int nr)
{
	smp_wmb();
	set_bit(nr, &vcpu->requests);
	kick_window(KICK_W_REQUEST_MODE);
}

/* The mask form's req is a request number with flags. */
static inline void kvm_make_request(struct kick_vcpu *vcpu, unsigned int req)
{
	if (!(req & KVM_REQUEST_NO_ACTION))
		kick_request(vcpu, req & KVM_REQUEST_MASK);
}

/* The word's bits that are requests. */
#ifndef KVM_PENDING
#define KVM_PENDING(vcpu) READ_ONCE((vcpu)->requests)
#endif

/* Take what is pending, request by request, as kvm_check_request() does. */
static inline unsigned long kick_take(struct kick_vcpu *vcpu)
{
	unsigned long pending = KVM_PENDING(vcpu);
	unsigned long left = pending;

	while (left) {
		unsigned int nr = __builtin_ctzl(left);

		left &= left - 1;
		clear_bit(nr, &vcpu->requests);
		smp_mb__after_atomic(); /* pairs with smp_wmb() in kick_request() */
	}
	return pending;
}

#ifndef KVM_OWN_BLOCK /* else the backend has its own kick_wake() and kick_block() */
/* The request before the look at who waits; pairs with KVM_SET_SLEEPING() in kick_block(). */
#ifndef KVM_MB_BEFORE_WAKE
#define KVM_MB_BEFORE_WAKE() smp_mb()
#endif

/* Wake the vCPU's thread if it sleeps: rcuwait_wake_up(). */
static inline bool kick_wake(struct kick_vcpu *vcpu)
{
	struct kick_task *task;

	KVM_MB_BEFORE_WAKE();
	task = READ_ONCE(vcpu->wait);
	if (__builtin_expect(!task, 1))
		return false;
	return cmpxchg(&task->state, TASK_INTERRUPTIBLE, TASK_RUNNING) == TASK_INTERRUPTIBLE;
}

/* Asleep before the look at requests; pairs with smp_mb() in kick_wake(). */
#ifndef KVM_SET_SLEEPING
#define KVM_SET_SLEEPING(vcpu) smp_store_mb((vcpu)->task.state, TASK_INTERRUPTIBLE)
#endif

/* Sleep until a request is pending: kvm_vcpu_block(), outside guest mode throughout. */
static inline void kick_block(struct kick_vcpu *vcpu)
{
	smp_store_release(&vcpu->wait, &vcpu->task);
	for (;;) {
		KVM_SET_SLEEPING(vcpu);
		if (KVM_PENDING(vcpu) || signal_pending())
			break;
		kick_window(KICK_W_CHECK_SLEEP);
		kick_schedule(&vcpu->task);
	}
	WRITE_ONCE(vcpu->task.state, TASK_RUNNING);
	WRITE_ONCE(vcpu->wait, NULL);
}
#endif
