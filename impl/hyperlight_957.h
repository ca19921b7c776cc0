/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hyperlight_1024 whose calls begin with what the last one left: a kill that comes when its call is over ends
 * the next one.
 */
#include "kick_vmm.h"

KICK_DECLARE(.summary = "hyperlight_1024, but a call does not clear CANCEL when it begins",
	     .origin = "hyperlight pull 957, October 2025", .world = "vmm",
	     .features = KICK_F_SIGNAL | KICK_F_REQUESTS | KICK_F_PER_CALL,
	     .stress_tso = { KICK_CAUGHT, KICK_V_STALE }, .stress_weak = { KICK_CAUGHT, KICK_V_STALE },
	     .explore = { { "stale", KICK_M_ALL, KICK_V_STALE } });

#define HYPERLIGHT_CLEARS 0
#define kick_decl parent_decl
#include "hyperlight_1024.h"
#undef kick_decl
