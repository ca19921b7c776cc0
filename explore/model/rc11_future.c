// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What of a graph still matters.  Two graphs of which the same is left go on alike: the same values can be
 * read from here on, and no other ones.  So a search that asks only what can still happen takes them for one
 * state, however they came about.
 *
 * What is left of a set of nodes that somebody knows is three views, each a store of every word:
 *
 *   fenced  the newest known to a barrier that comes, in the order of barriers, before one in the set;
 *   seen    that, or a newer one that is seen (xp_seen()): no older one can be read, since coherence or that
 *           order forbids it (xp_order_allows());
 *   next    what would be fenced behind a full barrier.  That adds, for each word, the barriers which come
 *           before whoever has accessed it up to the store that is seen (xp_order_fence()).
 *
 * They alone tell what becomes of them.  To know more joins each with each.  A full barrier makes all three
 * the last.  Whoever reads a store, or places one behind it, puts the barriers that he knows before those
 * that know a later store (xp_order_later()): each set of which the fenced view has one gains his; so does
 * next, and what will come before whoever accesses a later store.  It makes no difference to any of this
 * whether a store is seen or only fenced: a barrier that knows it has behind it all that comes before its
 * accesses, those that are made later too.
 *
 * Of a word nothing is told apart that is not newer than what all have seen who may still touch it: nobody
 * will read there, nor come in between.  And what a store hands on, or a part of the machine, matters only
 * as far as one of those who may still take it does not have it: who has it will gain what it gains.  Seen
 * and fenced are left out where it will be known behind full barriers only.
 *
 * With sequentially consistent accesses the order is another one, and all of the graph is left: who walks
 * states forgets nothing from the first of them on (xp_graph_remembers()).
 */
#include <string.h>

#include "explore/model/graph.h"

static struct xp_graph *const g = &xp_graph;

/* For each place a position of its chain; they are joined a part at a time. */
enum { PART = 16 };
struct view {
	int16_t at[XP_PLACES];
};

enum { SEEN, FENCED, NEXT, VIEWS };

/* What a set of nodes comes to; or, of several, the least. */
struct knows {
	struct view view[VIEWS];
};

/* In what is mixed: whose knowledge it is. */
enum { OF_FIBER = 1, OF_RELEASE, OF_STORE, OF_TRY, OF_MACHINE };
enum { NOW, HEARD, TOLD, AT_FENCE }; /* of a fiber */
/* Of a store: its value, what it hands on, the barriers before who reads it, and before a later one. */
enum { PUT, SYNC, UP_TO, BEHIND };
enum { NEWEST, PENDING, BEFORE_CALL, CALL }; /* of the machine */

/* By places in the order of their slots, in whichever order they came about. */
static struct {
	int n;
	const struct xp_place *place[XP_PLACES];
	bool reads[XP_PLACES]; /* a word, or a lock that was tried in vain */
	uint32_t live; /* fibers */
	uint32_t users[XP_PLACES], writers[XP_PLACES]; /* of those: who may still touch it, or change it */
	int16_t oldest[XP_PLACES]; /* what all users have seen */
	/* Barriers that come before whoever has accessed so many stores; and behind their readers. */
	uint64_t before[XP_PLACES][XP_NODES], behind[XP_PLACES][XP_NODES];
	uint64_t earlier[XP_SC];    /* barriers that come before it, itself included */
	struct view barrier[XP_SC]; /* what is known to those, where somebody has asked */
	uint64_t asked;
	int16_t position[XP_NODES + XP_PLACES]; /* of a store, in its chain */
	struct knows now[XP_FIBERS];
} left;

/* The sets that a node has, and for each place the newest store that is seen in them: that stays. */
enum set { KNOWS, HEARS, TELLS, FENCES, SYNCS, SETS };
static struct {
	uint64_t born; /* of the node that this was found for */
	int16_t store[XP_PLACES];
} newest[XP_NODES][SETS];

static void join(struct view *to, const struct view *from)
{
	for (int part = 0; part < left.n; part += PART)
		for (int j = part; j < part + PART; j++)
			to->at[j] = to->at[j] > from->at[j] ? to->at[j] : from->at[j];
}

static bool reads_here(const struct xp_place *place)
{
	return !place->machine || xp_graph_was_tried(place);
}

