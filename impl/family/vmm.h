/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A VMM's vCPU thread: it looks for work, goes into KVM_RUN, and looks again when that has returned.  What a
 * signal leaves behind decides whether one between the look and KVM_RUN is seen.  A mutant changes one of the
 * words below before it includes its parent.
 */
#define KICK_LACKS_LOAD
#define KICK_LACKS_MASK
#define KICK_LACKS_WALK
#define KICK_LACKS_BLOCK
#define KICK_LACKS_RECHECK
#ifndef VMM_HAS_PAUSE
#define KICK_LACKS_PAUSE
#endif
#ifndef VMM_HAS_EXIT_WORK
#define KICK_LACKS_EXIT_WORK
#endif
#define KICK_LACKS_NEW_CALL

/* What the handler does. */
#ifndef VMM_HANDLER
#define VMM_HANDLER(vcpu) WRITE_ONCE((vcpu)->immediate_exit, 1)
#endif
/* What the sender does, when the work is in its place: was a signal sent? */
#ifndef VMM_SEND
#define VMM_SEND(vcpu) (kick_signal(vcpu), true)
#endif
/* The last look before KVM_RUN: is there work? */
#ifndef VMM_LOOK
#define VMM_LOOK(vcpu) (READ_ONCE((vcpu)->requests) != 0)
#endif
/* Around KVM_RUN. */
#ifndef VMM_LOCK
#define VMM_LOCK(vcpu) barrier()
#define VMM_UNLOCK(vcpu) barrier()
#endif
/* Between immediate_exit = 0 and the next look. */
#ifndef VMM_MB_AFTER_CLEAR
#define VMM_MB_AFTER_CLEAR() barrier()
#endif

struct kick_vcpu {
	kick_int immediate_exit; /* of kvm_run, which is shared with the kernel */
	kick_ulong requests;	 /* kickers set bits; the vCPU's thread takes them */
	kick_int kicked;	 /* a signal is on its way: of protocols that coalesce */
	struct kick_mutex lock;	 /* held around KVM_RUN: of protocols that have one */
#ifdef VMM_HAS_PAUSE
	kick_int parked; /* it has stopped */
#endif
};
struct kick_vm {
#ifdef VMM_HAS_PAUSE
	kick_int pause;		  /* all are to stop */
	struct kick_mutex states; /* which an exit may need */
#endif
};
struct kick_pcpu {};
struct kick_kicker {};

static inline void kick_vcpu_init(struct kick_vcpu *vcpu)
{
	(void)vcpu;
}

#ifndef KICK_LACKS_REQUESTS
/* A message in a channel, or a flag of Rust's: a full barrier, as both are on x86. */
static inline void kick_request(struct kick_vcpu *vcpu, unsigned int nr)
{
	(void)fetch_or(&vcpu->requests, KICK_BIT(nr));
	kick_window(KICK_W_REQUEST_MODE);
}

static inline unsigned long kick_take(struct kick_vcpu *vcpu)
{
	return READ_ONCE(vcpu->requests) ? xchg(&vcpu->requests, 0) : 0;
}
#endif

static inline void kick_handler(struct kick_vcpu *vcpu)
{
	(void)vcpu;
	VMM_HANDLER(vcpu);
}

static inline enum kick_outcome kick_send(struct kick_vcpu *vcpu, unsigned int flags)
{
	(void)flags;
	return VMM_SEND(vcpu) ? KICK_SENT : KICK_OUTSIDE;
}

/* After KVM_RUN: whatever made it return is over, and work is looked at next. */
static inline void vmm_clear(struct kick_vcpu *vcpu)
{
	kick_window(KICK_W_RUN_CLEAR);
	WRITE_ONCE(vcpu->immediate_exit, 0);
	VMM_MB_AFTER_CLEAR();
	VMM_UNLOCK(vcpu);
}

static inline bool kick_guest_enter(struct kick_vcpu *vcpu)
{
	if (VMM_LOOK(vcpu))
		return false;
	VMM_LOCK(vcpu);
	kick_window(KICK_W_LOOK_RUN);
	if (kick_run_begin(vcpu, &vcpu->immediate_exit))
		return true;
	vmm_clear(vcpu);
	return false;
}

static inline void kick_guest_exit(struct kick_vcpu *vcpu)
{
	kick_run_end(vcpu);
	vmm_clear(vcpu);
}

static inline void kick_view(struct kick_vcpu *vcpu, struct kick_view *view)
{
	view->claimed = false;
	view->requests = kick_peek(vcpu->requests);
	view->cpu = -1;
}
