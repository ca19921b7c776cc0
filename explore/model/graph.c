// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Nodes and their places.  An execution that follows the one before for a while finds its nodes as they
 * were: only what is new is thought about.
 */
#include <string.h>

#include "explore/model/graph.h"

struct xp_graph xp_graph;

void xp_graph_begin(void)
{
	xp_graph.n = xp_graph.at = 0;
	xp_graph.n_places = 0;
	xp_graph.n_sc = xp_graph.n_sc_accesses = 0;
	xp_graph.accesses_met = false;
	memset(xp_graph.place_of, -1, sizeof(xp_graph.place_of));
}

static void changes(struct xp_place *place)
{
	static uint64_t n;

	place->changed = ++n;
}

static void remove_store(struct xp_place *place, int node)
{
	int i = place->n - 1;

	while (place->chain[i] != node)
		i--;
	memmove(&place->chain[i], &place->chain[i + 1], (place->n - i - 1) * sizeof(place->chain[0]));
	place->n--;
	changes(place);
}

void xp_graph_pop(void)
{
	struct xp_node *e = &xp_graph.node[--xp_graph.n];

	if (e->from >= 0) {
		xp_nodes_remove(&xp_graph.node[e->from].readers, xp_graph.n);
		changes(&xp_graph.place[e->place]);
	}
	if (e->writes)
		remove_store(&xp_graph.place[e->place], xp_graph.n);
	if (e->sc >= 0) {
		xp_graph.n_sc--;
		xp_graph.n_sc_accesses -= e->place >= 0;
	}
	xp_graph.last[e->fiber] = e->before;
	xp_graph.at = xp_graph.n;
}

void xp_graph_rewind(int level)
{
	while (xp_graph.n && xp_graph.node[xp_graph.n - 1].level >= level)
		xp_graph_pop();
	memset(xp_graph.last, -1, sizeof(xp_graph.last));
	xp_graph.at = 0;
}

void xp_graph_resume(int level)
{
	for (; xp_graph.at < xp_graph.n && xp_graph.node[xp_graph.at].level < level; xp_graph.at++)
		xp_graph.last[xp_graph.node[xp_graph.at].fiber] = xp_graph.at;
}

struct xp_node *xp_graph_again(void)
{
	struct xp_node *e = &xp_graph.node[xp_graph.at];

	if (xp_graph.at == xp_graph.n)
		return NULL;
	if (e->fiber != xp.current)
		xp_fail("%s is not deterministic: the same schedule came to another operation",
			xp.program->name);
	xp_graph.last[xp.current] = xp_graph.at++;
	return e;
}

const struct xp_knowledge *xp_graph_knowledge(void)
{
	static const struct xp_knowledge nothing;
	int last = xp_graph.last[xp.current];

	return last < 0 ? &nothing : &xp_graph.node[last].after;
}

/* A new node of the fiber that runs, which knows what the one before it knew. */
struct xp_node *xp_graph_grow(enum xp_kind kind)
{
	static uint64_t born;
	struct xp_node *e = &xp_graph.node[xp_graph.n];
	int before = xp_graph.last[xp.current];

	if (xp_graph_is_full())
		xp_abandon(XP_TOO_LONG);
	e->after = *xp_graph_knowledge();
	xp_nodes_add(&e->after.now, xp_graph.n);
	memset(&e->sync, 0, sizeof(e->sync));
	memset(&e->readers, 0, sizeof(e->readers));
	e->got = e->put = e->timed = 0;
	e->level = xp.depth - 1;
	e->place = e->from = e->sc = -1;
	e->before = before;
	e->order = xp_graph.n ? e[-1].order : -1;
	e->number = e->newer = 0;
	e->index = before < 0 ? 0 : xp_graph.node[before].index + 1;
	e->fiber = xp.current;
	e->name = xp_mix(xp_mix(2, e->fiber), e->index);
	e->born = ++born;
	e->kind = kind;
	e->choices = 0;
	e->writes = e->releases = e->changes = false;
	xp_graph.last[xp.current] = xp_graph.n;
	xp_graph.at = ++xp_graph.n;
	return e;
}

