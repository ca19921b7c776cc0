/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Hyperlight: one word has RUNNING and what cancels the call; a kill sets its bit and signals again until
 * RUNNING is gone.  The handler is empty and there is no immediate_exit, so that it is the retry that reaches
 * a thread which has looked and is not in KVM_RUN yet.
 */
#include "kick_vmm.h"
#define KICK_LACKS_LOAD
#define KICK_LACKS_MASK
#define KICK_LACKS_WALK
#define KICK_LACKS_BLOCK
#define KICK_LACKS_RECHECK
#define KICK_LACKS_PAUSE
#define KICK_LACKS_EXIT_WORK

KICK_DECLARE(.summary = "RUNNING and CANCEL in one word; signals until RUNNING is gone",
	     .origin = "hyperlight pull 1024, November 2025", .world = "vmm",
	     .features = KICK_F_SIGNAL | KICK_F_REQUESTS | KICK_F_PER_CALL);

#ifndef HYPERLIGHT_RETRIES
#define HYPERLIGHT_RETRIES 1
#endif
/* A call begins with what is left of the one before, or without. */
#ifndef HYPERLIGHT_CLEARS
#define HYPERLIGHT_CLEARS 1
#endif

#define RUNNING (1UL << 32)
#define CANCEL (RUNNING - 1) /* a bit for each request */

struct kick_vcpu {
	kick_ulong state; /* the vCPU's thread: RUNNING; kickers: CANCEL */
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
	(void)fetch_or_release(&vcpu->state, KICK_BIT(nr));
}

static inline unsigned long kick_take(struct kick_vcpu *vcpu)
{
	unsigned long cancel = smp_load_acquire(&vcpu->state) & CANCEL;

	if (cancel)
		(void)fetch_and_release(&vcpu->state, ~cancel);
	return cancel;
}

static inline void kick_new_call(struct kick_vcpu *vcpu)
{
	if (HYPERLIGHT_CLEARS)
		(void)fetch_and_release(&vcpu->state, ~CANCEL);
}

static inline void kick_handler(struct kick_vcpu *vcpu)
{
	(void)vcpu;
}

static inline enum kick_outcome kick_send(struct kick_vcpu *vcpu, unsigned int flags)
{
	enum kick_outcome outcome = KICK_OUTSIDE;
	unsigned long state;

	(void)flags;
	for (;;) {
		state = smp_load_acquire(&vcpu->state);
		if (!(state & RUNNING) || !(state & CANCEL))
			return outcome;
		kick_signal(vcpu);
		outcome = KICK_SENT;
		if (!HYPERLIGHT_RETRIES)
			return outcome;
		kick_signal_wait(vcpu);
	}
}

static inline void kick_guest_exit(struct kick_vcpu *vcpu)
{
	kick_run_end(vcpu);
	(void)fetch_and_release(&vcpu->state, ~RUNNING);
}

static inline bool kick_guest_enter(struct kick_vcpu *vcpu)
{
	(void)fetch_or_release(&vcpu->state, RUNNING);
	if (!(smp_load_acquire(&vcpu->state) & CANCEL)) {
		kick_window(KICK_W_LOOK_RUN);
		if (kick_run_begin(vcpu, NULL))
			return true;
	}
	(void)fetch_and_release(&vcpu->state, ~RUNNING);
	return false;
}

static inline void kick_view(struct kick_vcpu *vcpu, struct kick_view *view)
{
	view->claimed = false;
	view->requests = kick_peek(vcpu->state) & CANCEL;
	view->cpu = -1;
}
