/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pkvm_83_fixed, but the bit is set after the claim: the exit of the stint that was claimed may have cleared
 * the word by then, the INIT finds the host, and the next exit may never come.
 */
KICK_DECLARE(.summary = "pkvm_83_fixed, but the bit is set after the claim",
	     .origin = "pKVM-IA issue 83, March 2026: \"stuck indefinitely\"", .world = "pkvm",
	     .features = KICK_F_CLAIM | KICK_F_REQUESTS | KICK_F_KICK_WAIT,
	     .stress_tso = { KICK_SILENT, 0, "the exit would have to come between the claim and the bit" },
	     .stress_weak = { KICK_SILENT, 0, "the exit would have to come between the claim and the bit" },
	     .explore = { { "wait", KICK_M_ALL, KICK_V_DEADLOCK } });

#define PKVM_EARLY_BIT 0
#define kick_decl parent_decl
#include "pkvm_83_fixed.h"
#undef kick_decl
