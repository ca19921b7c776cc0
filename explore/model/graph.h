/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Execution graphs, for rc11: what was executed, from which store each load read, and in which order
 * the stores to each word stand.  That order is not the order of execution: a store may be placed
 * behind others.  A graph grows by one node at a time, and never into one that rc11 forbids.
 */
#ifndef EXPLORE_GRAPH_H
#define EXPLORE_GRAPH_H

#include "explore/engine/engine.h"

enum {
	XP_NODES = 256,
	XP_NODE_WORDS = XP_NODES / 64,
	XP_PLACES = 64,
	XP_SC = 64, /* full barriers and sequentially consistent accesses */
};

/* A set of nodes; those that are sequentially consistent once more by their own numbers. */
struct xp_nodes {
	uint64_t w[XP_NODE_WORDS];
	uint64_t sc;
};

/* What a fiber knows: nodes that happened before what it does next. */
struct xp_knowledge {
	struct xp_nodes now;
	struct xp_nodes heard;	/* an acquire fence would add these */
	struct xp_nodes told;	/* at its last release fence */
	struct xp_nodes fenced; /* at its last full barrier */
	uint64_t timed; /* what is sequentially consistent and was over by its look at the machine's record */
};

struct xp_node {
	struct xp_knowledge after;
	struct xp_nodes sync;	 /* of a store: known to whoever acquires it */
	struct xp_nodes readers; /* of a store */
	uint64_t got, put;	 /* values */
	uint64_t timed;		 /* of the record: what was over then */
	uint64_t name;		 /* does not depend on the order of execution */
	uint64_t born;		 /* no other node has the same */
	int16_t level;		 /* the last one of its step */
	int16_t place;		 /* -1: a fence */
	int16_t from;		 /* the store that is read, -1 */
	int16_t before;		 /* its fiber's node before it, -1 */
	int16_t sc;		 /* its number among those, -1 */
	int16_t order;		 /* node that has the order of full barriers in force then, -1 */
	int16_t number;		 /* of a store: the place had so many before it */
	int16_t index;		 /* in its fiber */
	int16_t newer;		 /* stores after the one that is read or made */
	uint8_t fiber, kind, choices;
	bool writes, releases, changes;
};

/* A word, or a part of the machine; its stores as they are ordered, the first is what it starts with. */
struct xp_place {
	int16_t slot;
	int16_t n;
	bool machine;
	uint64_t changed; /* another number whenever its chain or who read it does */
	int16_t chain[XP_NODES];
};

/* Which full barriers come before which, in every order of them: transitive. */
struct xp_sc_order {
	uint64_t after[XP_SC];
};

struct xp_graph {
	struct xp_node node[XP_NODES + XP_PLACES]; /* at the end: what places start with */
	int n;
	int at; /* nodes that were executed again */
	int16_t last[XP_FIBERS];
	struct xp_place place[XP_PLACES];
	int n_places;
	int16_t place_of[XP_SLOTS];
	int16_t sc_node[XP_SC];
	int n_sc, n_sc_accesses;
	bool accesses_met; /* one of those, since the search began */
	struct xp_sc_order order[XP_NODES];
};
extern struct xp_graph xp_graph;

static inline void xp_nodes_join(struct xp_nodes *to, const struct xp_nodes *from)
{
	for (int i = 0; i < XP_NODE_WORDS; i++)
		to->w[i] |= from->w[i];
	to->sc |= from->sc;
}

static inline bool xp_nodes_meet(const struct xp_nodes *a, const struct xp_nodes *b)
{
	uint64_t both = 0;

	for (int i = 0; i < XP_NODE_WORDS; i++)
		both |= a->w[i] & b->w[i];
	return both;
}

static inline bool xp_nodes_any(const struct xp_nodes *a)
{
	uint64_t any = 0;

	for (int i = 0; i < XP_NODE_WORDS; i++)
		any |= a->w[i];
	return any;
}

/* What a place starts with is in no set: it happened before everything. */
static inline bool xp_nodes_has(const struct xp_nodes *set, int node)
{
	return node < XP_NODES && set->w[node / 64] >> (node % 64) & 1;
}

static inline void xp_nodes_add(struct xp_nodes *set, int node)
{
	if (node < XP_NODES)
		set->w[node / 64] |= 1ull << (node % 64);
}

static inline void xp_nodes_remove(struct xp_nodes *set, int node)
{
	set->w[node / 64] &= ~(1ull << (node % 64));
}

/* Has this store been seen: itself, or by a load? */
static inline bool xp_seen(const struct xp_nodes *now, int store)
{
	return xp_nodes_has(now, store) || xp_nodes_meet(now, &xp_graph.node[store].readers);
}

/* The store, and those that read it. */
static inline void xp_nodes_add_store(struct xp_nodes *set, int store)
{
	xp_nodes_add(set, store);
	xp_nodes_join(set, &xp_graph.node[store].readers);
}

/* graph.c */
void xp_graph_begin(void);
void xp_graph_rewind(int level); /* forget the nodes from this level on, execute the others again */
void xp_graph_resume(int level); /* those before this one have been */
struct xp_node *xp_graph_again(void); /* the next of those, or NULL */
struct xp_node *xp_graph_grow(enum xp_kind kind);
void xp_graph_pop(void);
struct xp_place *xp_graph_place(int16_t slot, unsigned int size); /* 0: of the machine */
void xp_graph_insert(struct xp_node *e, int at);
void xp_graph_read(struct xp_node *e, int from);
const struct xp_knowledge *xp_graph_knowledge(void);
uint64_t xp_nodes_hash(const struct xp_nodes *set);
int xp_graph_stores(int16_t slot);
uint32_t xp_graph_newer(int16_t slot, int from);
void xp_graph_hash(struct xp_hash *h);

/* No room for the nodes of a step. */
static inline bool xp_graph_is_full(void)
{
	return xp_graph.n > XP_NODES - 4 || xp_graph.n_sc > XP_SC - 4;
}

/* A part of the machine that is read like a word: a lock that somebody tried in vain (rc11_machine.c). */
bool xp_graph_was_tried(const struct xp_place *place);

/* psc.c: the order of full barriers and of sequentially consistent accesses */
void xp_order_number(struct xp_node *e);
void xp_order_fence(struct xp_node *e);
/* Does a node that comes before `later` stand between two that are sequentially consistent? */
bool xp_order_concerns(bool sc, const struct xp_nodes *now, const struct xp_nodes *later);
bool xp_order_allows(const struct xp_nodes *now, const struct xp_nodes *later);
void xp_order_later(struct xp_node *e, const struct xp_nodes *later);
bool xp_psc_acyclic(void);

/* rc11_future.c */
void xp_graph_hash_future(struct xp_hash *h); /* what still matters of it */
bool xp_graph_remembers(void);

/* rc11_machine.c: an operation of pCPUs and locks, announced already */
void xp_rc11_machine(const struct xp_op *op, bool changes);

#endif