static struct xp_place *new_place(int16_t slot, unsigned int size)
{
	int i = xp_graph.n_places;
	struct xp_node *first = &xp_graph.node[XP_NODES + i];
	struct xp_place *place = &xp_graph.place[i];

	if (i == XP_PLACES) {
		xp_fail("more than %d words are shared", XP_PLACES);
		return &xp_graph.place[0];
	}
	xp_graph.n_places++;
	memset(first, 0, sizeof(*first));
	first->level = first->from = first->before = first->sc = first->order = -1;
	first->place = i;
	first->name = 1;
	if (size)
		first->put = xp_read(xp.start + slot * 4, size);
	*place = (struct xp_place){ .slot = slot, .n = 1, .machine = !size };
	place->chain[0] = XP_NODES + i;
	changes(place);
	xp_graph.place_of[slot] = i;
	return place;
}

struct xp_place *xp_graph_place(int16_t slot, unsigned int size)
{
	int i = xp_graph.place_of[slot];

	return i < 0 ? new_place(slot, size) : &xp_graph.place[i];
}

int xp_graph_stores(int16_t slot)
{
	int i = xp_graph.place_of[slot];

	return i < 0 ? 1 : xp_graph.place[i].n;
}

/* All further ones are one bit, the last. */
uint32_t xp_graph_newer(int16_t slot, int from)
{
	int i = xp_graph.place_of[slot], n = xp_graph_stores(slot);
	uint32_t newer = 0;

	for (int at = 0; i >= 0 && n > from && at < n; at++)
		if (xp_graph.node[xp_graph.place[i].chain[n - 1 - at]].number >= from)
			newer |= 1u << (at < 31 ? at : 31);
	return newer;
}

void xp_graph_insert(struct xp_node *e, int at)
{
	struct xp_place *place = &xp_graph.place[e->place];

	memmove(&place->chain[at + 1], &place->chain[at], (place->n - at) * sizeof(place->chain[0]));
	place->chain[at] = e - xp_graph.node;
	e->number = place->n++;
	e->newer = place->n - 1 - at;
	e->writes = true;
	changes(place);
}

void xp_graph_read(struct xp_node *e, int from)
{
	e->from = from;
	xp_nodes_add(&xp_graph.node[from].readers, e - xp_graph.node);
	changes(&xp_graph.place[e->place]);
}

uint64_t xp_nodes_hash(const struct xp_nodes *set)
{
	uint64_t sum = 0, left;
	int i;

	for (i = 0; i < XP_NODE_WORDS; i++)
		for (left = set->w[i]; left; left &= left - 1)
			sum += xp_graph.node[64 * i + __builtin_ctzll(left)].name;
	return sum;
}

/* A word: its stores in their order.  A part of the machine: what may still be learned there. */
static void mix_place(struct xp_hash *h, const struct xp_place *place)
{
	const struct xp_node *e;
	int i = place->n - 1;

	xp_hash_mix(h, place->slot);
	if (!place->machine) {
		for (; i > 0; i--)
			xp_hash_mix(h, xp_graph.node[place->chain[i]].name);
		return;
	}
	xp_hash_mix(h, xp_nodes_hash(&xp_graph.node[place->chain[i]].sync));
	for (; i > 0; i--) {
		e = &xp_graph.node[place->chain[i]];
		if (e->changes || e->kind == XP_IRQ_ON)
			xp_hash_mix(h, xp_nodes_hash(&e->sync));
	}
}

/* The order of the stores to each word; who read which, the fibers have been told. */
void xp_graph_hash(struct xp_hash *h)
{
	int i;

	for (i = 0; i < xp_graph.n_places; i++)
		if (xp_graph.place[i].n > 1)
			mix_place(h, &xp_graph.place[i]);
}
