/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * qemu_kick, but thread_kicked is taken back after the work was looked at: a kick in between trusts a signal
 * that has been taken already.
 */
#include "kick_vmm.h"

KICK_DECLARE(.summary = "qemu_kick, but thread_kicked is taken back after the look",
	     .origin = "mutant of qemu_kick", .world = "vmm",
	     .features = KICK_F_SIGNAL | KICK_F_REQUESTS, .may = KICK_MAY_LOSE,
	     .stress_tso = { KICK_CAUGHT, KICK_V_LOST }, .stress_weak = { KICK_CAUGHT, KICK_V_LOST },
	     .explore = { { "run-twice", KICK_M_ALL, KICK_V_LOST }, { "storm", KICK_M_ALL, KICK_V_LOST } });

#define QEMU_TAKES_LATE 1
#define kick_decl parent_decl
#include "qemu_kick.h"
#undef kick_decl
