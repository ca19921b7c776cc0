/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * firecracker_5428 without the full barrier between clearing immediate_exit and the next look: the look may
 * come first, and the late clearing wipes out what a sender has set in between.
 */
#include "kick_vmm.h"

KICK_DECLARE(.summary = "firecracker_5428 without the full barrier after immediate_exit is cleared",
	     .origin = "mutant of firecracker_5428", .world = "vmm",
	     .features = KICK_F_SIGNAL | KICK_F_REQUESTS,
	     .may = KICK_MAY_LOSE,
	     .stress_tso = { KICK_SILENT, .why = "the window is a store buffer's, and KVM_RUN drains it" },
	     .stress_weak = { KICK_SILENT, .why = "the window is a store buffer's" },
	     .explore = { { "run", KICK_M_STORE_BUFFER, KICK_V_LOST },
			  { "run-twice", KICK_M_STORE_BUFFER, KICK_V_LOST },
			  { "storm", KICK_M_STORE_BUFFER, KICK_V_LOST } });

#define VMM_MB_AFTER_CLEAR() barrier()
#define kick_decl parent_decl
#include "firecracker_5428.h"
#undef kick_decl
