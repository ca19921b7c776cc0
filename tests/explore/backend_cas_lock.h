/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The locked protocol with a spin lock that is nothing but a word: who claims it in vain tries again, and
 * is a wait from the third turn on.
 */
KICK_DECLARE(.summary = "locked by a loop of cmpxchg", .origin = "test",
	     .features = KICK_F_REQUESTS | KICK_F_MASK | KICK_F_WAIT | KICK_F_WALK | KICK_F_BLOCK);

struct cas_lock {
	kick_int word;
};
struct kick_no_node {};

static inline void cas_lock(struct cas_lock *l)
{
	while (cmpxchg_acquire(&l->word, 0, 1))
		kick_pause();
}

#define LOCK_TYPE struct cas_lock
#define LOCK_NODE struct kick_no_node
#define LOCK(l, node) cas_lock(l)
#define UNLOCK(l, node) smp_store_release(&(l)->word, 0)

#include "impl/family/locked.h"
