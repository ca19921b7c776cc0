/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * s390_block_sie without the word that the hardware looks at when it begins: a stop that comes between the
 * look at PROG_REQUEST and SIE is gone.
 */
#include "kick_vmm.h"

KICK_DECLARE(.summary = "s390_block_sie, but a stop reaches only a SIE that has begun",
	     .origin = "mutant of s390_block_sie", .world = "s390",
	     .features = KICK_F_SIGNAL | KICK_F_REQUESTS | KICK_F_KICK_WAIT, .may = KICK_MAY_LOSE,
	     .stress_tso = { KICK_CAUGHT, KICK_V_DEADLOCK },
	     .stress_weak = { KICK_CAUGHT, KICK_V_DEADLOCK },
	     .explore = { { "run", KICK_M_ALL, KICK_V_LOST | KICK_V_DEADLOCK },
			  { "run-twice", KICK_M_ALL, KICK_V_LOST | KICK_V_DEADLOCK },
			  { "storm", KICK_M_ALL, KICK_V_LOST | KICK_V_DEADLOCK } });

#define S390_BLOCKS 1
#define S390_STOP_INT(vcpu) NULL
#define kick_decl parent_decl
#include "s390_exit_sie.h"
#undef kick_decl
