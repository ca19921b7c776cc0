// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The model lkmm, and plain accesses of a finished execution under it, as the end of linux-kernel.cat has
 * them: which orders keep them apart, whether what they read can be (plain-coherence), and data races.
 * Everything is a set of what comes before: of an event x, those y with (y, x) in the relation.
 */
#include <string.h>

#include "explore/model/lkmm.h"
#include "explore/model/models.h"
#include "kick_declare.h"

static struct xp_ahead *const g = &xp_ahead;

/* Plain accesses of an execution: none race; some do; one reads or overwrites what it cannot. */
enum plain { APART, RACES, CANNOT_BE };

static struct {
	struct xp_bits executes[XP_EVENTS]; /* xbstar: (hb | pb)* */
	struct xp_bits visible[XP_EVENTS];  /* vis */
	struct xp_bits after[XP_EVENTS];    /* fence, forwards */
	struct xp_bits events;		    /* reads and writes */
} all;

static bool is_plain(int e)
{
	return g->ev[e].plain;
}

static bool external(int a, int b)
{
	return g->ev[a].fiber != g->ev[b].fiber;
}

static void find_events(void)
{
	memset(&all.events, 0, sizeof(all.events));
	memset(all.after, 0, sizeof(all.after));
	for (int i = 0; i < g->n; i++) {
		if (g->ev[i].fiber == XP_GHOST || !g->ev[i].what)
			continue;
		xp_bits_add(&all.events, i);
		xp_bits_for_each(&g->ev[i].fenced, x)
			xp_bits_add(&all.after[x], i);
	}
}

/* vis = cumul-fence* ; rfe? ; [Marked] ; ((strong-fence ; [Marked] ; xbstar) | (xbstar & int)) */
static void find_visible(int z)
{
	struct xp_bits reached = { 0 };

	memset(&all.visible[z], 0, sizeof(all.visible[z]));
	xp_bits_for_each(&all.executes[z], y) {
		if (!external(y, z))
			xp_bits_add(&reached, y);
		xp_bits_join(&reached, &g->ev[y].strong);
	}
	xp_bits_for_each(&reached, y)
		if (!is_plain(y))
			xp_bits_join(&all.visible[z], xp_lkmm_fenced_to(y));
}

/* pre-bounded: itself where it is marked, what it depends on by its address, what a fence puts before it */
static struct xp_bits bounded_before(int e)
{
	struct xp_bits set = g->ev[e].fenced;

	xp_bits_join(&set, &g->ev[e].address);
	xp_bits_add(&set, e);
	for (int i = 0; i < XP_EVENT_WORDS; i++)
		set.w[i] &= ~g->plain.w[i];
	return set;
}

/* post-bounded */
static struct xp_bits bounded_after(int e)
{
	struct xp_bits set = all.after[e];

	xp_bits_add(&set, e);
	for (int i = 0; i < XP_EVENT_WORDS; i++)
		set.w[i] &= ~g->plain.w[i];
	return set;
}

static bool meet(const struct xp_bits *a, const struct xp_bits *b)
{
	for (int i = 0; i < XP_EVENT_WORDS; i++)
		if (a->w[i] & b->w[i])
			return true;
	return false;
}

/* What comes before this one by xbstar and its bound. */
static struct xp_bits executed_before(int y)
{
	const struct xp_bits pre = bounded_before(y);
	struct xp_bits set = { 0 };

	xp_bits_for_each(&pre, m)
		xp_bits_join(&set, &all.executes[m]);
	return set;
}

/* ww-vis, wr-vis: the bounds of reads and of writes are the same here, since fence knows which is which. */
static bool is_visible(int x, int y)
{
	const struct xp_bits pre = bounded_before(y), post = bounded_after(x), executed = executed_before(y);

	if (xp_bits_has(&g->ev[y].fenced, x))
		return true;
	xp_bits_for_each(&executed, m)
		if (xp_bits_has(&g->ev[m].strong, x))
			return true;
	xp_bits_for_each(&pre, m)
		if (meet(&post, &all.visible[m]))
			return true;
	return false;
}

