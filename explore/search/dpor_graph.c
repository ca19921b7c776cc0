// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The prover on graphs.  An execution is told from others by its graph, not by the order in which it was
 * built: two operations on a word depend on each other only if one reads from the other.  So a store
 * need never be tried before something else, but for this: a load that was executed first could have
 * read from it.  That is the race, and the load is tried again with the store before it.
 *
 * One more race is there where loads run ahead (ahead.c): what a load could read may be stored by the same
 * operation in an execution in which that comes after the load.  So the load is tried before it, too.
 *
 * A load that sleeps has been tried with every store that there was; when there are new ones, it dozes:
 * it may be executed, and reads one of those.
 */
#include <string.h>

#include "explore/search/dpor.h"

static bool modifies(const struct xp_event *e)
{
	return e->kind >= XP_XCHG && e->kind <= XP_LAST_ON_WORD;
}

/* Could the earlier event have read from the later one? */
static bool may_read(const struct xp_event *earlier, const struct xp_event *later)
{
	if (earlier->access == XP_WRITE)
		return false;
	/* One that fails might not have, without the earlier one. */
	return later->access != XP_READ || (modifies(later) && earlier->access == XP_MODIFIES);
}

static void join(struct xp_clock *c, int event)
{
	if (event >= 0)
		xp_clock_merge(c, &xp.event[event].clock);
}

void xp_graph_resolve(int level, enum xp_access access, int from)
{
	struct xp_event *e = &xp.event[level];
	int i;

	e->access = access;
	if (e->before)
		xp_clock_copy(&e->clock, &xp.event[e->before - 1].clock);
	else
		xp_clock_clear(&e->clock);
	e->clock.at[e->agent] = level + 1;
	for (i = e->prev; i >= 0; i = xp.event[i].prev)
		if (xp.event[i].agent != e->agent && may_read(&xp.event[i], e) &&
		    i + 1 > e->clock.at[xp.event[i].agent])
			xp_add_todo(i, level);
	join(&e->clock, from);
	for (i = level + 1; i < xp.depth; i++) {
		xp_clock_copy(&xp.event[i].clock, &e->clock);
		xp.event[i].clock.at[e->agent] = i + 1;
	}
}

/* Whatever this load reads: stores that are there already might be others if it came first. */
void xp_graph_ahead(int level)
{
	const struct xp_event *e = &xp.event[level];

	for (int i = e->prev; i >= 0; i = xp.event[i].prev)
		if (xp.event[i].agent != e->agent && xp.event[i].access != XP_READ &&
		    i + 1 > e->clock.at[xp.event[i].agent])
			xp_add_todo(i, level);
}

/* Those of the sleepers that have something new to read. */
uint32_t xp_dozing(uint32_t asleep)
{
	uint32_t left, dozing = 0;

	for (left = asleep; left; left &= left - 1) {
		int q = __builtin_ctz(left);
		const struct xp_op *op = xp_pending(q);

		if (!xp.fiber[q].done && xp_on_graph(op) && xp.model->fresh(q, op, xp.seen[q]))
			dozing |= 1u << q;
	}
	return dozing;
}

/* Whoever was tried at this level has been tried with all stores that there are. */
void xp_fall_asleep(const struct xp_level *l)
{
	uint32_t left;

	for (left = xp.sleep; left; left &= left - 1) {
		int q = __builtin_ctz(left);
		const struct xp_op *op = xp_pending(q);

		xp.seen[q] = l->seen[q];
		if (l->done >> q & 1 && op->slot >= 0)
			xp.seen[q] = xp.model->stores(op->slot);
	}
}

/* Stores first: what comes before a load need not be tried before it. */
int xp_stores_first(uint32_t awake)
{
	uint32_t left;

	for (left = awake; left; left &= left - 1)
		if (xp_pending(__builtin_ctz(left))->kind == XP_STORE)
			return __builtin_ctz(left);
	return xp_first(awake);
}
