/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * zircon_kick, but the kick is looked at before interrupts go off: the order that its text argues against.
 */
KICK_DECLARE(.summary = "zircon_kick, but looks while interrupts are still on",
	     .origin = "mutant of zircon_kick", .world = "zircon", .features = KICK_F_REQUESTS,
	     .may = KICK_MAY_LOSE, .stress_tso = { KICK_CAUGHT, KICK_V_LOST },
	     .stress_weak = { KICK_CAUGHT, KICK_V_LOST },
	     .explore = { KICK_LOST_EVERYWHERE });

#define ZIRCON_LOOK_EARLY 1
#define kick_decl parent_decl
#include "zircon_kick.h"
#undef kick_decl
