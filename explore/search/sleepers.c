// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Of a graph, the walk of states builds nothing twice: who went first from a state sleeps in what others
 * begin there, until one of them touches the same slot.  All graphs that he could go on to from where he
 * sleeps are among those that he went on to before (sleep sets; Godefroid 1996).  Who reads a word was tried
 * with every store that there was, and is not woken, but dozes once there are new ones: he may go on, and
 * reads one of those.
 *
 * Of each state is noted who slept in all visits, and with which stores he was not tried there; if now he may
 * be tried with one of them, what he begins is still to be seen.
 */
#include "explore/search/sleepers.h"

#include <stdlib.h>
#include <string.h>

#include "explore/engine/state.h"

static uint64_t *slept_in; /* tried_before(), by number of the state */
static size_t slept_room;

void xp_sleepers_fini(void)
{
	free(slept_in);
	slept_in = NULL;
	slept_room = 0;
}

/* May somebody sleep?  Whoever is judged as soon as a kick returns looks at more than a slot. */
static bool sleeps(void)
{
	return xp.model->graph && xp.forgets && !xp_by_stack() && !xp.program->count_ipis;
}

/* Those that sleep, and do not doze. */
uint32_t xp_asleep(void)
{
	return sleeps() ? xp.sleep & ~xp.level[xp.depth].dozing : 0;
}

static bool reads(const struct xp_op *op)
{
	return op->kind == XP_LOAD || (op->kind >= XP_XCHG && op->kind <= XP_LAST_ON_WORD);
}

enum { PLACES = 8 }; /* of the newest stores to a word: bits of a byte */
_Static_assert(XP_FIBERS * PLACES <= 64, "a byte for each fiber");

/* With which stores it was not tried before it fell asleep: bit 0 is the newest of its word. */
static uint32_t untried(int fiber)
{
	const struct xp_op *op = xp_pending(fiber);

	return reads(op) ? xp.model->newer(op->slot, xp.seen[fiber]) : 0;
}

/* Who dozes; and it is awake if a byte does not tell all stores that are new to it. */
void xp_rouse(void)
{
	uint32_t left = sleeps() ? xp.sleep : 0, stores;

	for (; left; left &= left - 1) {
		int q = __builtin_ctz(left);

		stores = untried(q);
		if (stores >> PLACES)
			xp.sleep &= ~(left & -left);
		else if (stores && xp.model->fresh(q, xp_pending(q), xp.seen[q]))
			xp.level[xp.depth].dozing |= left & -left;
	}
}

/* A byte for each fiber: with which stores of the newest it was tried before, and so is not here. */
static uint64_t tried_before(void)
{
	uint64_t tried = 0;
	uint32_t left;

	for (left = sleeps() ? xp.sleep : 0; left; left &= left - 1)
		tried |= (uint64_t)(uint8_t)~untried(__builtin_ctz(left)) << PLACES * __builtin_ctz(left);
	return tried;
}

bool xp_sleepers_note(size_t state, size_t room)
{
	if (state >= slept_room) {
		uint64_t *more = realloc(slept_in, room * sizeof(*more));

		if (!more)
			return false;
		slept_in = more;
		slept_room = room;
	}
	slept_in[state] = tried_before();
	return true;
}

/* Of a state that came before: what is still to be done there, if these steps are what leads on. */
uint32_t xp_sleepers_left(size_t state, bool alone, uint32_t steps)
{
	uint64_t more = sleeps() ? slept_in[state] & ~tried_before() : 0;
	uint32_t woken = 0;

	steps &= ~xp_asleep();
	if (!more || !steps)
		return 0;
	slept_in[state] &= ~more;
	for (int i = 0; i < xp.n_fibers; i++)
		woken |= (uint32_t)!!(uint8_t)(more >> PLACES * i) << i;
	return alone ? steps : steps & woken;
}

/* Two steps on different slots can be taken in either order. */
static bool wakes(const struct xp_op *a, const struct xp_op *b)
{
	return a->slot >= 0 && a->slot == b->slot;
}

/* Who sleeps behind this step.  Whoever was tried at this level was tried with all stores that there are. */
static void fall_asleep(const struct xp_level *l, int agent)
{
	uint32_t left;

	xp.sleep = (l->sleep | l->done) & ~(1u << agent);
	for (left = xp.sleep; left; left &= left - 1) {
		int q = __builtin_ctz(left);
		const struct xp_op *op = xp_pending(q);

		if (reads(op) && l->done >> q & 1)
			xp.seen[q] = xp.model->stores(op->slot);
		else if (!reads(op) && wakes(xp_pending(agent), op))
			xp.sleep &= ~(left & -left);
	}
}

void xp_sleepers_take(int level, int agent)
{
	struct xp_level *l = &xp.level[level];

	if (!sleeps())
		return;
	if (level > xp.replay || !xp.forced) {
		l->sleep = xp.sleep;
		memcpy(l->seen, xp.seen, sizeof(l->seen));
	}
	xp.sleep = l->sleep;
	memcpy(xp.seen, l->seen, sizeof(xp.seen));
	if (l->choices)
		return;
	l->fresh = l->sleep >> agent & 1 ? l->seen[agent] : 0;
	fall_asleep(l, agent);
}
