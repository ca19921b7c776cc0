/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * xen_kick with the IPI alone and no softirq: what comes between the look at pending work and interrupts off
 * is taken by the host.  Xen's softirq has an empty handler and is there for this.
 */
KICK_DECLARE(.summary = "xen_kick, but an IPI alone: no softirq says look again",
	     .origin = "mutant of xen_kick; what VCPU_KICK_SOFTIRQ is for", .world = "xen",
	     .features = KICK_F_REQUESTS,
	     .may = KICK_MAY_LOSE, .stress_tso = { KICK_CAUGHT, KICK_V_LOST },
	     .stress_weak = { KICK_CAUGHT, KICK_V_LOST },
	     .explore = { KICK_LOST_EVERYWHERE });

#define XEN_SOFTIRQ 0
#define kick_decl parent_decl
#include "xen_kick.h"
#undef kick_decl
