/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Cloud Hypervisor until 2025: a flag, a signal, and an empty handler.  A signal that comes between the look
 * at the flag and KVM_RUN is taken there and leaves nothing behind.
 */
#include "kick_vmm.h"

KICK_DECLARE(.summary = "a flag and a signal, whose handler is empty",
	     .origin = "cloud-hypervisor issue 7427, October 2025 (uhyve 1155, rust-vmm/kvm 373)",
	     .world = "vmm", .features = KICK_F_SIGNAL | KICK_F_REQUESTS,
	     .may = KICK_MAY_LOSE, .stress_tso = { KICK_CAUGHT, KICK_V_LOST },
	     .stress_weak = { KICK_CAUGHT, KICK_V_LOST },
	     .explore = { { "run", KICK_M_ALL, KICK_V_LOST }, { "run-twice", KICK_M_ALL, KICK_V_LOST },
			  { "storm", KICK_M_ALL, KICK_V_LOST } });

#define VMM_HANDLER(vcpu) barrier()
#include "family/vmm.h"
