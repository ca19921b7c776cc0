/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A halted vCPU sleeps in ppoll(), but its signal is not blocked until then: one after the last look is taken
 * before the sleep begins.  With kick_signal_mask() around both, as of QEMU's hvf_wait_for_ipi(), it holds.
 */
#include "kick_vmm.h"
#define KICK_LACKS_MASK
#define KICK_LACKS_WALK
#define KICK_LACKS_BLOCK
#define KICK_LACKS_RECHECK
#define KICK_LACKS_PAUSE
#define KICK_LACKS_EXIT_WORK
#define KICK_LACKS_NEW_CALL

#ifndef POLLS_BLOCKED
#define POLLS_BLOCKED 0
KICK_DECLARE(.summary = "sleeps in ppoll() with a signal that was not blocked before",
	     .origin = "after QEMU, hvf",
	     .features = KICK_F_SIGNAL | KICK_F_REQUESTS,
	     .stress_tso = { KICK_CAUGHT, KICK_V_WAKE }, .stress_weak = { KICK_CAUGHT, KICK_V_WAKE },
	     .explore = { { "run", KICK_M_ALL, KICK_V_WAKE }, { "run-twice", KICK_M_ALL, KICK_V_WAKE } });
#endif

struct kick_vcpu {
	kick_ulong requests; /* kickers set bits; the vCPU's thread takes them */
	kick_int halted;     /* the vCPU's thread alone */
	kick_int nothing;    /* stays 0 */
};
struct kick_vm {};
struct kick_pcpu {};
struct kick_kicker {};

static inline void kick_vcpu_init(struct kick_vcpu *vcpu)
{
	WRITE_ONCE(vcpu->halted, 1);
}

static inline void kick_vcpu_load(struct kick_vcpu *vcpu, int cpu)
{
	(void)cpu;
	kick_signal_mask(vcpu, POLLS_BLOCKED);
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
	return READ_ONCE(vcpu->requests) ? xchg(&vcpu->requests, 0) : 0;
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

static inline void eat(struct kick_vcpu *vcpu)
{
	if (POLLS_BLOCKED)
		(void)kick_signal_eat(vcpu);
}

static inline bool kick_guest_enter(struct kick_vcpu *vcpu)
{
	if (READ_ONCE(vcpu->requests))
		return false;
	kick_window(KICK_W_LOOK_RUN);
	if (READ_ONCE(vcpu->halted)) {
		(void)kick_wait_signal(vcpu, &vcpu->nothing, 0);
		WRITE_ONCE(vcpu->halted, 0);
		return false;
	}
	/* By itself it would run on with a signal that was taken: its handler would set immediate_exit. */
	kick_signal_mask(vcpu, true);
	if (!READ_ONCE(vcpu->requests) && kick_run_begin(vcpu, NULL))
		return true;
	(void)kick_signal_eat(vcpu);
	kick_signal_mask(vcpu, POLLS_BLOCKED);
	return false;
}

static inline void kick_guest_exit(struct kick_vcpu *vcpu)
{
	kick_run_end(vcpu);
	(void)kick_signal_eat(vcpu);
	kick_signal_mask(vcpu, POLLS_BLOCKED);
	WRITE_ONCE(vcpu->halted, 1);
}

static inline void kick_view(struct kick_vcpu *vcpu, struct kick_view *view)
{
	view->claimed = false;
	view->requests = kick_peek(vcpu->requests);
	view->cpu = -1;
}
