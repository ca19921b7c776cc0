/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * event.h, but it looks before it says that it has halted: the classic missed wake-up.  Woken for nothing,
 * by an event of before, it has no request to take, so that no barrier is between waits = 0 and the guest:
 * a kick that still sees the 1 posts an event, and no IPI.
 */
KICK_DECLARE(.summary = "looks for work before it says that it halts",
	     .origin = "after VirtualBox; as lguest's halt before 2.6.32",
	     .features = KICK_F_REQUESTS | KICK_F_BLOCK,
	     .stress_tso = { KICK_CAUGHT, KICK_V_WAKE }, .stress_weak = { KICK_CAUGHT, KICK_V_WAKE },
	     .explore = { { "wake", KICK_M_ALL, KICK_V_WAKE },
			  { "sleeps-twice", KICK_M_SC, KICK_V_WAKE },
			  { "sleeps-twice", KICK_M_STORE_BUFFER, KICK_V_WAKE | KICK_V_LOST } });

#define EVENT_LATE 1
#include "event.h"
