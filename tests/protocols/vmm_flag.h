/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A VMM's vCPU looks at a flag and goes into KVM_RUN; its handler does nothing.  A signal between the two is
 * gone, and the flag is looked at when KVM_RUN next returns by itself: cloud-hypervisor 7427.
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

KICK_DECLARE(.summary = "a flag and a signal with an empty handler", .origin = "cloud-hypervisor 7427",
	     .features = KICK_F_SIGNAL | KICK_F_REQUESTS,
	     .stress_tso = { KICK_CAUGHT, KICK_V_LOST }, .stress_weak = { KICK_CAUGHT, KICK_V_LOST },
	     .explore = { { "run", KICK_M_ALL, KICK_V_LOST } });

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
