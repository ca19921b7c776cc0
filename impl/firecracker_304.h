/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Firecracker before it used immediate_exit: a signal with an empty handler.
 */
#include "kick_vmm.h"

KICK_DECLARE(.summary = "a message and a signal, whose handler is empty",
	     .origin = "firecracker pull 304, May 2018; issue 1392",
	     .world = "vmm", .features = KICK_F_SIGNAL | KICK_F_REQUESTS,
	     .may = KICK_MAY_LOSE, .stress_tso = { KICK_CAUGHT, KICK_V_LOST },
	     .stress_weak = { KICK_CAUGHT, KICK_V_LOST },
	     .explore = { { "run", KICK_M_ALL, KICK_V_LOST }, { "run-twice", KICK_M_ALL, KICK_V_LOST },
			  { "storm", KICK_M_ALL, KICK_V_LOST } });

#define VMM_HANDLER(vcpu) barrier()
#include "family/vmm.h"
