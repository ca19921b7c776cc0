/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * OpenVMM over the Windows Hypervisor Platform: a message is queued and the virtual processor's task is
 * woken.  One that has looked at the queue and does not run yet has had the wake for nothing.
 */
KICK_DECLARE(.summary = "a message is queued and the task woken; no cancel that sticks",
	     .origin = "OpenVMM pull 4033, July 2026",
	     .world = "hyperv", .features = KICK_F_REQUESTS,
	     .may = KICK_MAY_LOSE, .stress_tso = { KICK_CAUGHT, KICK_V_LOST },
	     .stress_weak = { KICK_CAUGHT, KICK_V_LOST },
	     .explore = { KICK_LOST_EVERYWHERE });

#define RUN_STICKS 0
#include "family/run.h"
