/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * As vmm_flag.h, but the sender sets immediate_exit, and the vCPU's thread clears it without a full barrier
 * before it looks at the requests again: firecracker 1410.
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

KICK_DECLARE(.summary = "the sender sets immediate_exit, cleared without a barrier",
	     .origin = "firecracker 1410",
	     .features = KICK_F_SIGNAL | KICK_F_REQUESTS,
	     .stress_tso = { KICK_SILENT, 0, "a store buffer must hold one store for a whole kick" },
	     .stress_weak = { KICK_SILENT, 0, "the same" },
	     .explore = { { "run-twice", KICK_M_SC, 0 },
			  { "run-twice", KICK_M_STORE_BUFFER, KICK_V_LOST } });

struct kick_vcpu {
	kick_ulong requests; /* kickers set bits; the vCPU's thread takes them */
	kick_int immediate_exit; /* kickers set it; the vCPU's thread clears it */
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
	fetch_or(&vcpu->requests, KICK_BIT(nr));
}

static inline unsigned long kick_take(struct kick_vcpu *vcpu)
{
	return READ_ONCE(vcpu->requests) ? xchg(&vcpu->requests, 0) : 0;
}

static inline enum kick_outcome kick_send(struct kick_vcpu *vcpu, unsigned int flags)
{
	(void)flags;
	WRITE_ONCE(vcpu->immediate_exit, 1);
	kick_signal(vcpu);
	return KICK_SENT;
}

static inline void kick_handler(struct kick_vcpu *vcpu)
{
	(void)vcpu;
}

static inline bool kick_guest_enter(struct kick_vcpu *vcpu)
{
	if (READ_ONCE(vcpu->requests))
		return false;
	kick_window(KICK_W_LOOK_RUN);
	if (kick_run_begin(vcpu, &vcpu->immediate_exit))
		return true;
	WRITE_ONCE(vcpu->immediate_exit, 0);
	return false;
}

static inline void kick_guest_exit(struct kick_vcpu *vcpu)
{
	kick_run_end(vcpu);
	WRITE_ONCE(vcpu->immediate_exit, 0);
}

static inline void kick_view(struct kick_vcpu *vcpu, struct kick_view *view)
{
	view->claimed = false;
	view->requests = kick_peek(vcpu->requests);
	view->cpu = -1;
}
