/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The locked protocol with Concurrency Kit's fetch-and-store spin lock: the cheapest when alone, unfair.
 */
KICK_DECLARE(.summary = "a fetch-and-store spin lock around cpu and mode",
	     .origin = "after bhyve's vcpu lock; ck_spinlock_fas",
	     .features = KICK_F_REQUESTS | KICK_F_MASK | KICK_F_WAIT | KICK_F_WALK | KICK_F_BLOCK);

struct kick_no_node {};
#define LOCK_TYPE struct kick_fas
#define LOCK_NODE struct kick_no_node
#define LOCK(l, node) kick_fas_lock(l)
#define UNLOCK(l, node) kick_fas_unlock(l)

#include "family/locked.h"
