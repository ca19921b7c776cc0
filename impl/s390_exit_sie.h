/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * KVM on s390: the control block itself says that the vCPU runs (PROG_IN_SIE), that there is work
 * (PROG_REQUEST) and that the hardware is to stop (STOP_INT), which it looks at all the time: no pCPU number,
 * no IPI.  A kick sets both words and spins until the vCPU is out.  Here the hardware's look at the block is
 * KVM_RUN's at its word and at signals.
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
	     .world = "s390", .features = KICK_F_SIGNAL | KICK_F_REQUESTS | KICK_F_KICK_WAIT);

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
	smp_store_mb(vcpu->stop_int, 0); /* pairs with smp_mb() in kick_send() */
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
	WRITE_ONCE(vcpu->in_sie, 1);
	S390_MB_BEFORE_LOOK(); /* in_sie before requests; pairs with smp_mb() in kick_send() */
	if (!READ_ONCE(vcpu->requests)) {
		kick_window(KICK_W_LOOK_RUN);
		if (kick_run_begin(vcpu, S390_STOP_INT(vcpu)))
			return true;
	}
	sie_out(vcpu);
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
	WRITE_ONCE(vcpu->stop_int, 1);
	smp_mb(); /* requests and stop_int before in_sie; pairs with the barriers above */
	kick_signal(vcpu);
	while (READ_ONCE(vcpu->in_sie))
		kick_pause();
	smp_rmb(); /* out before what the caller does next; pairs with sie_out() */
	return KICK_SENT;
}

static inline void kick_view(struct kick_vcpu *vcpu, struct kick_view *view)
{
	view->claimed = false;
	view->requests = kick_peek(vcpu->requests);
	view->cpu = -1;
}
