/* SPDX-License-Identifier: GPL-2.0-or-later */
/* event.h, but it looks before it says that it has halted: the classic missed wake-up. */
KICK_DECLARE(.summary = "looks for work before it says that it halts",
	     .origin = "after VirtualBox; as lguest's halt before 2.6.32",
	     .features = KICK_F_REQUESTS | KICK_F_BLOCK,
	     .stress_tso = { KICK_CAUGHT, KICK_V_WAKE }, .stress_weak = { KICK_CAUGHT, KICK_V_WAKE },
	     .explore = { { "wake", KICK_M_ALL, KICK_V_WAKE }, { "sleeps-twice", KICK_M_ALL, KICK_V_WAKE } });

#define EVENT_LATE 1
#include "event.h"
