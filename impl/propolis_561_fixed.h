/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Propolis with VM_VCPU_BARRIER: the kernel keeps in mind that a run is to end, and the next one ends at
 * once where none goes on.
 */
KICK_DECLARE(.summary = "a hold flag, and a barrier that sticks until the next run",
	     .origin = "Propolis pull 569 over illumos 16021, November 2023",
	     .world = "bhyve", .features = KICK_F_REQUESTS);

#define RUN_STICKS 1
#include "family/run.h"
