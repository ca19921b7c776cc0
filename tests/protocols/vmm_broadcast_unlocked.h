/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A halted vCPU waits on a condition, with a mutex; the work is made and the condition called without it, so
 * that both may come between the look and the sleep: QEMU's halt_cond without the big lock.
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

KICK_DECLARE(.summary = "calls a condition without its mutex", .origin = "after QEMU, halt_cond",
	     .features = KICK_F_SIGNAL | KICK_F_REQUESTS,
	     .stress_tso = { KICK_CAUGHT, KICK_V_WAKE }, .stress_weak = { KICK_CAUGHT, KICK_V_WAKE },
	     .explore = { { "run", KICK_M_ALL, KICK_V_WAKE }, { "run-twice", KICK_M_ALL, KICK_V_WAKE } });

struct kick_vcpu {
	kick_ulong requests; /* kickers set bits; the vCPU's thread takes them */
	kick_int condition;  /* how often it was called */
	kick_int immediate_exit;
	struct kick_mutex lock;
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

static inline unsigned long kick_take(struct kick_vcpu *vcpu)
{
	return READ_ONCE(vcpu->requests) ? xchg(&vcpu->requests, 0) : 0;
}

static inline void kick_handler(struct kick_vcpu *vcpu)
{
	WRITE_ONCE(vcpu->immediate_exit, 1);
}

static inline enum kick_outcome kick_send(struct kick_vcpu *vcpu, unsigned int flags)
{
	(void)flags;
	atomic_inc(&vcpu->condition);
	kick_post(&vcpu->condition);
	kick_signal(vcpu);
	return KICK_SENT;
}

/* Until there is work: it has always halted. */
static inline bool kick_guest_enter(struct kick_vcpu *vcpu)
{
	int number;

	kick_mutex_lock(&vcpu->lock);
	while (!READ_ONCE(vcpu->requests)) {
		kick_window(KICK_W_CHECK_SLEEP);
		number = READ_ONCE(vcpu->condition);
		kick_mutex_unlock(&vcpu->lock);
		kick_wait(&vcpu->condition, number);
		kick_mutex_lock(&vcpu->lock);
	}
	kick_mutex_unlock(&vcpu->lock);
	return false;
}

static inline void kick_guest_exit(struct kick_vcpu *vcpu)
{
	kick_run_end(vcpu);
}

static inline void kick_view(struct kick_vcpu *vcpu, struct kick_view *view)
{
	view->claimed = false;
	view->requests = kick_peek(vcpu->requests);
	view->cpu = -1;
}
