// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The axioms of the kernel's memory model, tools/memory-model of Linux 6.1 without RCU:
 *
 *   hb = ppo | rfe | ((prop \ id) & int)    prop = (overwrite & ext)?; cumul-fence*; rfe?
 *   pb = prop; strong-fence; hb*            neither has a circle
 *
 * A circle of both is a circle of one of them, since hb* ends pb.  An event at the end of everything has
 * nothing behind it and closes none.  So only one that reads or makes a store which others have
 * overwritten, or one that somebody has read already, is checked: does a way lead back to it?
 */
#include <string.h>

#include "explore/model/lkmm.h"

static struct xp_ahead *const g = &xp_ahead;

static const struct xp_past *past_of(const struct xp_ev *e)
{
	static const struct xp_past nothing;

	return e->before < 0 ? &nothing : &g->ev[e->before].past;
}

/* Only what is marked makes happens-before, propagation and their kin. */
static void marked(struct xp_bits *set)
{
	for (int i = 0; i < g->words; i++)
		set->w[i] &= ~g->plain.w[i];
}

static void sources(const struct xp_ev *e, struct xp_bits *to)
{
	struct xp_bits from = { 0 };

	xp_ahead_sources(e, &from);
	marked(&from);
	xp_bits_join(to, &from);
}

static void pass_fence(struct xp_past *p, enum kick_fence fence)
{
	switch (fence) {
	case KICK_MB:
		p->strong = p->all;
		break;
	case KICK_RMB:
		p->rmb = p->rmb_now;
		break;
	case KICK_WMB:
		p->wmb = p->wmb_now;
		p->plain_at = p->plain_at_now;
		break;
	case KICK_MB_BEFORE_ATOMIC:
		p->before = p->all;
		break;
	case KICK_MB_AFTER_ATOMIC:
		xp_heard_join(&p->strong, &p->rmw);
		break;
	}
}

/* overwrite & int, and an access that has the same word before it */
static void add_same_word(struct xp_bits *to, const struct xp_past *p, int place)
{
	xp_bits_for_each(&p->all.all, x)
		if (g->ev[x].place == place)
			xp_bits_add(to, x);
}

/* Fences, plain accesses on both sides too. */
static void fenced(struct xp_ev *e, const struct xp_past *p)
{
	e->fenced = p->strong.all;
	xp_bits_join(&e->fenced, &p->acquired);
	if (e->what & XP_EV_READ) {
		if (!e->silent)
			xp_bits_join(&e->fenced, &p->rmb);
		return;
	}
	if (e->releases)
		xp_bits_join(&e->fenced, &p->own);
	xp_bits_join(&e->fenced, &p->wmb);
}

/* The store of its own fiber that it reads; NULL: it reads another one. */
static const struct xp_ev *own_source(const struct xp_ev *e)
{
	return e->from >= 0 && g->ev[e->from].fiber == e->fiber ? &g->ev[e->from] : NULL;
}

/* What orders this event behind others of its fiber: ppo. */
static void preserved(struct xp_ev *e, const struct xp_past *p)
{
	e->order = e->fenced;
	if (e->kind == XP_RECORD) {
		e->order = p->all.all; /* the record is made when all that has been done */
		return;
	}
	xp_bits_join(&e->order, &p->handed.all);
	xp_bits_join(&e->order, &e->address);
	if (e->what & XP_EV_READ) {
		const struct xp_ev *own = own_source(e);

		xp_bits_join(&e->order, &p->pointed);
		if (own && !own->plain) { /* dep ; [Marked] ; rfi */
			xp_bits_join(&e->order, &own->address);
			xp_bits_join(&e->order, &own->data);
			if (g->dependencies)
				xp_bits_join(&e->order, &own->past.reads);
		}
		return;
	}
	xp_bits_join(&e->order, &e->data);
	xp_bits_join(&e->order, &e->control);
	xp_bits_join(&e->order, &p->plain_at);
	add_same_word(&e->order, p, e->place);
	if (g->dependencies)
		xp_bits_join(&e->order, &p->reads);
}

/* cumul-fence*, and what has been read before one that is cumulative */
static void cumulative(struct xp_ev *e, const struct xp_past *p)
{
	struct xp_bits direct = p->strong.all;

	xp_bits_join(&direct, &p->strong.from);
	if (e->kind != XP_RECORD) {
		xp_bits_join(&direct, &p->handed.all);
		xp_bits_join(&direct, &p->handed.from);
		if (e->what & XP_EV_WRITE) {
			xp_bits_join(&direct, &p->wmb);
			if (e->releases) {
				xp_bits_join(&direct, &p->all.all);
				xp_bits_join(&direct, &p->all.from);
			}
		}
	}
	marked(&direct);
	e->cumul = direct;
	xp_bits_for_each(&direct, x)
		xp_bits_join(&e->cumul, &g->ev[x].cumul);
}

static void learn(struct xp_past *p, struct xp_ev *e)
{
	int self = e - g->ev;

	if (e->kind == XP_UNLOCK)
		p->unlock = p->all;
	xp_bits_add(&p->own, self);
	xp_bits_add(&p->all.all, self);
	if (e->what & XP_EV_READ) {
		if (!e->plain)
			sources(e, &p->all.from);
		xp_bits_add(&p->reads, self);
		if (e->acquires)
			xp_bits_add(&p->acquired, self);
		if (!e->silent)
			xp_bits_add(&p->rmb_now, self);
	} else {
		xp_bits_add(&p->wmb_now, self);
		if (e->plain)
			xp_bits_join(&p->plain_at_now, &e->address);
	}
	if (e->atomic)
		p->rmw = p->all;
	if (e->full_after)
		p->strong = p->all;
}

