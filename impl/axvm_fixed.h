/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * axvm with pulls 1966, 1977 and 2247: wake-ups are numbered, the work of devices is looked at before the
 * wait and under the lock of the queue, and a state word says in guest mode, and where.  The barrier
 * before the look at that word is ours: docs/worlds.md.
 */
KICK_DECLARE(.summary = "numbered wake-ups, work looked at twice, state and pCPU in one word",
	     .origin = "tgoskits pulls 1966, 1977, 2247, August 2026",
	     .world = "axvm", .features = KICK_F_CLAIM | KICK_F_REQUESTS | KICK_F_BLOCK);

#include "family/axvm.h"
