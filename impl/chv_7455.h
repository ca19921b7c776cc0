/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The sender tries the lock that the vCPU's thread holds around KVM_RUN: if it gets it, the thread is
 * outside and immediate_exit is set; if not, it must be in KVM_RUN, and gets a signal.  It may also have
 * taken the lock and be about to call KVM_RUN.
 */
#include "kick_vmm.h"

KICK_DECLARE(.summary = "trylock: taken, it is in KVM_RUN and gets a signal; else immediate_exit",
	     .origin = "cloud-hypervisor pull 7455, November 2025",
	     .world = "vmm", .features = KICK_F_SIGNAL | KICK_F_REQUESTS,
	     .may = KICK_MAY_LOSE, .stress_tso = { KICK_CAUGHT, KICK_V_LOST },
	     .stress_weak = { KICK_CAUGHT, KICK_V_LOST },
	     .explore = { { "run", KICK_M_ALL, KICK_V_LOST }, { "run-twice", KICK_M_ALL, KICK_V_LOST },
			  { "storm", KICK_M_ALL, KICK_V_LOST } });

#ifndef VMM_HANDLER
#define VMM_HANDLER(vcpu) barrier()
#endif
#define VMM_SEND(vcpu) chv_try_or_signal(vcpu)
#define VMM_LOCK(vcpu) kick_mutex_lock(&(vcpu)->lock)
#define VMM_UNLOCK(vcpu) kick_mutex_unlock(&(vcpu)->lock)
static inline bool chv_try_or_signal(struct kick_vcpu *vcpu);
#include "family/vmm.h"

static inline bool chv_try_or_signal(struct kick_vcpu *vcpu)
{
	if (kick_mutex_trylock(&vcpu->lock)) {
		WRITE_ONCE(vcpu->immediate_exit, 1);
		kick_mutex_unlock(&vcpu->lock);
	}
	kick_signal(vcpu);
	return true;
}