/* po-unlock-lock-po: what is before an unlock comes before what is after the next lock, here or elsewhere */
static void take_lock(struct xp_past *p, const struct xp_ev *e)
{
	xp_bits_join(&p->handed.all, &p->unlock.all);
	xp_bits_for_each(&e->taught, u)
		if (g->ev[u].fiber != e->fiber && g->ev[u].before >= 0)
			xp_bits_join(&p->handed.from, &g->ev[g->ev[u].before].past.all.all);
}

static void derive(struct xp_ev *e)
{
	struct xp_past *p = &e->past;

	*p = *past_of(e);
	if (!e->what) {
		pass_fence(p, e->fence);
		return;
	}
	if (e->full_before)
		p->strong = p->all;
	if (e->atomic)
		xp_heard_join(&p->strong, &p->before);
	e->strong = p->strong.all;
	fenced(e, p);
	preserved(e, p);
	marked(&e->order);
	if (e->plain)
		memset(&e->order, 0, sizeof(e->order));
	memset(&e->cumul, 0, sizeof(e->cumul));
	if (!e->plain)
		cumulative(e, p);
	learn(p, e);
	if (e->kind == XP_LOCK || (e->kind == XP_TRYLOCK && e->acquires))
		take_lock(p, e);
	if (e->points) /* a pointer: the next accesses may be through it */
		xp_bits_add(&p->pointed, e - g->ev);
}

/* Of the search for a circle: what is before an event by prop, once found. */
static struct {
	struct xp_bits row[XP_EVENTS], over[XP_EVENTS]; /* over: what this write overwrites */
	uint32_t known[XP_EVENTS], over_known[XP_EVENTS];
	uint32_t now;
	struct xp_bits met, left, fenced;
} way;

static struct xp_bits fenced_to(int z)
{
	struct xp_bits near = { 0 }, all;

	xp_bits_add(&near, z);
	sources(&g->ev[z], &near);
	all = near;
	xp_bits_for_each(&near, x)
		xp_bits_join(&all, &g->ev[x].cumul);
	return all;
}

static const struct xp_bits *overwritten(int y)
{
	if (way.over_known[y] != way.now) {
		way.over_known[y] = way.now;
		memset(&way.over[y], 0, sizeof(way.over[y]));
		xp_ahead_overwritten(y, &way.over[y]);
	}
	return &way.over[y];
}

static const struct xp_bits *propagated(int z)
{
	struct xp_bits all;

	if (way.known[z] == way.now)
		return &way.row[z];
	way.known[z] = way.now;
	all = way.row[z] = fenced_to(z);
	xp_bits_for_each(&all, y)
		if (g->ev[y].what & XP_EV_WRITE)
			xp_bits_join(&way.row[z], overwritten(y));
	marked(&way.row[z]);
	return &way.row[z];
}

static void go_back_to(const struct xp_bits *more)
{
	for (int i = 0; i < g->words; i++) {
		uint64_t new = more->w[i] & ~way.met.w[i];

		way.met.w[i] |= new;
		way.left.w[i] |= new;
	}
}

/* What comes before z at once, by hb or by pb. */
static void step_back(int z)
{
	struct xp_bits more = g->ev[z].order, strong = g->ev[z].strong;

	if (g->ev[z].plain)
		return;
	marked(&strong);
	sources(&g->ev[z], &more);
	xp_bits_for_each(propagated(z), x)
		if (x != z && g->ev[x].fiber == g->ev[z].fiber)
			xp_bits_add(&more, x);
	for (int i = 0; i < g->words; i++) {
		strong.w[i] &= ~way.fenced.w[i];
		way.fenced.w[i] |= strong.w[i];
	}
	xp_bits_for_each(&strong, a)
		xp_bits_join(&more, propagated(a));
	go_back_to(&more);
}

static void begin_way(void)
{
	way.now++;
	memset(&way.met, 0, sizeof(way.met));
	memset(&way.left, 0, sizeof(way.left));
	memset(&way.fenced, 0, sizeof(way.fenced));
}

static bool go_on(int *z)
{
	for (int i = 0; i < g->words; i++)
		if (way.left.w[i]) {
			*z = 64 * i + __builtin_ctzll(way.left.w[i]);
			way.left.w[i] &= way.left.w[i] - 1;
			return true;
		}
	return false;
}

static bool circle(int e)
{
	int z;

	begin_way();
	step_back(e);
	while (!xp_bits_has(&way.met, e) && go_on(&z))
		step_back(z);
	return xp_bits_has(&way.met, e);
}

void xp_lkmm_executes_before(int e, struct xp_bits *to)
{
	int z;

	begin_way();
	if (!g->ev[e].plain)
		step_back(e);
	while (go_on(&z))
		step_back(z);
	*to = way.met;
	xp_bits_add(to, e);
}

const struct xp_bits *xp_lkmm_fenced_to(int e)
{
	static struct xp_bits set;

	set = fenced_to(e);
	return &set;
}

const struct xp_axioms xp_lkmm_axioms = { .derive = derive, .circle = circle, .plain_is_free = true };
