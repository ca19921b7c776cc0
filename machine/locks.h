/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The world's lock types: a pthread mutex and Concurrency Kit's spin locks, under contract names. */
#ifndef MACHINE_LOCKS_H
#define MACHINE_LOCKS_H

#include <ck_spinlock.h>
#include <pthread.h>

#include "kick_ops_native.h"

/* TSan cannot see into Concurrency Kit's assembly: tell it what an acquire and a release are. */
#ifdef KICK_TSAN
void __tsan_acquire(void *addr);
void __tsan_release(void *addr);
#define kick_tsan_acquire(l) __tsan_acquire(l)
#define kick_tsan_release(l) __tsan_release(l)
#else
#define kick_tsan_acquire(l) ((void)(l))
#define kick_tsan_release(l) ((void)(l))
#endif

struct kick_mutex {
	pthread_mutex_t m; /* zero bytes: PTHREAD_MUTEX_INITIALIZER, checked by a test */
};
struct kick_fas {
	ck_spinlock_fas_t l;
};
struct kick_ticket {
	ck_spinlock_ticket_t l;
};
struct kick_mcs {
	ck_spinlock_mcs_t l;
};
struct kick_mcs_node {
	struct ck_spinlock_mcs n;
};

static inline void kick_mutex_lock(struct kick_mutex *l)
{
	pthread_mutex_lock(&l->m);
}

static inline void kick_mutex_unlock(struct kick_mutex *l)
{
	pthread_mutex_unlock(&l->m);
}

static inline bool kick_mutex_trylock(struct kick_mutex *l)
{
	return !pthread_mutex_trylock(&l->m);
}

static inline void kick_fas_lock(struct kick_fas *l)
{
	ck_spinlock_fas_lock(&l->l);
	kick_tsan_acquire(l);
}

static inline void kick_fas_unlock(struct kick_fas *l)
{
	kick_tsan_release(l);
	ck_spinlock_fas_unlock(&l->l);
}

static inline void kick_ticket_lock(struct kick_ticket *l)
{
	ck_spinlock_ticket_lock(&l->l);
	kick_tsan_acquire(l);
}

/*
 * Takes it only where nobody has it or waits for it.  ck has a trylock on x86 only, where both numbers
 * are one word.
 */
static inline bool kick_ticket_trylock(struct kick_ticket *l)
{
#ifdef CK_F_SPINLOCK_TICKET_TRYLOCK
	return ck_spinlock_ticket_trylock(&l->l);
#else
	unsigned int next = ck_pr_load_uint(&l->l.next);

	/* The position is never ahead: while next stays, so does what equals it. */
	if (ck_pr_load_uint(&l->l.position) != next || !ck_pr_cas_uint(&l->l.next, next, next + 1))
		return false;
	ck_pr_fence_lock(); /* pairs with the ck_pr_fence_unlock() of ck_spinlock_ticket_unlock() */
	return true;
#endif
}

static inline void kick_ticket_unlock(struct kick_ticket *l)
{
	kick_tsan_release(l);
	ck_spinlock_ticket_unlock(&l->l);
}

static inline void kick_mcs_lock(struct kick_mcs *l, struct kick_mcs_node *node)
{
	ck_spinlock_mcs_lock(&l->l, &node->n);
	kick_tsan_acquire(l);
}

static inline void kick_mcs_unlock(struct kick_mcs *l, struct kick_mcs_node *node)
{
	kick_tsan_release(l);
	ck_spinlock_mcs_unlock(&l->l, &node->n);
}

#endif
