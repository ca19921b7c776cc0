/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * KVM on s390: the control block itself says that the vCPU runs (PROG_IN_SIE), that there is work
 * (PROG_REQUEST) and that the hardware is to stop (STOP_INT), which it looks at all the time: no pCPU number,
 * no IPI.  A kick sets both words and spins until the vCPU is out.  Here the hardware's look at the block is
 * KVM_RUN's at its word and at signals.  One who spins may miss that it was out and is in again, and in our
 * model a guest may stay for ever; a real one exits soon.  With PROG_BLOCK_SIE it stays out: s390_block_sie.
 */
#include "kick_vmm.h"
#define KICK_LACKS_LOAD
#define KICK_LACKS_MASK
#define KICK_LACKS_WALK
#define KICK_LACKS_BLOCK
#define KICK_LACKS_RECHECK
#define KICK_LACKS_PAUSE
#define KICK_LACKS_EXIT_WORK
#define KICK_LACKS_NEW_CALL

KICK_DECLARE(.summary = "words in the control block, which the hardware looks at; spins until it is out",
	     .origin = "Linux 6.1, arch/s390/kvm, exit_sie() and kvm_s390_sync_request()",
	     .world = "s390", .features = KICK_F_SIGNAL | KICK_F_REQUESTS | KICK_F_KICK_WAIT,
	     .stress_tso = { KICK_CAUGHT, KICK_V_DEADLOCK },
	     .stress_weak = { KICK_CAUGHT, KICK_V_DEADLOCK },
	     .explore = { { "run", KICK_M_ALL, KICK_V_DEADLOCK },
			  { "run-twice", KICK_M_ALL, KICK_V_DEADLOCK },
			  { "storm", KICK_M_ALL, KICK_V_DEADLOCK } });

/* Does a kick keep the vCPU out until it has seen that it is? */
#ifndef S390_BLOCKS
#define S390_BLOCKS 0
#endif
/* Between PROG_IN_SIE and the look at PROG_REQUEST. */
#ifndef S390_MB_BEFORE_LOOK
#define S390_MB_BEFORE_LOOK() smp_mb()
#endif
/* What the hardware has to look at when it begins. */
#ifndef S390_STOP_INT
#define S390_STOP_INT(vcpu) (&(vcpu)->stop_int)
#endif

struct kick_vcpu {
	kick_ulong requests; /* PROG_REQUEST: kickers set bits; the vCPU's thread clears them */
	kick_int in_sie;     /* PROG_IN_SIE: the vCPU's thread writes */
	kick_int stop_int;   /* kickers set, the vCPU's thread clears */
	kick_int block;	     /* PROG_BLOCK_SIE: kickers that want it out */
};
struct kick_vm {};
struct kick_pcpu {};
struct kick_kicker {};

static inline void kick_vcpu_init(struct kick_vcpu *vcpu)
{
	(void)vcpu;
}

static inline void kick_request(struct kick_vcpu *vcpu, unsigned int nr)
{
	(void)fetch_or(&vcpu->requests, KICK_BIT(nr));
}

/* STOP_INT goes before the work is looked at: one that is set meanwhile stays. */
static inline unsigned long kick_take(struct kick_vcpu *vcpu)
{
	(void)xchg(&vcpu->stop_int, 0); /* pairs with that of kick_send() */
	return READ_ONCE(vcpu->requests) ? xchg(&vcpu->requests, 0) : 0;
}

static inline void kick_handler(struct kick_vcpu *vcpu)
{
	(void)vcpu;
}

static inline void sie_out(struct kick_vcpu *vcpu)
{
	smp_store_release(&vcpu->in_sie, 0); /* pairs with smp_rmb() in kick_send() */
}

static inline bool kick_guest_enter(struct kick_vcpu *vcpu)
{
	int block = 0;

	WRITE_ONCE(vcpu->in_sie, 1);
	S390_MB_BEFORE_LOOK(); /* in_sie before requests; pairs with smp_mb() in kick_send() */
	if (S390_BLOCKS)
		block = READ_ONCE(vcpu->block);
	if (!block && !READ_ONCE(vcpu->requests)) {
		kick_window(KICK_W_LOOK_RUN);
		if (kick_run_begin(vcpu, S390_STOP_INT(vcpu)))
			return true;
	}
	sie_out(vcpu);
	if (block)
		kick_wait(&vcpu->block, block);
	return false;
}

static inline void kick_guest_exit(struct kick_vcpu *vcpu)
{
	kick_run_end(vcpu);
	sie_out(vcpu);
}

/* Always waits. */
static inline enum kick_outcome kick_send(struct kick_vcpu *vcpu, unsigned int flags)
{
	(void)flags;
	if (S390_BLOCKS)
		atomic_inc(&vcpu->block);
	(void)xchg(&vcpu->stop_int, 1); /* after block, before in_sie; pairs with the barriers above */
	kick_signal(vcpu);
	while (READ_ONCE(vcpu->in_sie))
		kick_pause();
	smp_rmb(); /* out before what the caller does next; pairs with sie_out() */
	if (S390_BLOCKS) {
		atomic_dec(&vcpu->block);
		kick_post(&vcpu->block);
	}
	return KICK_SENT;
}

static inline void kick_view(struct kick_vcpu *vcpu, struct kick_view *view)
{
	view->claimed = false;
	view->requests = kick_peek(vcpu->requests);
	view->cpu = -1;
}
