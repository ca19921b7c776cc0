/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Cloud Hypervisor's resume before pull 7397: it takes the acknowledgements back itself and does not wait.  A
 * pause at once after it finds a vCPU that is still parked and never acknowledges again.
 */
#include "kick_vmm.h"

KICK_DECLARE(.summary = "resume takes the acknowledgements back itself, and does not wait",
	     .origin = "cloud-hypervisor pull 7397, October 2025",
	     .world = "vmm", .features = KICK_F_SIGNAL | KICK_F_REQUESTS | KICK_F_PAUSE,
	     .stress_tso = { KICK_CAUGHT, KICK_V_DEADLOCK },
	     .stress_weak = { KICK_CAUGHT, KICK_V_DEADLOCK },
	     .explore = { { "pause", KICK_M_ALL, KICK_V_DEADLOCK } });

#define PAUSE_RESUME_WAITS 0
#include "family/pause.h"
