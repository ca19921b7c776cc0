/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The vCPU's side of KVM as of Linux 6.1 (x86: vcpu_enter_guest() and friends), which the kick
 * protocols of the KVM family share, and the small predicates of the kicker's side.
 *
 * The steps E1..E13 are those of docs/protocol.md.  A mutant changes one step by defining its
 * KVM_... word before it includes its parent.
 */

/* E5: the release orders the store of cpu (E1) before the mode; pairs with the claim. */
#ifndef KVM_PUBLISH_IN_GUEST
#define KVM_PUBLISH_IN_GUEST(vcpu) smp_store_release(&(vcpu)->mode, IN_GUEST_MODE)
#endif
/* E6: mode before requests; pairs with the barrier between request and mode in every kick. */
#ifndef KVM_MB_BEFORE_CHECK
#define KVM_MB_BEFORE_CHECK() smp_mb()
#endif
/* E8: x86 looks at the mode again, other architectures look at requests alone. */
#ifndef KVM_RECHECK_EXITING
#define KVM_RECHECK_EXITING 1
#endif
/*
 * The request before the look at the mode, also where the claim fails and orders nothing: kvm_vcpu_kick()
 * need not have looked at who sleeps.  Pairs with the barrier before the check; here since 4.12.
 */
#ifndef KVM_MB_BEFORE_CLAIM
#define KVM_MB_BEFORE_CLAIM() smp_mb__before_atomic()
#endif
/* The claim of a stint by a kicker. */
#ifndef KVM_CLAIM
#define KVM_CLAIM(vcpu) cmpxchg(&(vcpu)->mode, IN_GUEST_MODE, EXITING_GUEST_MODE)
#endif

/* cpu, mode and requests share a line, as in the kernel; wait stands on the next one. */
struct kick_vcpu {
	kick_int cpu;	     /* vCPU thread writes; kickers read */
	kick_int mode;	     /* vCPU thread writes; kickers claim */
	kick_ulong requests; /* kickers set bits; vCPU thread clears them */
	kick_ptr wait __attribute__((aligned(64))); /* vCPU thread writes; kickers read */
	struct kick_task task;
};

/* Touched by code that runs on this pCPU only. */
struct kick_pcpu {
	struct kick_vcpu *running_vcpu;
#ifdef KVM_OWN_MASKS
	struct kick_cpumask kick_mask; /* what a mask kick from here collects */
#endif
};
struct kick_vm {};
struct kick_kicker {};

#include "request.h"
#include "many_cpus.h"
#include "target.h"

static inline void kick_vcpu_init(struct kick_vcpu *vcpu)
{
	WRITE_ONCE(vcpu->cpu, -1);
}

/* E1 */
static inline void kick_vcpu_load(struct kick_vcpu *vcpu, int cpu)
{
	this_cpu()->running_vcpu = vcpu;
	WRITE_ONCE(vcpu->cpu, cpu);
	kick_window(KICK_W_LOAD_ENTER);
}

/* E13 */
static inline void kick_vcpu_put(struct kick_vcpu *vcpu)
{
	if (kick_put_clears_cpu())
		WRITE_ONCE(vcpu->cpu, -1);
	this_cpu()->running_vcpu = NULL;
}

/* E8 */
static inline bool kvm_exit_request(struct kick_vcpu *vcpu)
{
	if (KVM_RECHECK_EXITING && READ_ONCE(vcpu->mode) == EXITING_GUEST_MODE)
		return true;
	return READ_ONCE(vcpu->requests) != 0;
}

/* E10..E12.  A plain store: it may overwrite a claim, which then means "out already". */
static inline void kick_guest_exit(struct kick_vcpu *vcpu)
{
	WRITE_ONCE(vcpu->mode, OUTSIDE_GUEST_MODE);
	smp_wmb(); /* mode before whatever the host does next; pairs with the kickers' full barrier */
	kick_window(KICK_W_EXIT);
	local_irq_enable();
	preempt_enable();
}

/* E3..E8; a mutant of these steps has its own (KVM_OWN_GUEST_ENTER) */
#ifndef KVM_OWN_GUEST_ENTER
static inline bool kick_guest_enter(struct kick_vcpu *vcpu)
{
	preempt_disable();
	local_irq_disable();
	KVM_PUBLISH_IN_GUEST(vcpu);
	kick_window(KICK_W_MODE_CHECK);
	KVM_MB_BEFORE_CHECK();
	if (!kvm_exit_request(vcpu))
		return true;
	kick_guest_exit(vcpu);
	return false;
}
#endif

/* E9: the fast path's own loop; a self kick or a request sends it out. */
static inline bool kick_guest_recheck(struct kick_vcpu *vcpu)
{
	return !kvm_exit_request(vcpu);
}

/* Interrupts stay off for the whole walk, so a waiting call is not acknowledged before its end. */
static inline void kick_walk_begin(struct kick_vcpu *vcpu)
{
	local_irq_disable();
	/* The mode before the first read of a page; pairs with the barrier in a waiting mask. */
	smp_store_mb(vcpu->mode, READING_SHADOW_PAGE_TABLES);
	kick_window(KICK_W_WALK);
}

static inline void kick_walk_end(struct kick_vcpu *vcpu)
{
	/* All reads of pages before the mode; pairs with the claim in a waiting mask. */
	smp_store_release(&vcpu->mode, OUTSIDE_GUEST_MODE);
	local_irq_enable();
}

/* Claim the stint; the mode that was found is the outcome. */
static inline enum kick_outcome kvm_exiting_guest_mode(struct kick_vcpu *vcpu)
{
	kick_window(KICK_W_BEFORE_CLAIM);
	KVM_MB_BEFORE_CLAIM();
	return (enum kick_outcome)KVM_CLAIM(vcpu);
}

/* A waiting request must also wait for what others have claimed, and for walkers. */
static inline bool kvm_request_needs_ipi(struct kick_vcpu *vcpu, unsigned int req)
{
	enum kick_outcome mode = kvm_exiting_guest_mode(vcpu);

	return req & KVM_REQUEST_WAIT ? mode != KICK_OUTSIDE : mode == KICK_SENT;
}

static inline void kick_view(struct kick_vcpu *vcpu, struct kick_view *view)
{
	view->claimed = kick_peek(vcpu->mode) == EXITING_GUEST_MODE;
	view->requests = kick_peek(vcpu->requests);
	view->cpu = kick_peek(vcpu->cpu);
}
