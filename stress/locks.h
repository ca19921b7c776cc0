/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Locks under stress.  Spinning for one whose holder was preempted in a window costs a time slice:
 * these yield, and take the lock when it is free.  The order of waiters is no part of the protocol.
 *
 * Each thread says which locks it holds and which it wants.  Threads in a ring, each of which wants what
 * the next one holds, wait for ever: a deadlock, whatever the time.  Who finds that goes on without the
 * lock, so that the machine does.
 */
#ifndef STRESS_LOCKS_H
#define STRESS_LOCKS_H

#include "stress/state.h"

enum { LOCK_TURN = 64, LOCK_LOOK = 4096 };

/* No full barrier, which the protocol might lack: what is held is said after it is, and taken back before. */
#define LOCK_SAY(field, v) __atomic_store_n(&(field), v, __ATOMIC_RELEASE) /* pairs with LOCK_HEAR() */
#define LOCK_HEAR(field) __atomic_load_n(&(field), __ATOMIC_ACQUIRE)	   /* pairs with LOCK_SAY() */

static inline struct stress_thread *lock_holder(const void *lock)
{
	for (int k = 0; k < stress.n_threads; k++)
		for (int i = 0; i < STRESS_LOCKS; i++)
			if (LOCK_HEAR(stress.thread[k]->holds[i]) == lock)
				return stress.thread[k];
	return NULL;
}

/* Does the ring come back to this thread?  The steps of all in it: two looks at one ring are the same. */
static inline uint64_t lock_ring(void)
{
	const void *lock = LOCK_HEAR(stress_self->wants);
	uint64_t steps = 1;

	for (int n = 0; lock && n < stress.n_threads; n++) {
		const struct stress_thread *t = lock_holder(lock);

		if (!t)
			return 0;
		steps = steps * 31 + LOCK_HEAR(t->lock_steps);
		if (t == stress_self)
			return steps;
		lock = LOCK_HEAR(t->wants);
	}
	return 0;
}

/* Whoever waits changes nothing, so what stood twice stood all at once in between. */
static inline bool lock_is_stuck(uint32_t turn, uint64_t *seen)
{
	uint64_t ring, before = *seen;

	if (turn % LOCK_LOOK)
		return false;
	ring = *seen = lock_ring();
	if (!ring || ring != before)
		return false;
	stress_found(KICK_V_DEADLOCK, stress_self->target, -1);
	return true;
}

static inline void lock_begin(const void *lock)
{
	LOCK_SAY(stress_self->wants, lock);
	LOCK_SAY(stress_self->lock_steps, stress_self->lock_steps + 1);
}

static inline void lock_got(const void *lock, bool got)
{
	for (int i = 0; got && i < STRESS_LOCKS; i++)
		if (!stress_self->holds[i]) {
			LOCK_SAY(stress_self->holds[i], lock);
			break;
		}
	stress_self->without = got ? stress_self->without : lock;
	LOCK_SAY(stress_self->wants, NULL);
	LOCK_SAY(stress_self->lock_steps, stress_self->lock_steps + 1);
}

/* Before it is given back.  False: it was never had. */
static inline bool lock_end(const void *lock)
{
	if (stress_self->without == lock) {
		stress_self->without = NULL;
		return false;
	}
	for (int i = 0; i < STRESS_LOCKS; i++)
		if (stress_self->holds[i] == lock) {
			LOCK_SAY(stress_self->holds[i], NULL);
			break;
		}
	LOCK_SAY(stress_self->lock_steps, stress_self->lock_steps + 1);
	return true;
}

#define LOCK_UNTIL(l, taken)                                                                       \
	do {                                                                                       \
		uint64_t seen_ = 0;                                                                \
		bool got_ = taken;                                                                 \
		if (!got_)                                                                         \
			lock_begin(l);                                                             \
		for (uint32_t turn_ = LOCK_TURN; !got_ && !(got_ = (taken)); turn_ += LOCK_TURN) { \
			machine_relax_bounded(turn_);                                              \
			if (lock_is_stuck(turn_, &seen_))                                          \
				break;                                                             \
		}                                                                                  \
		lock_got(l, got_);                                                                 \
		kick_tsan_acquire(l);                                                              \
	} while (0)

static inline void kick_fas_lock(struct kick_fas *l)
{
	LOCK_UNTIL(l, ck_spinlock_fas_trylock(&l->l));
}

static inline void kick_fas_unlock(struct kick_fas *l)
{
	if (lock_end(l))
		machine_fas_unlock(l);
}

static inline void kick_ticket_lock(struct kick_ticket *l)
{
	LOCK_UNTIL(l, kick_ticket_trylock(l));
}

static inline void kick_ticket_unlock(struct kick_ticket *l)
{
	if (lock_end(l))
		machine_ticket_unlock(l);
}

static inline void kick_mcs_lock(struct kick_mcs *l, struct kick_mcs_node *node)
{
	LOCK_UNTIL(l, ck_spinlock_mcs_trylock(&l->l, &node->n));
}

static inline void kick_mcs_unlock(struct kick_mcs *l, struct kick_mcs_node *node)
{
	if (lock_end(l))
		machine_mcs_unlock(l, node);
}

static inline void kick_mutex_lock(struct kick_mutex *l)
{
	LOCK_UNTIL(l, !pthread_mutex_trylock(&l->m));
}

static inline bool kick_mutex_trylock(struct kick_mutex *l)
{
	bool got = machine_mutex_trylock(l);

	if (got)
		lock_got(l, true);
	return got;
}

static inline void kick_mutex_unlock(struct kick_mutex *l)
{
	if (lock_end(l))
		machine_mutex_unlock(l);
}

#endif
