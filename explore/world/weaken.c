// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What happens at a place that is looked at: it is entered in the list of sites, and its operation is
 * done with the order that it is weakened to.  The models do not know of any of this.
 */
#include "explore/world/weaken.h"

#include <string.h>

#include "explore/engine/checkpoint.h"
#include "explore/engine/engine.h"

extern char __data_start, _end; /* the linker's: the program's own variables */

static struct xp_ordered *sites;
static const struct xp_weakenings *weak;
static bool watching;
static bool owning; /* somebody reads its own last store: all stores are looked at */

/* What each fiber stored last to each word, in the execution of that number. */
static struct {
	uint64_t attempt, value;
} own[XP_FIBERS][XP_SLOTS];

/* What each fiber has done since its last full barrier, in the execution of that number. */
static struct since {
	uint64_t attempt;
	bool loads, stores;
} since[XP_FIBERS];

static struct since *since_barrier(void)
{
	struct since *s = &since[xp.current];

	if (s->attempt != xp.attempt)
		*s = (struct since){ .attempt = xp.attempt };
	return s;
}

static enum xp_rung rung_of(const struct xp_ordered *o)
{
	char name[XP_SITE_NAME];
	int i;

	xp_ordered_name(o, name);
	for (i = 0; weak && i < weak->n; i++)
		if (!strcmp(weak->one[i].site, name))
			return weak->one[i].to;
	return XP_AS_WRITTEN;
}

static void aim(struct xp_ordered *o)
{
	o->to = rung_of(o);
	o->look = watching || owning || o->to;
}

void xp_weaken(const struct xp_weakenings *set)
{
	struct xp_ordered *o;
	int i;

	weak = set;
	owning = false;
	for (i = 0; set && i < set->n; i++)
		owning |= set->one[i].to == XP_OWN;
	xp_noted_apart = owning || watching;
	for (o = sites; o; o = o->next)
		aim(o);
}

static bool met(const struct xp_weakening *w, const char *backend)
{
	const struct xp_ordered *o;
	char name[XP_SITE_NAME];

	for (o = sites; o; o = o->next) {
		xp_ordered_name(o, name);
		if (!strcmp(name, w->site) && !strcmp(o->backend, backend) &&
		    xp_ladder(o) >> w->to & 1)
			return true;
	}
	return false;
}

const struct xp_weakening *xp_weaken_missed(const struct xp_weakenings *set, const char *backend)
{
	int i;

	for (i = 0; set && i < set->n; i++)
		if (!met(&set->one[i], backend))
			return &set->one[i];
	return NULL;
}

static void watch(bool on)
{
	struct xp_ordered *o;

	watching = on;
	xp_noted_apart = owning || watching;
	for (o = sites; o; o = o->next) {
		o->reached &= !on;
		aim(o);
	}
}

void xp_watch_begin(void)
{
	watch(true);
}

void xp_watch_end(void)
{
	watch(false);
}

const struct xp_ordered *xp_ordered_first(void)
{
	return sites;
}

static void enter(struct xp_ordered *o, const char *backend, enum xp_kind kind, int order)
{
	o->backend = backend;
	o->kind = kind;
	o->order = order;
	o->next = sites;
	sites = o;
	aim(o);
}

size_t xp_met_save(struct xp_met *met, size_t most, const char *backend)
{
	struct xp_ordered *o;
	size_t n = 0;

	for (o = sites; o && n < most; o = o->next)
		if (o->backend == backend)
			met[n++] = (struct xp_met){ o, o->kind, o->order, o->reached, o->after_loads,
						    o->after_stores, o->rereads };
	return n;
}

void xp_met_load(const struct xp_met *met, size_t n, const char *backend)
{
	while (n-- > 0) { /* newest first */
		struct xp_ordered *o = met[n].site;

		/* Sites are static: they are in the program, wherever a broken child says they were. */
		if ((char *)o < &__data_start || (char *)(o + 1) > &_end)
			continue;
		if (!o->backend)
			enter(o, backend, met[n].kind, met[n].order);
		o->reached |= met[n].reached;
		o->after_loads |= met[n].after_loads;
		o->after_stores |= met[n].after_stores;
		o->rereads |= met[n].rereads;
	}
}

