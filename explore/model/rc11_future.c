// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What of a graph still matters.  Two graphs of which the same is left go on alike: the same values can be
 * read from here on, and no other ones.  So a search that asks only what can still happen takes them for one
 * state, however they came about.
 *
 * What is left of a set of nodes that somebody knows is, for each word, the newest store that is seen there
 * (xp_seen()); of the full barriers in it, the same for all that comes before one of them in the order of
 * barriers.  For that order forbids a store to be read if one behind it is known to a barrier which comes
 * before one that the reader knows; and it grows by what was read just as these two do: see psc.c.  What
 * every fiber that goes on has seen a newer store of can be read by nobody, and is left out.
 *
 * With sequentially consistent accesses the order is another one, and all of the graph is left: who walks
 * states forgets nothing from the first of them on (xp_graph_remembers()).
 */
#include <string.h>

#include "explore/model/graph.h"

static struct xp_graph *const g = &xp_graph;

/* For each word that can still be read in two ways a position of its chain. */
struct view {
	int16_t at[XP_PLACES];
};

static struct {
	uint8_t place[XP_PLACES]; /* by slot: in whichever order they came about */
	uint8_t users[XP_PLACES]; /* of each place: the fibers that may still touch it */
	int n_words;
	const struct xp_place *word[XP_PLACES]; /* of which somebody has not seen the newest store */
	int16_t floor[XP_PLACES];		/* ... the newest that all have seen */
	int16_t oldest[XP_PLACES];		/* ... that all have seen who may still touch the word */
	/*
	 * From the floor on, a number for each store: two of which it makes no difference which is the newest
	 * that somebody has seen have the same.
	 */
	uint8_t rank[XP_PLACES][XP_NODES];
	struct view barrier[XP_SC]; /* of what comes before it, itself included */
	uint32_t live; /* fibers */
} left;

static void join(struct view *to, const struct view *from)
{
	for (int w = 0; w < left.n_words; w++)
		to->at[w] = to->at[w] > from->at[w] ? to->at[w] : from->at[w];
}

/* The newest store that is seen, or this one. */
static int newest(const struct xp_nodes *nodes, const struct xp_place *place, int least)
{
	int i = place->n - 1;

	while (i > least && !xp_seen(nodes, place->chain[i]))
		i--;
	return i;
}

static void look(struct view *v, const struct xp_nodes *nodes)
{
	for (int w = 0; w < left.n_words; w++)
		v->at[w] = newest(nodes, left.word[w], left.floor[w]);
}

/* What some barriers know. */
static void look_from(struct view *v, uint64_t barriers)
{
	memcpy(v->at, left.floor, left.n_words * sizeof(v->at[0]));
	for (; barriers; barriers &= barriers - 1)
		join(v, &left.barrier[__builtin_ctzll(barriers)]);
}

static void sort_places(void)
{
	int i, j;

	for (i = 0; i < g->n_places; i++) {
		for (j = i; j > 0 && g->place[left.place[j - 1]].slot > g->place[i].slot; j--)
			left.place[j] = left.place[j - 1];
		left.place[j] = i;
	}
}

static bool touches(int fiber, const struct xp_place *place)
{
	return !xp.search->touches || xp.search->touches(fiber, place->slot);
}

static void find_fibers(void)
{
	left.live = 0;
	for (int f = 0; f < xp.n_fibers; f++)
		if (!(xp.search->gone ? xp.search->gone(f) : xp.fiber[f].done))
			left.live |= 1u << f;
}

static uint32_t users_of(const struct xp_place *place)
{
	uint32_t users = 0, rest;

	for (rest = left.live; rest; rest &= rest - 1)
		if (touches(__builtin_ctz(rest), place))
			users |= rest & -rest;
	return users;
}

/* The newest store that all of them have seen. */
static int seen_by(uint32_t fibers, const struct xp_place *place)
{
	int oldest = place->n - 1, i;

	for (; fibers && oldest; fibers &= fibers - 1) {
		int last = g->last[__builtin_ctz(fibers)];

		i = last < 0 ? 0 : newest(&g->node[last].after.now, place, 0);
		oldest = i < oldest ? i : oldest;
	}
	return oldest;
}