static const struct xp_nodes *set_of(const struct xp_node *e, enum set set)
{
	switch (set) {
	case KNOWS:
		return &e->after.now;
	case HEARS:
		return &e->after.heard;
	case TELLS:
		return &e->after.told;
	case FENCES:
		return &e->after.fenced;
	default:
		return &e->sync;
	}
}

/* By place as the graph has them: what was not there yet was not seen. */
static const int16_t *newest_of(const struct xp_node *e, enum set which)
{
	const struct xp_nodes *set = set_of(e, which);
	__typeof__(newest[0][0]) *seen = &newest[e - g->node][which];

	if (seen->born == e->born)
		return seen->store;
	seen->born = e->born;
	for (int p = 0; p < g->n_places; p++) {
		const struct xp_place *place = &g->place[p];
		int i = place->n - 1;

		while (i && !xp_seen(set, place->chain[i]))
			i--;
		seen->store[p] = place->chain[i];
	}
	for (int p = g->n_places; p < XP_PLACES; p++)
		seen->store[p] = XP_NODES + p;
	return seen->store;
}

/* The newest store of each place that is seen. */
static void look(struct view *v, const struct xp_node *e, enum set set)
{
	const int16_t *seen = newest_of(e, set);

	for (int j = 0; j < left.n; j++)
		v->at[j] = left.reads[j] ? left.position[seen[left.place[j] - g->place]] : 0;
}

static const struct view *view_of(int barrier)
{
	struct view *v = &left.barrier[barrier], own;
	uint64_t rest = left.earlier[barrier];

	if (left.asked >> barrier & 1)
		return v;
	left.asked |= 1ull << barrier;
	memset(v->at, 0, sizeof(v->at));
	memset(own.at, 0, sizeof(own.at));
	for (; rest; rest &= rest - 1) {
		look(&own, &g->node[g->sc_node[__builtin_ctzll(rest)]], KNOWS);
		join(v, &own);
	}
	return v;
}

/* What is known to some barriers, and to those before them. */
static void look_from(struct view *v, uint64_t barriers)
{
	memset(v->at, 0, sizeof(v->at));
	while (barriers) {
		int last = 63 - __builtin_clzll(barriers);

		join(v, view_of(last));
		barriers &= ~left.earlier[last];
	}
}

static void learn(struct knows *k, const struct xp_node *e, enum set set)
{
	uint64_t barriers;

	memset(k, 0, sizeof(*k));
	if (!e || e >= g->node + XP_NODES) /* what a place starts with */
		return;
	barriers = set_of(e, set)->sc;
	look(&k->view[SEEN], e, set);
	look_from(&k->view[FENCED], barriers);
	for (int j = 0; j < left.n; j++)
		barriers |= left.before[j][k->view[SEEN].at[j]];
	look_from(&k->view[NEXT], barriers);
	join(&k->view[SEEN], &k->view[FENCED]);
	join(&k->view[NEXT], &k->view[SEEN]);
}

static bool may(enum xp_use use, int fiber, int16_t slot)
{
	return !xp.search->may || xp.search->may(use, fiber, slot);
}

/* May one of these take at once what a store to the place hands on, and not only behind a full barrier? */
static bool acquires(uint32_t fibers, const struct xp_place *place)
{
	for (; fibers; fibers &= fibers - 1) {
		int f = __builtin_ctz(fibers);

		if (may(XP_ACQUIRES, f, XP_SLOT_ANY) || may(XP_ACQUIRES, f, place->slot))
			return true;
	}
	return false;
}

static void find_fibers(void)
{
	left.live = 0;
	for (int f = 0; f < xp.n_fibers; f++)
		if (!(xp.search->gone ? xp.search->gone(f) : xp.fiber[f].done))
			left.live |= 1u << f;
}

static void find_places(void)
{
	int i, j;
	uint32_t f, me;

	left.n = g->n_places;
	for (i = 0; i < left.n; i++) {
		for (j = i; j > 0 && left.place[j - 1]->slot > g->place[i].slot; j--)
			left.place[j] = left.place[j - 1];
		left.place[j] = &g->place[i];
	}
	for (j = 0; j < left.n; j++) {
		left.reads[j] = reads_here(left.place[j]);
		for (i = 0; left.reads[j] && i < left.place[j]->n; i++)
			left.position[left.place[j]->chain[i]] = i;
		left.users[j] = left.writers[j] = 0;
		for (f = left.live; f; f &= f - 1) {
			me = f & -f;
			if (may(XP_TOUCHES, __builtin_ctz(f), left.place[j]->slot))
				left.users[j] |= me;
			if (left.users[j] & me && may(XP_CHANGES, __builtin_ctz(f), left.place[j]->slot))
				left.writers[j] |= me;
		}
	}
}

