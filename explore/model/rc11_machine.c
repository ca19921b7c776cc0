// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What pCPUs and locks order under rc11.  They are no memory: their operations act one after the other.
 *
 * Whoever takes an IPI or acquires a lock knows what the sender or the last holder knew; a waiting call
 * teaches its caller what the pCPU knew when it let interrupts in.  An IPI that is merged with a pending
 * one may teach nothing before interrupts go on, and a call that is taken at once teaches what that pCPU
 * knew when interrupts went on last: that much is so wherever its handler ran.
 *
 * A look at the machine's record knows what the vCPU knew at its last full barrier, as a look at a clock
 * would say: what went before such a barrier is there for whoever begins later.  Its sequentially consistent
 * accesses come before those of whoever begins later.
 *
 * Who tries a lock in vain has read it: that teaches nothing, but stands between the lock and the unlock in
 * the order of full barriers (psc.c), as a relaxed load of the lock's word does.
 */
#include "explore/model/graph.h"

static struct xp_graph *const g = &xp_graph;

bool xp_graph_was_tried(const struct xp_place *place)
{
	for (int i = 1; place->machine && i < place->n; i++)
		if (g->node[place->chain[i]].kind == XP_TRYLOCK && !g->node[place->chain[i]].changes)
			return true;
	return false;
}

/* From this position of the chain back: the newest of a kind; -1: none. */
static int back_to(const struct xp_place *place, int i, enum xp_kind kind, int fiber)
{
	for (; i > 0; i--) {
		const struct xp_node *e = &g->node[place->chain[i]];

		if (e->kind == kind && (fiber < 0 || e->fiber == fiber))
			return i;
	}
	return -1;
}

/* Whose IPI it is that ends the stint. */
static const struct xp_node *waker(const struct xp_place *place)
{
	int i = place->n - 1;

	while (i > 0 && !g->node[place->chain[i]].changes)
		i--;
	return &g->node[place->chain[i]];
}

/* Where the handler of this fiber's last call ran, at the latest. */
static const struct xp_node *handler(const struct xp_place *place)
{
	int call = back_to(place, place->n - 1, XP_CALL, xp.current), i = call;

	if (call > 0 && g->node[place->chain[call]].changes)
		while (i < place->n - 1 && g->node[place->chain[i]].kind != XP_IRQ_ON)
			i++;
	else
		i = back_to(place, call, XP_IRQ_ON, -1);
	return i < 0 ? NULL : &g->node[place->chain[i]];
}

static const struct xp_node *teacher(const struct xp_place *place, const struct xp_op *op)
{
	const struct xp_node *newest = &g->node[place->chain[place->n - 1]];

	switch (op->kind) {
	case XP_LOCK:
	case XP_IRQ_OFF:
	case XP_IRQ_ON:
	case XP_NAP:
	case XP_TAKEN:
		return newest;
	case XP_GUEST_WAIT:
		return waker(place);
	case XP_ACK:
		return handler(place);
	case XP_LOOK:
	case XP_POLL:
	case XP_TRYLOCK:
		return op->a ? newest : NULL;
	default:
		return NULL;
	}
}

static uint64_t own_accesses(int fiber)
{
	uint64_t own = 0;

	for (int k = 0; k < g->n_sc; k++)
		if (g->node[g->sc_node[k]].fiber == fiber)
			own |= 1ull << k;
	return own;
}

/* What the place knows from then on. */
static void teach(struct xp_node *e, const struct xp_node *newest)
{
	e->sync = newest->sync;
	e->timed = newest->timed;
	switch (e->kind) {
	case XP_RECORD:
		e->sync = e->after.fenced;
		e->timed = own_accesses(e->fiber);
		break;
	case XP_UNLOCK:
	case XP_IRQ_ON:
	case XP_IPI:
	case XP_CALL:
	case XP_SIGNAL:
	case XP_WAKE:
	case XP_POLL: /* for xp_taken() */
		xp_nodes_join(&e->sync, &e->after.now);
		break;
	}
}

static struct xp_node *execute(const struct xp_op *op, bool changes)
{
	struct xp_place *place = xp_graph_place(op->slot, 0);
	const struct xp_node *from = teacher(place, op);
	struct xp_node *e = xp_graph_grow(op->kind);

	e->place = place - g->place;
	e->changes = changes;
	if (from) {
		xp_nodes_join(&e->after.now, &from->sync);
		if (op->kind == XP_LOOK)
			e->after.timed |= from->timed;
		e->got = xp_nodes_hash(&from->sync);
	}
	teach(e, &g->node[place->chain[place->n - 1]]);
	xp_graph_insert(e, place->n);
	return e;
}

void xp_rc11_machine(const struct xp_op *op, bool changes)
{
	struct xp_node *e = xp_graph_again();

	if (!e)
		e = execute(op, changes);
	if (!xp.forgets)
		xp_note(e->got);
}
