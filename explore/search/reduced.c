// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The stateful walk with fewer states, for what re-reads: one step alone is taken from a state where that
 * step can neither change what anybody else may do nor be changed by it, now or later.  That is so for a
 * step on a word that nobody else will touch any more, and for a fence that waits for nothing (a persistent
 * set of one step; Godefroid 1996).  The graph of states has no cycles, since every step adds to what a
 * fiber has been told or empties a buffer, so nothing is put off for ever: the ends are those of the
 * whole walk.
 *
 * Who touches which word is not known beforehand.  It is noted of whatever is announced in any state; if a
 * word that was taken for somebody's own turns out to be shared, the walk begins anew, and knows
 * better.  In the last round nothing was taken for granted that is not so in every state of it, and thus
 * in every state: the shortest way to another one would have an equal in that round.
 */
#include "explore/search/search.h"

#include <string.h>

static struct xp_set seen;
static uint8_t touched[XP_SLOTS]; /* by whom: bits of fibers */
static bool relied[XP_SLOTS];	  /* one of them was taken for the only one left */
static bool wrong;		  /* ... and was not */
static size_t path[XP_LEVELS];	  /* the states of the execution by number; SIZE_MAX: a choice */
static bool circles;		  /* a state came again below itself: no step is taken alone any more */
static bool slept[XP_SLOTS], stored[XP_SLOTS]; /* somebody sleeps on it; a store to it went first */

static void start(void)
{
	xp_set_clear(&seen);
	seen.limit = xp.memory_limit;
	memset(touched, 0, sizeof(touched));
	memset(relied, 0, sizeof(relied));
	memset(slept, 0, sizeof(slept));
	memset(stored, 0, sizeof(stored));
	wrong = circles = false;
}

static void fini(void)
{
	xp_set_fini(&seen);
}

static void touch(int fiber, const struct xp_op *op)
{
	if (op->slot < 0)
		return;
	if ((op->kind == XP_SLEEP || op->kind == XP_AWAIT) && !slept[op->slot]) {
		slept[op->slot] = true;
		wrong |= stored[op->slot];
	}
	if (touched[op->slot] >> fiber & 1)
		return;
	touched[op->slot] |= 1u << fiber;
	wrong |= relied[op->slot];
}

/* What is announced in this state. */
static void look(void)
{
	int i;

	for (i = 0; i < xp.n_fibers; i++)
		if (!xp.fiber[i].done)
			touch(i, xp.fiber[i].op);
	for (i = xp.n_fibers; i < xp.n_agents; i++)
		if (xp.lane[i].n)
			touch(xp.lane[i].fiber, xp_pending(i));
	if (xp.forgets && xp.model->remembers && xp.model->remembers()) {
		xp.forgets = false;
		wrong = true;
	}
}

static bool gone(int fiber)
{
	return xp.fiber[fiber].done && !xp.fiber[fiber].buffered;
}

static bool alone(int agent, uint32_t all_gone)
{
	const struct xp_op *op = xp_pending(agent);

	if (op->slot < 0)
		return op->kind == XP_FENCE;
	if (touched[op->slot] & ~all_gone & ~(1u << xp_owner(agent)))
		return false;
	relied[op->slot] = true;
	return true;
}

/*
 * Of a graph: a store takes nothing away that could be read, and may stand before what is there.  But a
 * sleeper's word is looked at as it is.
 */
static bool goes_first(int agent)
{
	const struct xp_op *op = xp_pending(agent);

	if (!xp.model->graph || op->kind != XP_STORE || slept[op->slot])
		return false;
	stored[op->slot] = true;
	return true;
}

/* What is taken alone could be so for ever, and what others do be put off. */
static void look_for_circle(void)
{
	int i;

	for (i = 0; i < xp.depth && !circles; i++)
		circles = wrong = path[i] == path[xp.depth];
}

static int choose(int n)
{
	(void)n;
	path[xp.depth] = SIZE_MAX;
	return 0;
}

static bool known(void)
{
	uint64_t hash[2];
	int added;

	xp_hash_future(hash);
	added = xp_set_add(&seen, hash, &path[xp.depth]);
	if (!added && !circles)
		look_for_circle();
	if (added < 0)
		xp_spent("the memory budget is spent after %llu states", (unsigned long long)xp.states);
	xp.states += added > 0;
	return added <= 0;
}

static int pick(uint32_t enabled)
{
	struct xp_level *l = &xp.level[xp.depth];
	uint32_t left, all_gone = 0;
	int i;

	look();
	if (wrong || known())
		return XP_KNOWN;
	for (i = 0; i < xp.n_fibers; i++)
		all_gone |= (uint32_t)gone(i) << i;
	l->todo = enabled;
	l->done = 0;
	for (left = circles ? 0 : enabled; left; left &= left - 1) {
		i = __builtin_ctz(left);
		if (goes_first(i) || alone(i, all_gone)) {
			l->todo = 1u << i;
			return i;
		}
	}
	return xp_first(enabled);
}

static void take(int level, int agent)
{
	(void)agent;
	xp.event[level].slot = -1;
}

static bool next(void)
{
	int i = xp.depth - 1;

	if (wrong) {
		memset(relied, 0, sizeof(relied));
		memset(stored, 0, sizeof(stored));
		xp_set_clear(&seen);
		xp.executions = xp.pruned = xp.too_long = xp.states = 0;
		wrong = false;
		i = 0;
		xp.forced = false;
		xp.replay = 0;
		return true;
	}
	while (i >= 0 && !xp_another(&xp.level[i]))
		i--;
	xp.replay = i;
	xp.forced = true;
	return i >= 0;
}

const struct xp_search xp_reduced = {
	.name = "stateful", .forgets = true, .start = start, .pick = pick, .take = take, .choose = choose,
	.next = next,
	.end = look, .fini = fini,
};
