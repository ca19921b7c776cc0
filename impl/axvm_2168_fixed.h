/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * axvm's notification with pull 2168: the machine's lock is given back before the queue's is taken.
 */
KICK_DECLARE(.summary = "gives the lock of the machine back before it notifies",
	     .origin = "tgoskits pull 2168, August 2026",
	     .world = "axvm", .features = KICK_F_CLAIM | KICK_F_REQUESTS | KICK_F_BLOCK);

#define AXVM_MACHINE AXVM_GIVES_BACK
#include "family/axvm.h"