/* The start of a world is no thread's doing: false. */
static bool meet(struct xp_ordered *o, enum xp_kind kind, int order)
{
	if (xp.setup)
		return false;
	if (!o->backend)
		enter(o, xp.program->name, kind, order);
	o->reached |= watching;
	if (watching) {
		o->after_loads |= since_barrier()->loads;
		o->after_stores |= since_barrier()->stores;
	}
	return true;
}

static enum kick_order weaker(enum kick_order order, enum xp_rung to)
{
	static const enum kick_order orders[] = {
		[XP_TO_SEQ_CST] = KICK_SEQ_CST, [XP_TO_ACQ_REL] = KICK_ACQ_REL,
		[XP_TO_RELEASE] = KICK_RELEASE, [XP_TO_ACQUIRE] = KICK_ACQUIRE,
		[XP_TO_RELAXED] = KICK_RELAXED,
	};

	return to >= XP_TO_SEQ_CST && to <= XP_TO_RELAXED ? orders[to] : order;
}

/* No step: nobody else's store can be seen here. */
static uint64_t reread(void *p, unsigned int size, enum kick_order order, struct xp_ordered *o)
{
	struct xp_op op = { .kind = XP_LOAD, .order = order, .size = size, .slot = -1, .p = p,
			    .site = &o->site };
	uint64_t v = own[xp.current][xp_slot(p, size)].value;

	xp_note(v);
	xp_trace(&op, v);
	return v;
}

uint64_t xp_weak_load(void *p, unsigned int size, enum kick_order order, struct xp_ordered *o)
{
	if (!meet(o, XP_LOAD, order))
		return xp_load(p, size, order, &o->site);
	if ((watching || o->to == XP_OWN) && own[xp.current][xp_slot(p, size)].attempt == xp.attempt) {
		o->rereads = true;
		if (o->to == XP_OWN)
			return reread(p, size, order, o);
	}
	since_barrier()->loads = true;
	return xp_load(p, size, weaker(order, o->to), &o->site);
}

void xp_weak_store(void *p, unsigned int size, uint64_t v, enum kick_order order, struct xp_ordered *o)
{
	if (meet(o, XP_STORE, order) && (watching || owning)) {
		own[xp.current][xp_slot(p, size)].attempt = xp.attempt;
		own[xp.current][xp_slot(p, size)].value = v;
	}
	if (!xp.setup)
		since_barrier()->stores = true;
	xp_store(p, size, v, weaker(order, o->to), &o->site);
}

uint64_t xp_weak_rmw(enum xp_kind kind, void *p, unsigned int size, uint64_t a, uint64_t b,
		     enum kick_order order, struct xp_ordered *o)
{
	bool met = meet(o, kind, order), changes;
	uint64_t old = xp_rmw(kind, p, size, a, b, weaker(order, o->to), &o->site);

	changes = kind != XP_CMPXCHG || old == a;
	if (met && changes && order == KICK_FULL) {
		*since_barrier() = (struct since){ .attempt = xp.attempt };
	} else if (met) {
		since_barrier()->loads |= kind < XP_OR;
		since_barrier()->stores |= changes;
	}
	return old;
}

/* Printed, but no step and no order. */
static void leave_out(enum kick_fence fence, const struct xp_ordered *o)
{
	struct xp_op op = { .kind = XP_FENCE, .order = fence, .slot = -1, .a = 1, .site = &o->site };

	xp_trace(&op, 0);
}

void xp_weak_fence(enum kick_fence fence, struct xp_ordered *o)
{
	if (meet(o, XP_FENCE, fence) && fence == KICK_WMB)
		since_barrier()->stores = false; /* they come before every later one */
	else if (!xp.setup && fence != KICK_RMB)
		*since_barrier() = (struct since){ .attempt = xp.attempt };
	if (o->to == XP_TO_RMB)
		fence = KICK_RMB;
	else if (o->to == XP_TO_WMB)
		fence = KICK_WMB;
	if (o->to != XP_DROPPED || xp.setup)
		xp_fence(fence, &o->site);
	else
		leave_out(fence, o);
}

const struct xp_ordered *xp_ordered_at(const struct xp_site *site)
{
	const struct xp_ordered *o;

	for (o = sites; o && &o->site != site; o = o->next)
		;
	return o;
}
