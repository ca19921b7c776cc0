// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Sequential consistency in rc11: the partial order psc of full barriers and sequentially consistent
 * accesses must have no cycle.  (Lahav, Vafeiadis, Kang, Hur, Dreyer: Repairing Sequential Consistency
 * in C/C++11, PLDI 2017.)
 *
 * A node at the end of everything has nothing after it and closes no cycle.  Only one that reads or
 * makes a store which others have overwritten already comes before them; so only those are checked.
 * Where all that is sequentially consistent are barriers, psc is what leads from barrier to barrier
 * through happens-before and the order of accesses to one word, and its transitive closure is kept.
 * Where there are accesses too, everything is computed anew.
 */
#include <string.h>

#include "explore/model/graph.h"

static struct xp_graph *const g = &xp_graph;

static uint64_t after(const struct xp_node *e, int k)
{
	return e->order < 0 ? 0 : g->order[e->order].after[k];
}

static const struct xp_node *newest(void)
{
	return &g->node[g->n - 1];
}

/* The barriers that come after a node which comes before these. */
static uint64_t barriers_after(const struct xp_nodes *later, const struct xp_node *at)
{
	uint64_t found = 0;
	int k;

	for (k = 0; k < g->n_sc; k++)
		if (xp_nodes_meet(&g->node[g->sc_node[k]].after.now, later))
			found |= 1ull << k | after(at, k);
	return found;
}

bool xp_order_allows(const struct xp_nodes *now, const struct xp_nodes *later)
{
	return !now->sc || !(barriers_after(later, newest()) & now->sc);
}

bool xp_order_concerns(bool sc, const struct xp_nodes *now, const struct xp_nodes *later)
{
	int k;

	if (!sc && !now->sc)
		return false;
	for (k = 0; k < g->n_sc; k++)
		if (xp_nodes_has(later, g->sc_node[k]) ||
		    xp_nodes_meet(&g->node[g->sc_node[k]].after.now, later))
			return true;
	return false;
}

/* What is in `first`, and what comes before it, comes before what is in `then`. */
static void enter(struct xp_node *e, uint64_t first, uint64_t then)
{
	struct xp_sc_order *new = &g->order[e - g->node];
	int k;

	for (k = 0; k < g->n_sc; k++) {
		new->after[k] = after(e, k);
		if ((new->after[k] | 1ull << k) & first)
			new->after[k] |= then;
	}
	e->order = e - g->node;
}

void xp_order_later(struct xp_node *e, const struct xp_nodes *later)
{
	uint64_t then = barriers_after(later, e);

	if (e->after.now.sc && then)
		enter(e, e->after.now.sc, then);
}

void xp_order_number(struct xp_node *e)
{
	e->sc = g->n_sc;
	g->sc_node[g->n_sc++] = e - g->node;
	g->n_sc_accesses += e->place >= 0;
	g->accesses_met |= e->place >= 0;
}

/* Barriers that happened before an access which comes before one that happened before this. */
static uint64_t barriers_before(const struct xp_place *place, const struct xp_nodes *now)
{
	struct xp_nodes earlier = { 0 };
	uint64_t found = 0, left;
	int i, j;

	for (i = place->n - 1; i > 0 && !xp_seen(now, place->chain[i]); i--)
		;
	if (i == 0)
		return 0;
	for (j = 0; j < i; j++)
		xp_nodes_add_store(&earlier, place->chain[j]);
	xp_nodes_add(&earlier, place->chain[i]);
	for (j = 0; j < XP_NODE_WORDS; j++)
		for (left = earlier.w[j]; left; left &= left - 1)
			found |= g->node[64 * j + __builtin_ctzll(left)].after.now.sc;
	return found;
}

/* The same of a lock that was tried in vain: two that only look at it stand in no order. */
static uint64_t barriers_before_tried(const struct xp_place *place, const struct xp_nodes *now)
{
	bool changes = false;
	uint64_t found = 0;
	int i;

	for (i = place->n - 1; i > 0 && !xp_nodes_has(now, place->chain[i]); i--)
		;
	for (; i > 0; i--) {
		const struct xp_node *e = &g->node[place->chain[i]];

		if (changes || e->changes)
			found |= e->after.now.sc;
		changes |= e->changes;
	}
	return found;
}

/* A new full barrier: its number is not among what it knows yet. */
void xp_order_fence(struct xp_node *e)
{
	uint64_t first = e->after.now.sc;
	int i;

	for (i = 0; i < g->n_places; i++)
		if (!g->place[i].machine)
			first |= barriers_before(&g->place[i], &e->after.now);
		else if (xp_graph_was_tried(&g->place[i]))
			first |= barriers_before_tried(&g->place[i], &e->after.now);
	xp_order_number(e);
	enter(e, first, 1ull << e->sc);
	g->order[e - g->node].after[e->sc] = 0;
}

/* From here on: everything anew. */
static struct {
	struct xp_nodes sb[XP_NODES]; /* earlier in the same fiber */
	struct xp_nodes hb[XP_NODES];
	struct xp_nodes eco[XP_NODES]; /* earlier at the same place: modification order and reads */
	struct xp_nodes scb[XP_NODES];
	struct xp_nodes at[XP_PLACES]; /* the accesses to a place */
	struct xp_nodes other[XP_NODES]; /* sb at another place, of anything in hb */
	uint64_t before[XP_SC];
} all;

static void subtract(struct xp_nodes *from, const struct xp_nodes *what)
{
	for (int i = 0; i < XP_NODE_WORDS; i++)
		from->w[i] &= ~what->w[i];
}

