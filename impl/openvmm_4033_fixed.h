/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * OpenVMM with WHvCancelRunVirtualProcessor() after the message: it ends the run that goes on or the next
 * one.
 */
KICK_DECLARE(.summary = "a message is queued, then a cancel that sticks until the next run",
	     .origin = "OpenVMM pull 4033, July 2026",
	     .world = "hyperv", .features = KICK_F_REQUESTS);

#define RUN_STICKS 1
#include "family/run.h"
