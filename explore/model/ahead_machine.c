// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What pCPUs and locks order under lkmm and armv8.  They are no memory: their operations act one after the
 * other.  An IPI or a call is a full barrier and a store; what ends a stint, lets interrupts in or keeps them
 * out is an acquire load of what was sent before; letting them in is a release store too, which a waiting
 * call reads.  A lock acquires what the last unlock released; who tries it in vain has read what its holder
 * wrote, and orders nothing.  The machine's record of a stint is a plain clock: what went before a full
 * barrier is there for whoever looks.  See rc11_machine.c.
 */
#include "explore/model/ahead.h"

static struct xp_ahead *const g = &xp_ahead;

static struct xp_ev *grow(const struct xp_op *op, struct xp_chain *place, int what, bool changes)
{
	struct xp_ev *e = xp_ahead_grow(op->kind, xp.current);

	e->place = place - g->place;
	e->what = what;
	e->changes = changes;
	return e;
}

static void write(struct xp_ev *e, bool releases, bool full)
{
	e->releases = releases;
	e->full_before = full;
	xp_ahead_insert(e, g->place[e->place].n);
	g->axioms->derive(e);
	xp_lore_learn(e);
}

/* From this position of the chain back: the newest of a kind; -1: none. */
static int back_to(const struct xp_chain *place, int i, enum xp_kind kind, int fiber)
{
	for (; i > 0; i--) {
		const struct xp_ev *e = &g->ev[place->at[i]];

		if (e->kind == kind && (fiber < 0 || e->fiber == fiber))
			return i;
	}
	return -1;
}

/* Whose IPI it is that ends the stint. */
static int waker(const struct xp_chain *place)
{
	int i = place->n - 1;

	while (i > 0 && !g->ev[place->at[i]].changes)
		i--;
	return i;
}

/* Where the handler of this fiber's last call ran, at the latest. */
static int handler(const struct xp_chain *place)
{
	int call = back_to(place, place->n - 1, XP_CALL, xp.current), i = call;

	if (call > 0 && g->ev[place->at[call]].changes) {
		while (i < place->n && g->ev[place->at[i]].kind != XP_IRQ_ON)
			i++;
		return i < place->n ? i : -1;
	}
	return back_to(place, call, XP_IRQ_ON, -1);
}

/* Who has the lock that this event tries. */
static int holder(const struct xp_ev *e)
{
	int i = e - g->ev - 1;

	while (i >= 0 && (g->ev[i].place != e->place ||
			  !(g->ev[i].kind == XP_LOCK || (g->ev[i].kind == XP_TRYLOCK && g->ev[i].changes))))
		i--;
	return i;
}

/* What a read of the machine reads. */
static void teach(struct xp_ev *e, const struct xp_chain *place, const struct xp_op *op)
{
	int i = -1;

	switch (op->kind) {
	case XP_IRQ_OFF:
	case XP_IRQ_ON:
		for (i = 1; i < place->n; i++)
			xp_bits_add(&e->taught, place->at[i]);
		return;
	case XP_TRYLOCK:
		if (!op->a) {
			xp_bits_add(&e->taught, holder(e));
			return;
		}
		i = back_to(place, place->n - 1, XP_UNLOCK, -1);
		break;
	case XP_LOCK:
		i = back_to(place, place->n - 1, XP_UNLOCK, -1);
		break;
	case XP_GUEST_WAIT:
		i = waker(place);
		break;
	case XP_ACK:
		i = handler(place);
		break;
	case XP_LOOK:
		i = op->a ? place->n - 1 : -1;
		break;
	}
	if (i > 0)
		xp_bits_add(&e->taught, place->at[i]);
}

static struct xp_ev *read(const struct xp_op *op, struct xp_chain *place, bool changes)
{
	struct xp_ev *e = grow(op, place, XP_EV_READ, changes);

	e->acquires = op->kind != XP_TRYLOCK || op->a; /* one that fails orders nothing */
	teach(e, place, op);
	g->axioms->derive(e);
	return e;
}

static void execute(const struct xp_op *op, bool changes)
{
	struct xp_chain *place = xp_ahead_place(op->slot, 0);
	struct xp_ev *e;

	switch (op->kind) {
	case XP_IPI:
	case XP_CALL:
		write(grow(op, place, XP_EV_WRITE, changes), false, true);
		return;
	case XP_UNLOCK:
		write(grow(op, place, XP_EV_WRITE, changes), true, false);
		return;
	case XP_RECORD:
		write(grow(op, place, XP_EV_WRITE, changes), false, false);
		return;
	case XP_IRQ_ON:
		e = read(op, place, changes);
		write(grow(op, place, XP_EV_WRITE, changes), true, false);
		e->span = 2;
		return;
	default:
		read(op, place, changes);
	}
}

void xp_ahead_machine(const struct xp_op *op, bool changes)
{
	if (!xp_ahead_again())
		execute(op, changes);
}
