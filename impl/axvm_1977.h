/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * axvm's WFI before pull 1977: it looks at interrupts, and the request is work of a device that is none yet.
 * A wake-up that came before its number was read is swallowed with it.
 */
KICK_DECLARE(.summary = "WFI looks at interrupts, and the work is none yet",
	     .origin = "tgoskits pull 1977, August 2026",
	     .world = "axvm", .features = KICK_F_CLAIM | KICK_F_REQUESTS | KICK_F_BLOCK,
	     .stress_tso = { KICK_CAUGHT, KICK_V_WAKE }, .stress_weak = { KICK_CAUGHT, KICK_V_WAKE },
	     .explore = { { "wake", KICK_M_ALL, KICK_V_WAKE },
			  { "sleeps-twice", KICK_M_ALL, KICK_V_WAKE } });

#define AXVM_LOOK(vcpu) ((void)(vcpu), false)
#define AXVM_CAME(vcpu, seen) (READ_ONCE((vcpu)->wakes) != (seen))
#include "family/axvm.h"
