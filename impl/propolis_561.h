/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Propolis, user space over illumos' bhyve: hold is set, then a register is read, for which the kernel
 * ends a run.  A vCPU that has looked at hold and does not run yet is not reached, and runs on.
 */
KICK_DECLARE(.summary = "a hold flag, and a poke that reaches a run that goes on",
	     .origin = "Propolis issue 561, November 2023",
	     .world = "bhyve", .features = KICK_F_REQUESTS,
	     .may = KICK_MAY_LOSE, .stress_tso = { KICK_CAUGHT, KICK_V_LOST },
	     .stress_weak = { KICK_CAUGHT, KICK_V_LOST },
	     .explore = { KICK_LOST_EVERYWHERE });

#define RUN_STICKS 0
#include "family/run.h"
