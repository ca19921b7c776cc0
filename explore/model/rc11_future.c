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

/* For each place a position of its chain, in a byte; a part of them is one operation of the machine. */
enum { PART = 16 };
struct view {
	_Alignas(PART) uint8_t at[XP_PLACES];
};
_Static_assert(XP_NODES - 1 <= UINT8_MAX, "each node may be a store to one place");

enum { SEEN, FENCED, NEXT, VIEWS };

/* What a set of nodes comes to; or, of several, the least. */
struct knows {
	struct view view[VIEWS];
};
static const struct knows nothing;

/* In what is mixed: whose knowledge it is. */
enum { OF_FIBER = 1, OF_RELEASE, OF_STORE, OF_TRY, OF_MACHINE };
enum { NOW, HEARD, TOLD, AT_FENCE }; /* of a fiber */
/* Of a store: its value, what it hands on, the barriers before who reads it, and before a later one. */
enum { PUT, SYNC, UP_TO, BEHIND };
enum { NEWEST, PENDING, BEFORE_CALL, CALL }; /* of the machine */

/* What is found of a place stays until the place changes. */
static struct {
	uint64_t changed; /* as the place says */
	bool tried;
	int16_t released[XP_FIBERS]; /* each one's last release store there, or -1 */
} found[XP_PLACES];
static int16_t position[XP_NODES + XP_PLACES]; /* of a store, in its chain */
/* Barriers that come before whoever has accessed so many stores to a place; and behind their readers. */
static uint64_t before[XP_NODES][XP_PLACES], behind[XP_NODES][XP_PLACES];

/* Of the state that is hashed. */
static struct {
	uint64_t number; /* of it: what has another one was found for another state */
	int16_t slot[XP_PLACES];
	struct view reads; /* all bits of a word, or of a lock that was tried in vain */
	uint32_t live; /* fibers */
	uint32_t users[XP_PLACES], writers[XP_PLACES]; /* of those: who may still touch it, or change it */
	uint32_t acquirers[XP_PLACES]; /* may take what a store hands on at once, not behind barriers only */
	struct view oldest;	       /* what all users have seen */
	uint64_t earlier[XP_SC];       /* barriers that come before it */
	uint64_t order;		       /* ... by the order that this node has; 0: there is none */
	struct view barrier[XP_SC];    /* what is known to it and those, where somebody has asked */
	uint64_t asked;
	const struct knows *now[XP_FIBERS];
} left;

/* The sets that a node has. */
enum set { KNOWS, HEARS, TELLS, FENCES, SYNCS, SETS };
static struct seen {
	uint64_t born;	   /* the node that this was found for */
	struct seen *same; /* what follows is found there: most sets are as the one before */
	int16_t store[XP_PLACES]; /* the newest that is seen: that stays */
	uint64_t number;	  /* of the state for which was found: */
	struct knows knows;
} seen[XP_NODES][SETS];

static void join(struct view *restrict to, const struct view *restrict from)
{
	for (int part = 0; part < g->n_places; part += PART)
		for (int j = part; j < part + PART; j++)
			to->at[j] = to->at[j] > from->at[j] ? to->at[j] : from->at[j];
}

