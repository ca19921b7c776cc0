// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Arm's memory model (aarch64.cat) for the kernel's words as arm64 compiles them, with LSE or with LL/SC:
 * what one of the two does not order is not ordered here.  So a full read-modify-write is LDXR, STLXR,
 * DMB.  One order, ob, of what others see, of dependencies (where they are known), and of barriers, has no
 * circle.
 *
 *   ob = rfe | fre | coe | rmw | [range(rmw)]; rfi; [A] | [R|W]; po; [dmb]; po; [R|W]
 *        | [R]; po; [dmb ishld]; po | [W]; po; [dmb ishst]; po; [W] | [A]; po | po; [L] | [L]; po; [A]
 *        | addr | data | ctrl; [W] | addr; po; [W] | (addr | data); rfi
 */
#include <string.h>

#include "explore/model/ahead.h"
#include "explore/model/models.h"
#include "kick_declare.h"

static struct xp_ahead *const g = &xp_ahead;

static const struct xp_past *past_of(const struct xp_ev *e)
{
	static const struct xp_past nothing;

	return e->before < 0 ? &nothing : &g->ev[e->before].past;
}

static void pass_fence(struct xp_past *p, enum kick_fence fence)
{
	if (fence == KICK_RMB)
		p->rmb = p->rmb_now;
	else if (fence == KICK_WMB)
		p->wmb = p->wmb_now;
	else
		p->strong.all = p->all.all;
}

/* What the kernel's pCPUs do is a barrier: an IPI is sent behind a dsb. */
static void ordered(struct xp_ev *e, const struct xp_past *p)
{
	e->order = p->strong.all;
	xp_bits_join(&e->order, &p->acquired);
	xp_bits_join(&e->order, &p->rmb);
	xp_bits_join(&e->order, &e->address);
	if (e->what & XP_EV_READ) {
		if (e->from >= 0 && g->ev[e->from].fiber == e->fiber) { /* (addr | data); rfi */
			xp_bits_join(&e->order, &g->ev[e->from].address);
			xp_bits_join(&e->order, &g->ev[e->from].data);
		}
		if (e->acquires) {
			xp_bits_join(&e->order, &p->releases);
			if (e->from >= 0 && g->ev[e->from].fiber == e->fiber && g->ev[e->from].rmw)
				xp_bits_add(&e->order, e->from);
		}
		xp_bits_join(&e->order, &p->pointed);
		return;
	}
	xp_bits_join(&e->order, &p->wmb);
	xp_bits_join(&e->order, &e->data);
	xp_bits_join(&e->order, &e->control);
	xp_bits_join(&e->order, &p->addressed); /* addr; po; [W] */
	if (e->releases || e->full_after || e->kind == XP_RECORD)
		xp_bits_join(&e->order, &p->all.all);
	xp_bits_add(&e->order, e->partner);
	if (g->dependencies)
		xp_bits_join(&e->order, &p->reads);
}

static void learn(struct xp_past *p, const struct xp_ev *e)
{
	int self = e - g->ev;

	xp_bits_add(&p->own, self);
	xp_bits_add(&p->all.all, self);
	if (e->what & XP_EV_READ) {
		xp_bits_add(&p->reads, self);
		if (!e->silent)
			xp_bits_add(&p->rmb_now, self);
		if (e->acquires)
			xp_bits_add(&p->acquired, self);
	} else {
		xp_bits_add(&p->wmb_now, self);
		if (e->releases || e->full_after)
			xp_bits_add(&p->releases, self);
	}
	xp_bits_join(&p->addressed, &e->address);
	if (e->full_after)
		p->strong.all = p->all.all;
}

static void derive(struct xp_ev *e)
{
	struct xp_past *p = &e->past;

	*p = *past_of(e);
	if (!e->what) {
		pass_fence(p, e->fence);
		return;
	}
	if (e->full_before && !e->rmw) /* an IPI */
		p->strong.all = p->all.all;
	ordered(e, p);
	learn(p, e);
	if (e->points)
		xp_bits_add(&p->pointed, e - g->ev);
}

/* What comes before z at once: of its fiber, what it reads, and what it overwrites. */
static void step_back(int z, struct xp_bits *more)
{
	*more = g->ev[z].order;
	xp_ahead_sources(&g->ev[z], more);
	if (g->ev[z].what & XP_EV_WRITE)
		xp_ahead_overwritten(z, more);
}

static bool circle(int e)
{
	struct xp_bits met = { 0 }, left, more;
	bool any = true;

	step_back(e, &left);
	while (any && !xp_bits_has(&met, e)) {
		any = false;
		xp_bits_join(&met, &left);
		xp_bits_for_each(&left, z) {
			xp_bits_remove(&left, z);
			step_back(z, &more);
			for (int i = 0; i < g->words; i++) {
				left.w[i] |= more.w[i] & ~met.w[i];
				met.w[i] |= more.w[i];
			}
		}
		for (int i = 0; i < g->words; i++)
			any |= left.w[i] != 0;
	}
	return xp_bits_has(&met, e);
}

static const struct xp_axioms axioms = { .derive = derive, .circle = circle, .knows_seq_cst = true };

static bool is_whole(void)
{
	return !xp_ahead_unfinished();
}

static void begin(void)
{
	xp_ahead_begin(&axioms);
}

static bool fence_counts(enum kick_fence kind)
{
	(void)kind;
	return true;
}

const struct xp_model xp_armv8 = {
	.name = "armv8", .bit = KICK_M_ARMV8, .graph = true, .ahead = true, .fence_counts = fence_counts,
	.stores_count = true, .others_count = true, .begin = begin, .rewind = xp_ahead_rewind,
	.load = xp_ahead_load, .store = xp_ahead_store, .rmw = xp_ahead_load, .fence = xp_ahead_fence,
	.machine = xp_ahead_machine, .sleep = xp_ahead_sleep, .hash = xp_ahead_hash,
	.stores = xp_ahead_stores, .fresh = xp_ahead_fresh, .more = xp_ahead_more,
	.is_whole = is_whole, .prefers = xp_ahead_prefers,
};
