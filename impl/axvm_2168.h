/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * axvm's notification before pull 2168: it takes the lock of the queue with the machine's held, and the
 * wait's condition takes the machine's under that of the queue.
 */
KICK_DECLARE(.summary = "notifies with the lock of the machine held, which the waiter wants",
	     .origin = "tgoskits pulls 2145 and 2168, August 2026",
	     .world = "axvm", .features = KICK_F_CLAIM | KICK_F_REQUESTS | KICK_F_BLOCK,
	     .stress_tso = { KICK_CAUGHT, KICK_V_DEADLOCK },
	     .stress_weak = { KICK_CAUGHT, KICK_V_DEADLOCK },
	     .explore = { { "wake", KICK_M_ALL, KICK_V_DEADLOCK },
			  { "sleeps-twice", KICK_M_ALL, KICK_V_DEADLOCK } });

#define AXVM_MACHINE AXVM_HOLDS
#include "family/axvm.h"