static void meet(struct view *restrict to, const struct view *restrict from)
{
	for (int part = 0; part < g->n_places; part += PART)
		for (int j = part; j < part + PART; j++)
			to->at[j] = to->at[j] < from->at[j] ? to->at[j] : from->at[j];
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

static bool same(const struct xp_nodes *a, const struct xp_nodes *b)
{
	return !memcmp(a, b, sizeof(*a));
}

static bool is_part(const struct xp_nodes *a, const struct xp_nodes *of)
{
	uint64_t more = 0;

	for (int i = 0; i < XP_NODE_WORDS; i++)
		more |= a->w[i] & ~of->w[i];
	return !more;
}

/* Adds what is in the one set and not in the other, which is a part of it. */
static void add_seen(int16_t *newest, const struct xp_nodes *set, const struct xp_nodes *known)
{
	uint64_t rest;

	for (int i = 0; i < XP_NODE_WORDS; i++)
		for (rest = set->w[i] & ~known->w[i]; rest; rest &= rest - 1) {
			int node = 64 * i + __builtin_ctzll(rest);
			const struct xp_node *e = &g->node[node];
			int store = e->writes ? node : e->from;

			if (e->place >= 0 && position[store] > position[newest[e->place]])
				newest[e->place] = store;
		}
}

/*
 * A set has all that the same one of the node before has.  Those of one node are often the same, too; and
 * what a store hands on is what it knows, or was told at least.
 */
static struct seen *seen_of(const struct xp_node *e, enum set which)
{
	static const struct xp_nodes none;
	const struct xp_nodes *set = set_of(e, which), *known = &none;
	struct seen *s = &seen[e - g->node][which], *from = NULL;

	if (s->born == e->born)
		return s->same;
	s->born = e->born;
	s->same = s;
	s->number = 0;
	if (which != KNOWS && is_part(&e->after.now, set)) {
		from = seen_of(e, KNOWS);
		known = &e->after.now;
	} else if (which == SYNCS && is_part(&e->after.told, set)) {
		from = seen_of(e, TELLS);
		known = &e->after.told;
	} else if (which != SYNCS && e->before >= 0) {
		from = seen_of(&g->node[e->before], which);
		known = set_of(&g->node[e->before], which);
	}
	if (from && same(set, known))
		return s->same = from;
	for (int p = 0; p < XP_PLACES; p++)
		s->store[p] = from ? from->store[p] : XP_NODES + p;
	add_seen(s->store, set, known);
	return s;
}

/* The newest store of each place that is seen. */
static void look(struct view *v, const struct seen *s)
{
	for (int part = 0; part < g->n_places; part += PART)
		for (int p = part; p < part + PART; p++)
			v->at[p] = position[s->store[p]] & left.reads.at[p];
}

static void join_barriers(struct view *v, uint64_t barriers);

static const struct view *view_of(int barrier)
{
	struct view *v = &left.barrier[barrier];

	if (left.asked >> barrier & 1)
		return v;
	left.asked |= 1ull << barrier;
	look(v, seen_of(&g->node[g->sc_node[barrier]], KNOWS));
	join_barriers(v, left.earlier[barrier]);
	return v;
}

/* What is known to some barriers, and to those before them. */
static void join_barriers(struct view *v, uint64_t barriers)
{
	while (barriers) {
		int last = 63 - __builtin_clzll(barriers);

		join(v, view_of(last));
		barriers &= ~(left.earlier[last] | 1ull << last);
	}
}

static const struct knows *learn(const struct xp_node *e, enum set set)
{
	struct seen *s;
	struct view *v;
	uint64_t barriers;

	if (!e || e >= g->node + XP_NODES) /* what a place starts with */
		return &nothing;
	s = seen_of(e, set);
	v = s->knows.view;
	if (s->number == left.number)
		return &s->knows;
	s->number = left.number;
	barriers = set_of(e, set)->sc;
	look(&v[SEEN], s);
	v[FENCED] = nothing.view[FENCED];
	join_barriers(&v[FENCED], barriers);
	for (int j = 0; j < g->n_places; j++)
		barriers |= before[v[SEEN].at[j]][j];
	join(&v[SEEN], &v[FENCED]);
	v[NEXT] = v[SEEN];
	join_barriers(&v[NEXT], barriers);
	return &s->knows;
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
	const struct xp_place *place = &g->place[j];
	uint64_t earlier = 0;

	for (int i = 0; i < place->n; i++) {
		const struct xp_node *e = &g->node[place->chain[i]];

		earlier |= i ? e->after.now.sc : 0;
		before[i][j] = i ? earlier : 0;
		earlier |= known_to_readers(e);
		behind[i][j] = earlier;
	}
}

/* As barriers_before_tried(): who only looks comes before the next who changes it. */
static void find_before_tried(int j)
{
	const struct xp_place *place = &g->place[j];
	uint64_t earlier = 0, to_change = 0;

	before[0][j] = 0;
	for (int i = 1; i < place->n; i++) {
		const struct xp_node *e = &g->node[place->chain[i]];

		earlier |= e->after.now.sc;
		to_change = e->changes ? earlier : to_change;
		before[i][j] = to_change;
	}
}

static void find_place(int j)
{
	const struct xp_place *place = &g->place[j];

	found[j].changed = place->changed;
	found[j].tried = xp_graph_was_tried(place);
	memset(found[j].released, -1, sizeof(found[j].released));
	for (int i = 0; i < place->n; i++) {
		const struct xp_node *e = &g->node[place->chain[i]];

		position[place->chain[i]] = i;
		if (i && e->releases)
			found[j].released[e->fiber] = place->chain[i];
	}
	if (!place->machine)
		find_before(j);
	else if (found[j].tried)
		find_before_tried(j);
	else
		before[0][j] = 0;
}

static void find_places(void)
{
	left.reads = nothing.view[SEEN];
	for (int j = 0; j < g->n_places; j++) {
		if (found[j].changed != g->place[j].changed)
			find_place(j);
		left.slot[j] = g->place[j].slot;
		left.users[j] = left.writers[j] = left.acquirers[j] = 0;
		left.reads.at[j] = !g->place[j].machine || found[j].tried ? UINT8_MAX : 0;
	}
}

static bool may_acquire(int fiber)
{
	return !xp.search->may || xp.search->may(XP_ACQUIRES, fiber, XP_SLOT_ANY);
}

/* The places to which this fiber may still do this, as bits. */
static uint64_t may(enum xp_use use, int fiber)
{
	return xp.search->may_of ? xp.search->may_of(use, fiber, left.slot, g->n_places) : ~0ull;
}

static void find_fibers(void)
{
	left.live = 0;
	for (int f = 0; f < xp.n_fibers; f++)
		if (!(xp.search->gone ? xp.search->gone(f) : xp.fiber[f].done))
			left.live |= 1u << f;
}

static void find_users(void)
{
	uint64_t touches, changes, acquires;
	uint32_t rest, me;

	for (rest = left.live; rest; rest &= rest - 1) {
		int f = __builtin_ctz(rest);

		me = rest & -rest;
		touches = may(XP_TOUCHES, f);
		changes = may(XP_CHANGES, f);
		acquires = may_acquire(f) ? ~0ull : may(XP_ACQUIRES, f);
		for (; touches; touches &= touches - 1) {
			int j = __builtin_ctzll(touches);

			left.users[j] |= me;
			left.writers[j] |= changes >> j & 1 ? me : 0;
			left.acquirers[j] |= acquires >> j & 1 ? me : 0;
		}
	}
}

static void find_barriers(void)
{
	int j, order = g->n ? g->node[g->n - 1].order : -1;
	uint64_t after, born = order < 0 ? 0 : g->node[order].born;

	left.asked = 0;
	if (born == left.order)
		return;
	left.order = born;
	memset(left.earlier, 0, sizeof(left.earlier));
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
		left.now[__builtin_ctz(f)] = learn(last_of(__builtin_ctz(f)), KNOWS);
	for (j = 0; j < g->n_places; j++) {
		left.oldest.at[j] = g->place[j].n - 1;
		for (f = g->place[j].machine ? 0 : left.users[j]; f; f &= f - 1) {
			at = left.now[__builtin_ctz(f)]->view[SEEN].at[j];
			left.oldest.at[j] = at < left.oldest.at[j] ? at : left.oldest.at[j];
		}
	}
}

/* What all of them know; NULL: there are none. */
static const struct knows *least(uint32_t fibers)
{
	static struct {
		uint64_t number; /* of the state */
		struct knows knows;
	} of[1 << XP_FIBERS];
	const struct knows *first = left.now[fibers ? __builtin_ctz(fibers) : 0], *others;
	uint32_t rest = fibers & (fibers - 1);

	if (!rest)
		return fibers ? first : NULL;
	if (of[fibers].number != left.number) {
		of[fibers].number = left.number;
		of[fibers].knows = *first;
		others = least(rest);
		for (int v = 0; v < VIEWS; v++)
			meet(&of[fibers].knows.view[v], &others->view[v]);
	}
	return &of[fibers].knows;
}

static uint64_t named(int sort, int slot, int number, int what)
{
	return (uint64_t)sort << 60 | (uint64_t)slot << 48 | (uint64_t)number << 40 | (uint64_t)what << 36;
}

/* As far as it is more than those know who may be told. */
static void mix_view(struct xp_hash *h, uint64_t name, const struct view *v, const struct view *known)
{
	struct view more;
	uint64_t word;

	for (int part = 0; part < g->n_places; part += PART)
		for (int j = part; j < part + PART; j++) {
			uint8_t oldest = left.oldest.at[j];
			uint8_t enough = known->at[j] > oldest ? known->at[j] : oldest;

			more.at[j] = v->at[j] > enough ? v->at[j] - oldest : 0;
		}
	for (int j = 0; j < g->n_places; j += sizeof(word)) {
		memcpy(&word, &more.at[j], sizeof(word));
		if (word) {
			xp_hash_mix(h, name | j);
			xp_hash_mix(h, word);
		}
	}
}

/* at_once: they may be known before a full barrier makes all three the last. */
static void mix_knows(struct xp_hash *h, uint64_t name, bool at_once, const struct knows *k,
		      const struct knows *known)
{
	if (k == known)
		return;
	for (int v = at_once ? 0 : NEXT; v < VIEWS; v++)
		mix_view(h, name | (uint64_t)v << 32, &k->view[v], &known->view[v]);
}

static void mix_barriers(struct xp_hash *h, uint64_t name, uint64_t barriers, const struct knows *known)
{
	struct view v = { 0 };

	if (!barriers)
		return;
	join_barriers(&v, barriers);
	mix_view(h, name | (uint64_t)NEXT << 32, &v, &known->view[NEXT]);
}

static void mix_fiber(struct xp_hash *h, int fiber)
{
	const struct xp_node *last = last_of(fiber);
	const struct knows *now = left.now[fiber], *known;
	uint32_t readers = 0, others, me = 1u << fiber;
	bool at_once, ever_at_once = false;

	mix_knows(h, named(OF_FIBER, 0, fiber, NOW), true, now, &nothing);
	mix_knows(h, named(OF_FIBER, 0, fiber, HEARD), may_acquire(fiber), learn(last, HEARS), now);
	if (xp.program->records && (known = least(left.live & ~me)))
		mix_knows(h, named(OF_FIBER, 0, fiber, AT_FENCE), true, learn(last, FENCES), known);
	for (int j = 0; j < g->n_places; j++) {
		others = left.users[j] & ~me;
		if (g->place[j].machine || !(left.writers[j] & me) || !others)
			continue;
		readers |= others;
		at_once = others & left.acquirers[j];
		ever_at_once |= at_once;
		/* What a relaxed store would hand on: what the last release store to the word did. */
		if (found[j].released[fiber] >= 0)
			mix_knows(h, named(OF_RELEASE, left.slot[j], fiber, 0), at_once,
				  learn(&g->node[found[j].released[fiber]], KNOWS), least(others));
	}
	if (readers)
		mix_knows(h, named(OF_FIBER, 0, fiber, TOLD), ever_at_once, learn(last, TELLS),
			  least(readers));
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

/* Who may still read so old a store. */
static uint32_t readers_of(int j, int i)
{
	uint32_t readers = 0, rest;

	for (rest = left.users[j]; rest; rest &= rest - 1)
		if (left.now[__builtin_ctz(rest)]->view[SEEN].at[j] <= i)
			readers |= rest & -rest;
	return readers;
}

/* A word: the stores that can still be read, what they hand on, and the barriers that come before. */
static void mix_word(struct xp_hash *h, int j)
{
	const struct xp_place *place = &g->place[j];
	uint32_t readers = 0, were;
	struct knows known;

	for (int i = left.oldest.at[j]; i < place->n; i++) {
		const struct xp_node *e = &g->node[place->chain[i]];
		int number = i - left.oldest.at[j];

		if (number) {
			knows_at_least(&known, j, i);
			mix_barriers(h, named(OF_STORE, place->slot, number, UP_TO), before[i][j], &known);
		}
		if (left.oldest.at[j] < place->n - 1) { /* else memory has it */
			xp_hash_mix(h, named(OF_STORE, place->slot, number, PUT) | follows(place, i));
			xp_hash_mix(h, e->put);
		}
		were = readers;
		readers = readers_of(j, i);
		if (!readers)
			return;
		if (readers != were)
			known = *least(readers);
		knows_at_least(&known, j, i);
		mix_knows(h, named(OF_STORE, place->slot, number, SYNC), readers & left.acquirers[j],
			  learn(e, SYNCS), &known);
		if (readers & left.writers[j] && !follows(place, i + 1))
			mix_barriers(h, named(OF_STORE, place->slot, number, BEHIND), behind[i][j], &known);
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
	const struct xp_place *place = &g->place[j];

	for (int i = 1; i < place->n; i++) {
		const struct xp_node *e = &g->node[place->chain[i]];

		xp_hash_mix(h, named(OF_TRY, place->slot, i, 0) | (uint64_t)e->kind << 8 | e->changes);
		mix_barriers(h, named(OF_TRY, place->slot, i, 0), e->after.now.sc, &nothing);
	}
}

/* A part of the machine: who is taught what, see rc11_machine.c. */
static void mix_machine(struct xp_hash *h, int j)
{
	const struct xp_place *place = &g->place[j];
	int i = place->n - 1, call = first_call(place);
	const struct knows *known = least(left.users[j]);

	if (!known)
		return;
	mix_knows(h, named(OF_MACHINE, place->slot, 0, NEWEST), true, learn(&g->node[place->chain[i]], SYNCS),
		  known);
	while (i > 0 && !g->node[place->chain[i]].changes)
		i--;
	if (pending(place))
		mix_knows(h, named(OF_MACHINE, place->slot, 0, PENDING), true,
			  learn(&g->node[place->chain[i]], SYNCS), known);
	if (call == place->n)
		return;
	/* One that was taken at once knows what the pCPU knew when interrupts had last gone on. */
	for (i = call; i > 0 && g->node[place->chain[i]].kind != XP_IRQ_ON;)
		i--;
	mix_knows(h, named(OF_MACHINE, place->slot, 0, BEFORE_CALL), true,
		  learn(&g->node[place->chain[i]], SYNCS), known);
	for (i = call; i < place->n; i++) {
		const struct xp_node *e = &g->node[place->chain[i]];
		uint64_t name = named(OF_MACHINE, place->slot, i - call, CALL);

		xp_hash_mix(h, name | (uint64_t)e->kind << 16 | e->fiber << 8 | e->changes);
		mix_knows(h, name, true, learn(e, SYNCS), known);
	}
}

void xp_graph_hash_future(struct xp_hash *h)
{
	find_fibers();
	if (!left.live)
		return;
	left.number++;
	find_places();
	find_users();
	find_barriers();
	find_oldest();
	for (uint32_t f = left.live; f; f &= f - 1)
		mix_fiber(h, __builtin_ctz(f));
	for (int j = 0; j < g->n_places; j++) {
		if (found[j].tried)
			mix_tried(h, j);
		if (g->place[j].machine)
			mix_machine(h, j);
		else
			mix_word(h, j);
	}
}

bool xp_graph_remembers(void)
{
	return g->accesses_met;
}
