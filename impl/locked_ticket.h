/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The locked protocol with Concurrency Kit's ticket lock: first come, first served.
 */
KICK_DECLARE(.summary = "a ticket lock around cpu and mode",
	     .origin = "after bhyve's vcpu lock; ck_spinlock_ticket",
	     .features = KICK_F_REQUESTS | KICK_F_MASK | KICK_F_WAIT | KICK_F_WALK | KICK_F_BLOCK);

struct kick_no_node {};
#define LOCK_TYPE struct kick_ticket
#define LOCK_NODE struct kick_no_node
#define LOCK(l, node) kick_ticket_lock(l)
#define UNLOCK(l, node) kick_ticket_unlock(l)

#include "family/locked.h"
