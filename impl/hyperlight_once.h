/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hyperlight_1024 with one signal: a thread that has looked and is not in KVM_RUN yet takes it for nothing.
 */
#include "kick_vmm.h"

KICK_DECLARE(.summary = "hyperlight_1024, but signals once",
	     .origin = "mutant of hyperlight_1024; as cloud-hypervisor before 7459", .world = "vmm",
	     .features = KICK_F_SIGNAL | KICK_F_REQUESTS | KICK_F_PER_CALL, .may = KICK_MAY_LOSE,
	     .stress_tso = { KICK_CAUGHT, KICK_V_LOST }, .stress_weak = { KICK_CAUGHT, KICK_V_LOST },
	     .explore = { { "run", KICK_M_ALL, KICK_V_LOST }, { "run-twice", KICK_M_ALL, KICK_V_LOST },
			  { "storm", KICK_M_ALL, KICK_V_LOST },
			  { "stale", KICK_M_ALL, KICK_V_LOST } });

#define HYPERLIGHT_RETRIES 0
#define kick_decl parent_decl
#include "hyperlight_1024.h"
#undef kick_decl