/* rw-xbstar */
static bool is_executed(int x, int y)
{
	const struct xp_bits post = bounded_after(x), executed = executed_before(y);

	return xp_bits_has(&g->ev[y].fenced, x) || meet(&post, &executed);
}

/* Writes x before y of one word. */
static bool writes_race(int x, int y)
{
	return !is_visible(x, y) || (is_plain(x) && !is_executed(x, y));
}

static bool comes_before(const struct xp_chain *place, int a, int b)
{
	return xp_ahead_position(place, a) < xp_ahead_position(place, b);
}

static enum plain judge_pair(int x, int y)
{
	const struct xp_ev *a = &g->ev[x], *b = &g->ev[y];
	const struct xp_chain *place = &g->place[a->place];
	bool a_writes = a->what & XP_EV_WRITE, b_writes = b->what & XP_EV_WRITE;

	if (a_writes && b_writes) {
		if (!comes_before(place, x, y))
			return APART;
		if (is_visible(y, x))
			return CANNOT_BE;
		return writes_race(x, y) ? RACES : APART;
	}
	if (a_writes) { /* what b reads is this one, or newer */
		if (b->from != x && !comes_before(place, x, b->from))
			return APART;
		if (b->from == x && is_executed(y, x))
			return CANNOT_BE;
		return is_visible(x, y) || is_executed(y, x) ? APART : RACES;
	}
	if (a->from == y || !comes_before(place, a->from, y))
		return APART;
	if (is_visible(y, x))
		return CANNOT_BE;
	return is_executed(x, y) ? APART : RACES;
}

static enum plain judge_all(void)
{
	enum plain worst = APART;

	xp_bits_for_each(&all.events, x)
		xp_bits_for_each(&all.events, y) {
			enum plain now;

			if (!external(x, y) || g->ev[x].place != g->ev[y].place)
				continue;
			if (!(is_plain(x) || is_plain(y)) || !((g->ev[x].what | g->ev[y].what) & XP_EV_WRITE))
				continue;
			now = judge_pair(x, y);
			worst = now > worst ? now : worst;
		}
	return worst;
}

static enum plain judge_plain(void)
{
	bool any = false;

	for (int i = 0; i < XP_EVENT_WORDS; i++)
		any |= g->plain.w[i];
	if (!any)
		return APART;
	find_events();
	xp_bits_for_each(&all.events, e)
		xp_lkmm_executes_before(e, &all.executes[e]);
	xp_bits_for_each(&all.events, e)
		find_visible(e);
	return judge_all();
}

/* Of an execution that is over: ghosts were stored, and what is plain can be. */
static bool is_whole(void)
{
	enum plain plain;

	if (xp_ahead_unfinished())
		return false;
	plain = judge_plain();
	if (plain == RACES)
		xp_found(KICK_V_RACE);
	return plain != CANNOT_BE;
}

static void begin(void)
{
	xp_ahead_begin(&xp_lkmm_axioms);
}

static bool fence_counts(enum kick_fence kind)
{
	(void)kind;
	return true;
}

const struct xp_model xp_lkmm = {
	.name = "lkmm", .bit = KICK_M_LKMM, .graph = true, .ahead = true, .fence_counts = fence_counts,
	.stores_count = true, .others_count = true, .begin = begin, .rewind = xp_ahead_rewind,
	.load = xp_ahead_load, .store = xp_ahead_store, .rmw = xp_ahead_load, .fence = xp_ahead_fence,
	.machine = xp_ahead_machine, .sleep = xp_ahead_sleep, .hash = xp_ahead_hash,
	.stores = xp_ahead_stores, .fresh = xp_ahead_fresh, .more = xp_ahead_more,
	.is_whole = is_whole, .prefers = xp_ahead_prefers,
};
