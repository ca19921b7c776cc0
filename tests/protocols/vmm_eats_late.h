/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Signals are blocked but in KVM_RUN, and eaten after the messages were looked at, the next kick's with them:
 * what crosvm's clear_signal() must come before.
 */
#include "kick_vmm.h"
#define KICK_LACKS_MASK
#define KICK_LACKS_WALK
#define KICK_LACKS_BLOCK
#define KICK_LACKS_RECHECK
#define KICK_LACKS_PAUSE
#define KICK_LACKS_EXIT_WORK
#define KICK_LACKS_NEW_CALL

KICK_DECLARE(.summary = "eats its blocked signal after the last look", .origin = "after crosvm",
	     .features = KICK_F_SIGNAL | KICK_F_REQUESTS,
	     .stress_tso = { KICK_CAUGHT, KICK_V_LOST }, .stress_weak = { KICK_CAUGHT, KICK_V_LOST },
	     .explore = { { "run", KICK_M_ALL, KICK_V_LOST }, { "run-twice", KICK_M_ALL, KICK_V_LOST } });

struct kick_vcpu {
	kick_ulong requests; /* kickers set bits; the vCPU's thread takes them */
};
struct kick_vm {};
struct kick_pcpu {};
struct kick_kicker {};

static inline void kick_vcpu_init(struct kick_vcpu *vcpu)
{
	(void)vcpu;
}

static inline void kick_vcpu_load(struct kick_vcpu *vcpu, int cpu)
{
	(void)cpu;
	kick_signal_mask(vcpu, true);
}

static inline void kick_vcpu_put(struct kick_vcpu *vcpu)
{
	(void)vcpu;
}

static inline void kick_request(struct kick_vcpu *vcpu, unsigned int nr)
{
	(void)fetch_or(&vcpu->requests, KICK_BIT(nr));
}

static inline unsigned long kick_take(struct kick_vcpu *vcpu)
{
	unsigned long requests = READ_ONCE(vcpu->requests) ? xchg(&vcpu->requests, 0) : 0;

	kick_window(KICK_W_LOOK_RUN);
	(void)kick_signal_eat(vcpu);
	return requests;
}

static inline void kick_handler(struct kick_vcpu *vcpu)
{
	(void)vcpu;
}

static inline enum kick_outcome kick_send(struct kick_vcpu *vcpu, unsigned int flags)
{
	(void)flags;
	kick_signal(vcpu);
	return KICK_SENT;
}

static inline bool kick_guest_enter(struct kick_vcpu *vcpu)
{
	return kick_run_begin(vcpu, NULL);
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
