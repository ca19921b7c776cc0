// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The prover: source-DPOR with sleep sets (Abdulla, Aronis, Jonsson, Sagonas 2014).  Every complete
 * execution stands for all that differ only in the order of independent steps, and every such class
 * is visited at least once.
 *
 * Two steps are dependent if they touch the same slot and do not commute there in the state they meet
 * in.  Steps that wait need care: what enabled one (the store that woke a sleeper, the IPI that ended
 * a stint, the release of a lock, the last buffered store before a fence) comes before it in every
 * order, so it is an edge but no race; lock acquisitions race with acquisitions, also when one of them
 * never happens because the lock is never free again.
 */
#include <string.h>

#include "explore/search/dpor.h"

static void merge_event(struct xp_clock *c, int last)
{
	if (last)
		xp_clock_merge(c, &xp.event[last - 1].clock);
}

/* A store that a barrier keeps behind others comes after those, and after nothing else. */
static void merge_earlier_stores(struct xp_clock *c, const struct xp_fiber *f, uint32_t after)
{
	uint32_t seen = 0;

	while (after--) {
		int lane = f->drained[after].lane;

		if (seen >> lane & 1)
			continue;
		seen |= 1u << lane;
		merge_event(c, f->drained[after].event);
	}
}

/* Has it waited for the fiber's stores to leave? */
static bool drains(const struct xp_op *op)
{
	switch (op->kind) {
	case XP_LOCK:
	case XP_SLEEP:
	case XP_IPI:
	case XP_CALL:
	case XP_SIGNAL:
	case XP_WAKE:
	case XP_TRYLOCK:
		return true;
	case XP_POLL:
		return xp.pcpu[op->cpu].pending && !op->n;
	default:
		return op->kind >= XP_XCHG && op->kind <= XP_FENCE;
	}
}

/* Edges within one fiber and its lanes: what was pushed before, and what must have left before. */
static void merge_lanes(struct xp_clock *c, int agent, const struct xp_op *op)
{
	struct xp_fiber *f = &xp.fiber[xp_owner(agent)];
	int i;

	if (agent >= xp.n_fibers) {
		struct xp_lane *lane = &xp.lane[agent];
		struct xp_store *s = &lane->store[lane->head];

		merge_event(c, s->pushed);
		if (xp.model->lane_per_word)
			merge_earlier_stores(c, f, s->after);
	} else if (drains(op)) {
		for (i = 0; i < f->n_lanes; i++)
			merge_event(c, xp.agent_last[f->lane[i]]);
	}
}

/* Steps that wait for another one on their slot. */
static bool waits(uint8_t kind)
{
	return kind == XP_GUEST_WAIT || kind == XP_SLEEP || kind == XP_ACK;
}

/* Steps that wait, and may have to wait again before they are taken. */
static bool waits_again(uint8_t kind)
{
	return kind == XP_TAKEN || kind == XP_NAP || kind == XP_AWAIT || kind == XP_TRYLOCK;
}

enum { MAX_RACES = 64 };

/* Is event i ordered before e already, and with it all that came before it? */
static bool known(const struct xp_event *e, int i)
{
	return i < e->clock.at[xp.event[i].agent];
}

/*
 * A step that waited: the first store to its slot since the fiber's own last event there is what let
 * it go, an edge and no race.  Later ones may as well come after it.  An acknowledgement stays true
 * once it is: it has that edge, from the end of "interrupts off" after its call, and nothing else.
 */
static int find_enabler(struct xp_event *e, int16_t races[MAX_RACES])
{
	int i, enabler = -1, n = 0, owner = xp_owner(e->agent);

	for (i = e->prev; i >= 0 && xp_owner(xp.event[i].agent) != owner; i = xp.event[i].prev)
		if (xp.event[i].access == XP_WRITE &&
		    (e->kind != XP_ACK || xp.event[i].kind == XP_IRQ_ON))
			enabler = i;
	for (i = e->prev; i > enabler && e->kind != XP_ACK; i = xp.event[i].prev) {
		struct xp_event *x = &xp.event[i];

		if (xp_owner(x->agent) == owner || x->kind == XP_ACK ||
		    !xp_dependent(x->access, e->access))
			continue;
		if (known(e, i))
			continue;
		if (n < MAX_RACES)
			races[n++] = i;
		xp_clock_merge(&e->clock, &x->clock);
	}
	if (enabler >= 0)
		xp_clock_merge(&e->clock, &xp.event[enabler].clock);
	return n;
}