static void find_words(void)
{
	int i;

	left.n_words = 0;
	for (i = 0; i < g->n_places; i++) {
		const struct xp_place *place = &g->place[left.place[i]];
		int floor;

		left.users[left.place[i]] = users_of(place);
		floor = place->machine && !xp_graph_was_tried(place) ? place->n - 1 :
								       seen_by(left.live, place);
		if (floor == place->n - 1)
			continue;
		left.word[left.n_words] = place;
		left.oldest[left.n_words] = seen_by(left.users[left.place[i]], place);
		left.floor[left.n_words++] = floor;
	}
}

static void find_barriers(void)
{
	struct view own[XP_SC];
	int j, k, order = g->n ? g->node[g->n - 1].order : -1;
	uint64_t after;

	for (k = 0; k < g->n_sc; k++) {
		look(&own[k], &g->node[g->sc_node[k]].after.now);
		left.barrier[k] = own[k];
	}
	for (j = 0; order >= 0 && j < g->n_sc; j++)
		for (after = g->order[order].after[j]; after; after &= after - 1) {
			k = __builtin_ctzll(after);
			join(&left.barrier[k], &own[j]);
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

static bool same(const struct view *a, const struct view *b)
{
	for (int w = 0; w < left.n_words; w++)
		if (left.rank[w][a->at[w]] != left.rank[w][b->at[w]])
			return false;
	return true;
}

/*
 * Of a store that nobody will read, nor come in between with another, what matters is the barriers which come
 * before whoever has seen it (xp_order_fence()).  True: there are more ranks than before.
 */
static bool find_ranks(int w)
{
	const struct xp_place *place = left.word[w];
	struct view before, now;
	uint64_t earlier = 0;
	int i, rank = 0, most = left.rank[w][place->n - 1];

	if (place->machine)
		return false;
	for (i = 0; i < place->n; i++) {
		const struct xp_node *e = &g->node[place->chain[i]];

		earlier |= i ? e->after.now.sc : 0;
		if (i >= left.floor[w]) {
			look_from(&now, earlier);
			rank += i > left.floor[w] && (i > left.oldest[w] || !same(&now, &before));
			left.rank[w][i] = rank;
			before = now;
		}
		earlier |= known_to_readers(e);
	}
	return rank != most;
}

/* As few ranks as there can be: one for all of these, divided until what it depends on has ranks alike. */
static void find_all_ranks(void)
{
	bool again = true;
	int w, i;

	for (w = 0; w < left.n_words; w++)
		for (i = left.floor[w]; i < left.word[w]->n; i++)
			left.rank[w][i] = left.word[w]->machine ? i - left.floor[w] :
					  i > left.oldest[w] ? i - left.oldest[w] : 0;
	while (again)
		for (again = false, w = 0; w < left.n_words; w++)
			again |= find_ranks(w);
}

static void mix_view(struct xp_hash *h, const struct view *v)
{
	for (int w = 0; w < left.n_words; w++)
		if (left.rank[w][v->at[w]])
			xp_hash_mix(h, (uint64_t)left.word[w]->slot << 32 | left.rank[w][v->at[w]]);
	xp_hash_mix(h, ~0ull);
}

static void mix_barriers(struct xp_hash *h, uint64_t barriers)
{
	struct view v;

	look_from(&v, barriers);
	mix_view(h, &v);
}

static void mix_nodes(struct xp_hash *h, const struct xp_nodes *nodes)
{
	struct view v;

	look(&v, nodes);
	mix_view(h, &v);
	mix_barriers(h, nodes->sc);
}

/* What a relaxed store of this fiber would hand on: that of its last release store to the same word. */
static void mix_released(struct xp_hash *h, int fiber)
{
	int p, i, j;

	for (j = 0; j < g->n_places; j++) {
		p = left.place[j];
		if (!(left.users[p] >> fiber & 1))
			continue;
		for (i = g->place[p].n - 1; i > 0; i--) {
			const struct xp_node *e = &g->node[g->place[p].chain[i]];

			if (e->fiber != fiber || !e->releases)
				continue;
			xp_hash_mix(h, g->place[p].slot);
			mix_nodes(h, &e->after.now);
			break;
		}
	}
}

static void mix_fiber(struct xp_hash *h, int fiber)
{
	const struct xp_knowledge *k;

	xp_hash_mix(h, fiber);
	if (!(left.live >> fiber & 1) || g->last[fiber] < 0)
		return;
	k = &g->node[g->last[fiber]].after;
	mix_nodes(h, &k->now);
	mix_nodes(h, &k->heard);
	mix_nodes(h, &k->told);
	if (xp.program->records)
		mix_nodes(h, &k->fenced);
	mix_released(h, fiber);
}

/*
 * A word: the stores that can still be read, what they hand on, and the barriers that come before whoever has
 * seen them.
 */
static void mix_word(struct xp_hash *h, const struct xp_place *place, uint32_t users)
{
	int w = 0, floor, oldest, i;
	uint64_t earlier = 0;

	while (w < left.n_words && left.word[w] != place)
		w++;
	floor = w < left.n_words ? left.floor[w] : place->n - 1;
	oldest = w < left.n_words ? left.oldest[w] : place->n - 1;
	if (place->n == 1 && !known_to_readers(&g->node[place->chain[0]]))
		return; /* as one that nobody has come to */
	xp_hash_mix(h, place->slot);
	for (i = 0; i < place->n; i++) {
		const struct xp_node *e = &g->node[place->chain[i]];
		bool may_be_read = i >= oldest && users;

		earlier |= i ? e->after.now.sc : 0;
		if (may_be_read) {
			xp_hash_mix(h, e->put);
			mix_nodes(h, &e->sync);
		}
		if (i >= floor && (may_be_read || i == floor || left.rank[w][i] != left.rank[w][i - 1]))
			mix_barriers(h, earlier);
		/* Nothing may come between a read-modify-write and what it read. */
		if (may_be_read && i > oldest)
			xp_hash_mix(h, e->from == place->chain[i - 1]);
		earlier |= known_to_readers(e);
		if (may_be_read)
			mix_barriers(h, earlier);
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
static void mix_tried(struct xp_hash *h, const struct xp_place *place)
{
	for (int i = 1; i < place->n; i++) {
		const struct xp_node *e = &g->node[place->chain[i]];

		xp_hash_mix(h, (uint64_t)e->kind << 8 | e->changes);
		mix_barriers(h, e->after.now.sc);
	}
}

/* A part of the machine: who is taught what, see rc11_machine.c. */
static void mix_machine(struct xp_hash *h, const struct xp_place *place)
{
	int i = place->n - 1, call = first_call(place);

	xp_hash_mix(h, place->slot);
	mix_nodes(h, &g->node[place->chain[i]].sync);
	while (i > 0 && !g->node[place->chain[i]].changes)
		i--;
	if (pending(place))
		mix_nodes(h, &g->node[place->chain[i]].sync);
	if (call == place->n)
		return;
	/* One that was taken at once knows what the pCPU knew when interrupts had last gone on. */
	for (i = call; i > 0 && g->node[place->chain[i]].kind != XP_IRQ_ON;)
		i--;
	mix_nodes(h, &g->node[place->chain[i]].sync);
	for (i = call; i < place->n; i++) {
		const struct xp_node *e = &g->node[place->chain[i]];

		xp_hash_mix(h, (uint64_t)e->kind << 16 | e->fiber << 8 | e->changes);
		mix_nodes(h, &e->sync);
	}
}

void xp_graph_hash_future(struct xp_hash *h)
{
	int i;

	sort_places();
	find_fibers();
	if (!left.live)
		return;
	find_words();
	find_barriers();
	find_all_ranks();
	for (i = 0; i < xp.n_fibers; i++)
		mix_fiber(h, i);
	for (i = 0; i < g->n_places; i++) {
		const struct xp_place *place = &g->place[left.place[i]];

		if (xp_graph_was_tried(place))
			mix_tried(h, place);
		if (place->machine && left.users[left.place[i]])
			mix_machine(h, place);
		else if (place->machine)
			continue;
		else
			mix_word(h, place, left.users[left.place[i]]);
	}
}

bool xp_graph_remembers(void)
{
	return g->accesses_met;
}