/* The barriers known to whoever read this store. */
static uint64_t known_to_readers(const struct xp_node *store)
{
	uint64_t known = 0, rest;

	for (int i = 0; i < XP_NODE_WORDS; i++)
		for (rest = store->readers.w[i]; rest; rest &= rest - 1)
			known |= g->node[64 * i + __builtin_ctzll(rest)].after.now.sc;
	return known;
}

/* As barriers_before() of psc.c. */
static void find_before(int j)
{
	const struct xp_place *place = left.place[j];
	uint64_t earlier = 0;

	for (int i = 0; i < place->n; i++) {
		const struct xp_node *e = &g->node[place->chain[i]];

		earlier |= i ? e->after.now.sc : 0;
		left.before[j][i] = i ? earlier : 0;
		earlier |= known_to_readers(e);
		left.behind[j][i] = earlier;
	}
}

/* As barriers_before_tried(): who only looks comes before the next who changes it. */
static void find_before_tried(int j)
{
	const struct xp_place *place = left.place[j];
	uint64_t earlier = 0, to_change = 0;

	left.before[j][0] = 0;
	for (int i = 1; i < place->n; i++) {
		const struct xp_node *e = &g->node[place->chain[i]];

		earlier |= e->after.now.sc;
		to_change = e->changes ? earlier : to_change;
		left.before[j][i] = to_change;
	}
}

static void find_barriers(void)
{
	int j, k, order = g->n ? g->node[g->n - 1].order : -1;
	uint64_t after;

	for (j = 0; j < left.n; j++)
		if (!left.place[j]->machine)
			find_before(j);
		else if (left.reads[j])
			find_before_tried(j);
		else
			left.before[j][0] = 0;
	left.asked = 0;
	for (k = 0; k < g->n_sc; k++)
		left.earlier[k] = 1ull << k;
	for (j = 0; order >= 0 && j < g->n_sc; j++)
		for (after = g->order[order].after[j]; after; after &= after - 1)
			left.earlier[__builtin_ctzll(after)] |= 1ull << j;
}

/* The last node of a fiber, which has what it knows. */
static const struct xp_node *last_of(int fiber)
{
	return g->last[fiber] < 0 ? NULL : &g->node[g->last[fiber]];
}

static void find_oldest(void)
{
	uint32_t f;
	int j, at;

	for (f = left.live; f; f &= f - 1)
		learn(&left.now[__builtin_ctz(f)], last_of(__builtin_ctz(f)), KNOWS);
	for (j = 0; j < left.n; j++) {
		left.oldest[j] = left.place[j]->n - 1;
		for (f = left.place[j]->machine ? 0 : left.users[j]; f; f &= f - 1) {
			at = left.now[__builtin_ctz(f)].view[SEEN].at[j];
			left.oldest[j] = at < left.oldest[j] ? at : left.oldest[j];
		}
	}
}

/* What all of them know; false: there are none. */
static bool least(struct knows *k, uint32_t fibers)
{
	const struct knows *now;

	if (!fibers)
		return false;
	*k = left.now[__builtin_ctz(fibers)];
	while (fibers &= fibers - 1) {
		now = &left.now[__builtin_ctz(fibers)];
		for (int v = 0; v < VIEWS; v++)
			for (int j = 0; j < left.n; j++)
				if (now->view[v].at[j] < k->view[v].at[j])
					k->view[v].at[j] = now->view[v].at[j];
	}
	return true;
}

static uint64_t named(int sort, int slot, int number, int what)
{
	return (uint64_t)sort << 60 | (uint64_t)slot << 48 | (uint64_t)number << 40 | (uint64_t)what << 36;
}