/*
 * Goes back over the events of the slot: merges the clocks of those that e depends on, and collects
 * those that are in a race with it, that is: not ordered before it by anything else.
 */
static int find_races(struct xp_event *e, int16_t races[MAX_RACES])
{
	int i, n = 0, owner = xp_owner(e->agent);
	bool buffered = xp.model->buffered;

	for (i = e->prev; i >= 0; i = xp.event[i].prev) {
		struct xp_event *x = &xp.event[i];

		/* Most are ordered already, and with a write all before it, if it was not buffered. */
		if (!known(e, i) && xp_dependent(x->access, e->access) && x->kind != XP_ACK &&
		    xp_owner(x->agent) != owner) {
			if (n < MAX_RACES)
				races[n++] = i;
			xp_clock_merge(&e->clock, &x->clock);
		}
		if (x->access == XP_WRITE && !buffered)
			break;
	}
	return n;
}

/*
 * A step that waited for what may be undone again: it could have come after each of those that it depends
 * on, and not only after the last.  And a release, which a trylock that failed could have come after.
 */
static int find_all_races(struct xp_event *e, int16_t races[MAX_RACES])
{
	struct xp_clock own = e->clock;
	int i, n = 0, owner = xp_owner(e->agent);

	for (i = e->prev; i >= 0; i = xp.event[i].prev) {
		struct xp_event *x = &xp.event[i];

		if (xp_owner(x->agent) == owner || (e->access == XP_UNLOCKS && x->kind != XP_TRYLOCK) ||
		    !xp_dependent(x->access, e->access))
			continue;
		if (i >= own.at[x->agent] && n < MAX_RACES)
			races[n++] = i;
		if (e->access != XP_UNLOCKS)
			xp_clock_merge(&e->clock, &x->clock);
	}
	return n;
}

/* An acquisition comes after the last release, and races with the acquisition before that. */
static int find_lock_race(struct xp_event *e, int16_t races[MAX_RACES])
{
	struct xp_clock own = e->clock;
	int i;

	for (i = e->prev; i >= 0; i = xp.event[i].prev) {
		struct xp_event *x = &xp.event[i];

		xp_clock_merge(&e->clock, &x->clock);
		if (x->access == XP_LOCKS || (x->kind == XP_TRYLOCK && x->access == XP_WRITE)) {
			races[0] = i;
			return xp_owner(x->agent) != xp_owner(e->agent) && i + 1 > own.at[x->agent];
		}
	}
	return 0;
}

static bool tried; /* somebody has tried a lock, in any execution: only then do releases race with that */

/* Makes the event of a step, linked or not. */
static void make_event(int level, int agent, const struct xp_op *op, bool link)
{
	struct xp_event *e = &xp.event[level];
	int16_t races[MAX_RACES];
	int i, n = 0, last = xp.agent_last[agent];

	e->agent = agent;
	e->slot = op->slot;
	e->kind = op->kind;
	e->before = last;
	if (last)
		xp_clock_copy(&e->clock, &xp.event[last - 1].clock);
	else
		xp_clock_clear(&e->clock);
	if (xp.n_agents > xp.n_fibers)
		merge_lanes(&e->clock, agent, op);
	if (op->slot >= 0) {
		bool on_graph = xp_on_graph(op);

		e->prev = xp.last_on_slot[op->slot];
		e->access = on_graph ? XP_READ : xp_access(op);
		if (on_graph)
			n = 0; /* known when it has been executed: xp_graph_resolve() */
		else if (e->access == XP_LOCKS)
			n = find_lock_race(e, races);
		else if (waits(e->kind))
			n = find_enabler(e, races);
		else if (e->access == XP_UNLOCKS)
			n = tried ? find_all_races(e, races) : 0;
		else if (waits_again(e->kind))
			n = find_all_races(e, races);
		else
			n = find_races(e, races);
		tried |= e->kind == XP_TRYLOCK;
		if (link)
			xp.last_on_slot[op->slot] = level;
	}
	e->clock.at[agent] = level + 1;
	for (i = 0; i < n; i++)
		xp_add_todo(races[i], level);
}

/*
 * Those of the sleeping agents whose next step is independent of this one sleep on.  An acknowledgement that
 * could be had once can be had from then on, whatever comes, and nobody can tell when it was.
 */
