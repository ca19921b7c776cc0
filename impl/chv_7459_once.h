/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * chv_7459 without the retry: the pause of cloud-hypervisor issue 7427, which waits until the vCPU exits by
 * itself.
 */
#include "kick_vmm.h"

KICK_DECLARE(.summary = "pause: an empty handler, and one signal",
	     .origin = "cloud-hypervisor issue 7427, October 2025",
	     .world = "vmm", .features = KICK_F_SIGNAL | KICK_F_PAUSE,
	     .stress_tso = { KICK_CAUGHT, KICK_V_DEADLOCK },
	     .stress_weak = { KICK_CAUGHT, KICK_V_DEADLOCK },
	     .explore = { { "pause", KICK_M_ALL, KICK_V_DEADLOCK },
			  { "pause-exit", KICK_M_ALL, KICK_V_DEADLOCK },
			  { "exit-all", KICK_M_ALL, KICK_V_DEADLOCK } });

#define VMM_HANDLER(vcpu) barrier()
#define KICK_LACKS_REQUESTS
#include "family/pause.h"