/* As far as it is more than those know who may be told. */
static void mix_view(struct xp_hash *h, uint64_t name, int which, const struct view *v,
		     const struct view *known)
{
	for (int j = 0; j < left.n; j++)
		if (v->at[j] > left.oldest[j] && (!known || v->at[j] > known->at[j]))
			xp_hash_mix(h, name | (uint64_t)which << 32 | (uint64_t)left.place[j]->slot << 16 |
					       (v->at[j] - left.oldest[j]));
}

static void mix_knows(struct xp_hash *h, uint64_t name, bool at_once, const struct knows *k,
		      const struct knows *known)
{
	for (int v = at_once ? 0 : NEXT; v < VIEWS; v++)
		mix_view(h, name, v, &k->view[v], known ? &known->view[v] : NULL);
}

/* at_once: they may be known before a full barrier makes all three the last. */
static void mix_set(struct xp_hash *h, uint64_t name, bool at_once, const struct xp_node *e, enum set set,
		    const struct knows *known)
{
	struct knows k;

	learn(&k, e, set);
	mix_knows(h, name, at_once, &k, known);
}

static void mix_barriers(struct xp_hash *h, uint64_t name, uint64_t barriers, const struct knows *known)
{
	struct view v;

	look_from(&v, barriers);
	mix_view(h, name, NEXT, &v, known ? &known->view[NEXT] : NULL);
}

/* What a relaxed store of this fiber would hand on, to these: that of its last release store to the word. */
static void mix_released(struct xp_hash *h, int fiber, int j, bool at_once, const struct knows *known)
{
	const struct xp_place *place = left.place[j];

	for (int i = place->n - 1; i > 0; i--) {
		const struct xp_node *e = &g->node[place->chain[i]];

		if (e->fiber != fiber || !e->releases)
			continue;
		mix_set(h, named(OF_RELEASE, place->slot, fiber, 0), at_once, e, KNOWS, known);
		break;
	}
}

static void mix_fiber(struct xp_hash *h, int fiber)
{
	const struct xp_node *last = last_of(fiber);
	uint32_t readers = 0, others, me = 1u << fiber;
	bool at_once, ever_at_once = false;
	struct knows known;

	mix_knows(h, named(OF_FIBER, 0, fiber, NOW), true, &left.now[fiber], NULL);
	at_once = may(XP_ACQUIRES, fiber, XP_SLOT_ANY);
	mix_set(h, named(OF_FIBER, 0, fiber, HEARD), at_once, last, HEARS, &left.now[fiber]);
	if (xp.program->records && least(&known, left.live & ~me))
		mix_set(h, named(OF_FIBER, 0, fiber, AT_FENCE), true, last, FENCES, &known);
	for (int j = 0; j < left.n; j++) {
		others = left.users[j] & ~me;
		if (left.place[j]->machine || !(left.writers[j] & me) || !least(&known, others))
			continue;
		readers |= others;
		at_once = acquires(others, left.place[j]);
		ever_at_once |= at_once;
		mix_released(h, fiber, j, at_once, &known);
	}
	if (least(&known, readers))
		mix_set(h, named(OF_FIBER, 0, fiber, TOLD), ever_at_once, last, TELLS, &known);
}

/* Nothing may come between a read-modify-write and what it read. */
static bool follows(const struct xp_place *place, int i)
{
	return i && i < place->n && g->node[place->chain[i]].from == place->chain[i - 1];
}

/* Who has read this store. */
static void knows_at_least(struct knows *k, int j, int i)
{
	k->view[SEEN].at[j] = k->view[SEEN].at[j] > i ? k->view[SEEN].at[j] : i;
	k->view[NEXT].at[j] = k->view[NEXT].at[j] > i ? k->view[NEXT].at[j] : i;
}

