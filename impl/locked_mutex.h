/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The locked protocol with a pthread mutex, which sleeps under contention: the one backend whose
 * kick makes a call.
 */
KICK_DECLARE(.summary = "a pthread mutex around cpu and mode",
	     .origin = "after bhyve's vcpu lock",
	     .features = KICK_F_REQUESTS | KICK_F_MASK | KICK_F_WAIT | KICK_F_WALK | KICK_F_BLOCK);

struct kick_no_node {};
#define LOCK_TYPE struct kick_mutex
#define LOCK_NODE struct kick_no_node
#define LOCK(l, node) kick_mutex_lock(l)
#define UNLOCK(l, node) kick_mutex_unlock(l)

#include "family/locked.h"
