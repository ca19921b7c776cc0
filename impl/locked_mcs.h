/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The locked protocol with Concurrency Kit's MCS lock: each waiter spins on a line of its own.
 */
KICK_DECLARE(.summary = "an MCS queue lock around cpu and mode",
	     .origin = "after bhyve's vcpu lock; ck_spinlock_mcs",
	     .features = KICK_F_REQUESTS | KICK_F_MASK | KICK_F_WAIT | KICK_F_WALK | KICK_F_BLOCK);

#define LOCK_TYPE struct kick_mcs
#define LOCK_NODE struct kick_mcs_node
#define LOCK(l, node) kick_mcs_lock(l, node)
#define UNLOCK(l, node) kick_mcs_unlock(l, node)

#include "family/locked.h"