/* A word: the stores that can still be read, what they hand on, and the barriers that come before. */
static void mix_word(struct xp_hash *h, int j)
{
	const struct xp_place *place = left.place[j];
	uint32_t may_read, rest;
	struct knows known;

	for (int i = left.oldest[j]; i < place->n; i++) {
		const struct xp_node *e = &g->node[place->chain[i]];
		int number = i - left.oldest[j];

		if (number) {
			knows_at_least(&known, j, i);
			mix_barriers(h, named(OF_STORE, place->slot, number, UP_TO), left.before[j][i],
				     &known);
		}
		if (left.oldest[j] < place->n - 1) { /* else memory has it */
			xp_hash_mix(h, named(OF_STORE, place->slot, number, PUT) | follows(place, i));
			xp_hash_mix(h, e->put);
		}
		may_read = 0;
		for (rest = left.users[j]; rest; rest &= rest - 1)
			if (left.now[__builtin_ctz(rest)].view[SEEN].at[j] <= i)
				may_read |= rest & -rest;
		if (!least(&known, may_read))
			return;
		knows_at_least(&known, j, i);
		mix_set(h, named(OF_STORE, place->slot, number, SYNC), acquires(may_read, place), e, SYNCS,
			  &known);
		if (may_read & left.writers[j] && !follows(place, i + 1))
			mix_barriers(h, named(OF_STORE, place->slot, number, BEHIND), left.behind[j][i],
				     &known);
	}
}

/* From which position on are there calls that may still be waited for? */
static int first_call(const struct xp_place *place)
{
	int first = place->n, f, i;

	for (f = 0; f < xp.n_fibers; f++) {
		if (g->last[f] < 0 ||
		    (g->node[g->last[f]].kind != XP_CALL && g->node[g->last[f]].kind != XP_ACK))
			continue;
		for (i = place->n - 1; i > 0; i--)
			if (g->node[place->chain[i]].kind == XP_CALL && g->node[place->chain[i]].fiber == f)
				break;
		first = i && i < first ? i : first;
	}
	return first;
}

static bool pending(const struct xp_place *place)
{
	return place->slot >= XP_SLOT_PCPU && place->slot < XP_SLOT_RECORD &&
	       xp.pcpu[place->slot - XP_SLOT_PCPU].pending;
}

/* A lock that was tried in vain: the barriers that come before whoever knows it, as far as he does. */
static void mix_tried(struct xp_hash *h, int j)
{
	const struct xp_place *place = left.place[j];

	for (int i = 1; i < place->n; i++) {
		const struct xp_node *e = &g->node[place->chain[i]];

		xp_hash_mix(h, named(OF_TRY, place->slot, i, 0) | (uint64_t)e->kind << 8 | e->changes);
		mix_barriers(h, named(OF_TRY, place->slot, i, 0), e->after.now.sc, NULL);
	}
}

/* A part of the machine: who is taught what, see rc11_machine.c. */
static void mix_machine(struct xp_hash *h, int j)
{
	const struct xp_place *place = left.place[j];
	int i = place->n - 1, call = first_call(place);
	struct knows known;

	if (!least(&known, left.users[j]))
		return;
	mix_set(h, named(OF_MACHINE, place->slot, 0, NEWEST), true, &g->node[place->chain[i]], SYNCS, &known);
	while (i > 0 && !g->node[place->chain[i]].changes)
		i--;
	if (pending(place))
		mix_set(h, named(OF_MACHINE, place->slot, 0, PENDING), true, &g->node[place->chain[i]], SYNCS,
			  &known);
	if (call == place->n)
		return;
	/* One that was taken at once knows what the pCPU knew when interrupts had last gone on. */
	for (i = call; i > 0 && g->node[place->chain[i]].kind != XP_IRQ_ON;)
		i--;
	mix_set(h, named(OF_MACHINE, place->slot, 0, BEFORE_CALL), true, &g->node[place->chain[i]], SYNCS,
		&known);
	for (i = call; i < place->n; i++) {
		const struct xp_node *e = &g->node[place->chain[i]];
		uint64_t name = named(OF_MACHINE, place->slot, i - call, CALL);

		xp_hash_mix(h, name | (uint64_t)e->kind << 16 | e->fiber << 8 | e->changes);
		mix_set(h, name, true, e, SYNCS, &known);
	}
}

void xp_graph_hash_future(struct xp_hash *h)
{
	find_fibers();
	if (!left.live)
		return;
	find_places();
	find_barriers();
	find_oldest();
	for (uint32_t f = left.live; f; f &= f - 1)
		mix_fiber(h, __builtin_ctz(f));
	for (int j = 0; j < left.n; j++) {
		if (xp_graph_was_tried(left.place[j]))
			mix_tried(h, j);
		if (left.place[j]->machine)
			mix_machine(h, j);
		else
			mix_word(h, j);
	}
}

bool xp_graph_remembers(void)
{
	return g->accesses_met;
}
