/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pkvm_83_fixed, but nobody waits: an INIT that was sent is not an exit that has happened, and pages are
 * freed under the guest.
 */
KICK_DECLARE(.summary = "pkvm_83_fixed, but does not wait for the exit",
	     .origin = "pKVM-IA issue 83, March 2026: \"async TLB flush\"", .world = "pkvm",
	     .features = KICK_F_CLAIM | KICK_F_REQUESTS | KICK_F_KICK_WAIT,
	     .stress_tso = { KICK_CAUGHT, KICK_V_WAIT }, .stress_weak = { KICK_CAUGHT, KICK_V_WAIT },
	     .explore = { { "wait", KICK_M_ALL, KICK_V_WAIT } });

#define PKVM_WAITS 0
#define kick_decl parent_decl
#include "pkvm_83_fixed.h"
#undef kick_decl