static uint32_t still_asleep(uint32_t asleep, int agent, const struct xp_event *e)
{
	uint32_t left, still = asleep;

	if (e->kind == XP_ACK)
		return still;
	for (left = asleep; left; left &= left - 1) {
		int q = __builtin_ctz(left);
		const struct xp_op *op = xp_pending(q);

		if (xp_owner(q) == xp_owner(agent) || op->slot < 0 || op->slot != e->slot ||
		    xp_on_graph(op) || op->kind == XP_ACK)
			continue;
		if (xp_dependent(xp_access(op), e->access))
			still &= ~(1u << q);
	}
	return still;
}

static void take(int level, int agent)
{
	struct xp_level *l = &xp.level[level];
	struct xp_op *op = xp_pending(agent);
	bool anew = level > xp.replay || !xp.forced;

	if (anew)
		l->sleep = level ? xp.sleep : 0;
	if (xp.model->graph) {
		if (anew)
			memcpy(l->seen, xp.seen, sizeof(l->seen));
		l->fresh = l->sleep >> agent & 1 ? l->seen[agent] : 0;
	}
	make_event(level, agent, op, true);
	xp.sleep = (l->sleep | l->done) & ~(1u << agent);
	if (!xp.sleep)
		return;
	xp.sleep = still_asleep(xp.sleep, agent, &xp.event[level]);
	if (xp.model->graph)
		xp_fall_asleep(l);
}

/* Is this execution in a prefix still, or in a part that is ours? */
static bool ours(void)
{
	if (xp.depth < xp.split.depth)
		return true;
	if (xp.split.entering)
		xp.split.ours = xp.split.mine(xp.split.arg, xp.split.next++);
	xp.split.entering = false;
	return xp.split.ours;
}

/* Prefers to go on with the fiber that runs: fewer switches. */
static int pick(uint32_t enabled)
{
	struct xp_level *l = &xp.level[xp.depth];
	uint32_t asleep = xp.depth ? xp.sleep : 0, awake;
	bool alone;
	int agent;

	if (xp.model->graph)
		l->dozing = xp_dozing(asleep);
	awake = enabled & ~(asleep & ~l->dozing);
	if (!awake)
		return XP_KNOWN;
	if (xp.split.depth && !ours())
		return XP_NOT_MINE;
	agent = xp.model->prefers ? xp.model->prefers(awake) : -1;
	if (agent < 0)
		agent = xp.model->graph ? xp_stores_first(awake) : xp_first(awake);
	/* Of a graph, no race asks for anything in the place of a store. */
	alone = xp.depth >= xp.split.depth || (xp.model->graph && xp_pending(agent)->kind == XP_STORE);
	l->todo = alone ? 1u << agent : awake;
	l->done = 0;
	return agent;
}

/* A lock that is never free again still races with who took it; what was undone, with who did that. */
static void end(void)
{
	int i;

	/* One that ends within the prefix is a part. */
	if (xp.split.depth && xp.split.entering)
		xp.split.ours = xp.split.mine(xp.split.arg, xp.split.next++);
	xp.split.entering = false;
	if (xp.split.depth && !xp.split.ours)
		xp.end = XP_SKIPPED;
	for (i = 0; i < xp.n_fibers; i++)
		if (!xp.fiber[i].done &&
		    (xp.fiber[i].op->kind == XP_LOCK || waits_again(xp.fiber[i].op->kind)))
			make_event(xp.depth, i, xp.fiber[i].op, false);
}

static bool next(void)
{
	int i;

	for (i = xp.depth - 1; i >= 0; i--) {
		struct xp_level *l = &xp.level[i];
		uint32_t todo;

		if (l->choices) {
			if (l->choice + 1 < l->choices) {
				l->choice++;
				break;
			}
			if (xp.model->more && xp.model->more(i, &l->choice))
				break;
			continue;
		}
		l->done |= 1u << l->agent;
		todo = l->todo & ~(l->done | (l->sleep & ~l->dozing));
		if (todo) {
			l->agent = __builtin_ctz(todo);
			break;
		}
	}
	if (i < 0)
		return false;
	xp_undo(i);
	/* A choice may follow the prefix at once, and what came of the one before it may have been known. */
	xp.split.entering |= i < xp.split.depth;
	xp.replay = i;
	xp.forced = true;
	return true;
}

static void start(void)
{
	memset(xp.event, 0, sizeof(xp.event));
	tried = false;
}

const struct xp_search xp_dpor = {
	.name = "dpor", .start = start, .pick = pick, .take = take, .end = end,
	.next = next, .resolve = xp_graph_resolve, .ahead = xp_graph_ahead,
};