static void program_order(void)
{
	int i;

	memset(all.at, 0, sizeof(all.at));
	for (i = 0; i < g->n; i++) {
		const struct xp_node *e = &g->node[i];

		all.sb[i] = (struct xp_nodes){ 0 };
		if (e->before >= 0) {
			all.sb[i] = all.sb[e->before];
			xp_nodes_add(&all.sb[i], e->before);
		}
		all.hb[i] = e->after.now;
		xp_nodes_remove(&all.hb[i], i);
		if (e->place >= 0)
			xp_nodes_add(&all.at[e->place], i);
	}
}

/* The same of a lock that was tried in vain: who only looked comes before the next who changes it. */
static void coherence_of_tried(const struct xp_place *place)
{
	struct xp_nodes earlier = { 0 }, to_change = { 0 };

	for (int i = 1; i < place->n; i++) {
		int node = place->chain[i];

		all.eco[node] = g->node[node].changes ? earlier : to_change;
		xp_nodes_add(&earlier, node);
		if (g->node[node].changes)
			to_change = earlier;
	}
}

/* Adds a node to what is before a node at the same place, by the order of stores and by reads alone. */
static void coherence(void)
{
	int p, i, r;

	for (p = 0; p < g->n_places; p++) {
		const struct xp_place *place = &g->place[p];
		struct xp_nodes earlier = { 0 }, readers;

		if (xp_graph_was_tried(place))
			coherence_of_tried(place);
		for (i = 0; i < place->n && !place->machine; i++) {
			int store = place->chain[i];

			readers = g->node[store].readers;
			if (store < XP_NODES) {
				all.eco[store] = earlier;
				xp_nodes_remove(&all.eco[store], store);
			}
			for (r = 0; r < g->n; r++)
				if (xp_nodes_has(&readers, r) && !g->node[r].writes) {
					all.eco[r] = earlier;
					xp_nodes_add(&all.eco[r], store);
				}
			xp_nodes_add_store(&earlier, store);
		}
	}
}

static struct xp_nodes elsewhere(int i)
{
	struct xp_nodes set = all.sb[i];

	if (g->node[i].place >= 0)
		subtract(&set, &all.at[g->node[i].place]);
	return set;
}

static void join_all(struct xp_nodes *to, const struct xp_nodes *members, const struct xp_nodes *of)
{
	uint64_t left;
	int i;

	for (i = 0; i < XP_NODE_WORDS; i++)
		for (left = members->w[i]; left; left &= left - 1)
			xp_nodes_join(to, &of[64 * i + __builtin_ctzll(left)]);
}

/* sb, or sb to elsewhere; hb; sb from elsewhere, or hb at one place, or mo, or rb */
static void scb(void)
{
	static struct xp_nodes away[XP_NODES];
	int i, p;

	for (i = 0; i < g->n; i++)
		away[i] = elsewhere(i);
	for (i = 0; i < g->n; i++) {
		all.other[i] = (struct xp_nodes){ 0 };
		join_all(&all.other[i], &all.hb[i], away);
	}
	for (i = 0; i < g->n; i++) {
		struct xp_nodes here = all.hb[i];

		p = g->node[i].place;
		all.scb[i] = all.sb[i];
		join_all(&all.scb[i], &away[i], all.other);
		if (p < 0)
			continue;
		for (int w = 0; w < XP_NODE_WORDS; w++)
			here.w[w] &= all.at[p].w[w];
		xp_nodes_join(&all.scb[i], &here);
		if (g->place[p].machine ? g->node[i].changes : g->node[i].writes)
			xp_nodes_join(&all.scb[i], &all.eco[i]);
	}
}

/* The sequentially consistent in a set, and the barriers that happened before something in it. */
static uint64_t sources(const struct xp_nodes *set, bool accesses)
{
	uint64_t found = 0, before = 0, left;
	int i, k;

	for (i = 0; i < XP_NODE_WORDS; i++)
		for (left = set->w[i]; left; left &= left - 1)
			before |= g->node[64 * i + __builtin_ctzll(left)].after.now.sc;
	for (k = 0; k < g->n_sc; k++) {
		if (g->node[g->sc_node[k]].place < 0)
			found |= before & 1ull << k;
		else if (accesses && xp_nodes_has(set, g->sc_node[k]))
			found |= 1ull << k;
	}
	return found;
}

static uint64_t psc_before(int node)
{
	struct xp_nodes set = all.scb[node];
	uint64_t found;

	if (g->node[node].place >= 0)
		return sources(&set, true);
	join_all(&set, &all.hb[node], all.scb);
	found = sources(&set, true);
	set = all.hb[node];
	join_all(&set, &all.hb[node], all.eco);
	return found | sources(&set, false);
}

/* Takes away what has nothing before it until nothing is left, or a cycle. */
bool xp_psc_acyclic(void)
{
	uint64_t left = g->n_sc == 64 ? ~0ull : (1ull << g->n_sc) - 1, was;
	int k;

	memset(all.eco, 0, g->n * sizeof(all.eco[0]));
	program_order();
	coherence();
	scb();
	for (k = 0; k < g->n_sc; k++)
		all.before[k] = psc_before(g->sc_node[k]) | g->node[g->sc_node[k]].after.timed;
	do {
		was = left;
		for (k = 0; k < g->n_sc; k++)
			if (!(all.before[k] & left))
				left &= ~(1ull << k);
	} while (left != was);
	return !left;
}
