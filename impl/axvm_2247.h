/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * axvm's kick before pull 2247: the target is where the scheduler has put the task, and pending work is
 * looked at while interrupts are still on.  The IPI finds the host, and the guest begins.
 */
KICK_DECLARE(.summary = "the target is the scheduler's; work is looked at with interrupts on",
	     .origin = "tgoskits pull 2247, August 2026",
	     .world = "axvm", .features = KICK_F_REQUESTS | KICK_F_BLOCK,
	     .may = KICK_MAY_LOSE, .stress_tso = { KICK_CAUGHT, KICK_V_LOST },
	     .stress_weak = { KICK_CAUGHT, KICK_V_LOST },
	     .explore = { KICK_LOST_EVERYWHERE,
			  { "wake", KICK_M_ALL, KICK_V_LOST },
			  { "sleeps-twice", KICK_M_ALL, KICK_V_LOST },
			  { "no-wakeup-sleeper", KICK_M_ALL, KICK_V_LOST } });

#define AXVM_BY_SCHEDULER 1
#include "family/axvm.h"
