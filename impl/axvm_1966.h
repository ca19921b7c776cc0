/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * axvm's WFI before pull 1966: it looks for work and then waits in the queue, and whoever comes in between
 * wakes nobody.
 */
KICK_DECLARE(.summary = "WFI looks for work, then waits in a queue that nobody looks at again",
	     .origin = "tgoskits pull 1966, August 2026",
	     .world = "axvm", .features = KICK_F_CLAIM | KICK_F_REQUESTS | KICK_F_BLOCK,
	     .stress_tso = { KICK_CAUGHT, KICK_V_WAKE }, .stress_weak = { KICK_CAUGHT, KICK_V_WAKE },
	     .explore = { { "wake", KICK_M_ALL, KICK_V_WAKE },
			  { "sleeps-twice", KICK_M_ALL, KICK_V_WAKE } });

#define AXVM_CAME(vcpu, seen) ((void)(seen), false)
#include "family/axvm.h"
