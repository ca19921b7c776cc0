// SPDX-License-Identifier: GPL-2.0-or-later
/* Events and their places: what was executed before is found as it was, as in graph.c. */
#include <string.h>

#include "explore/model/ahead.h"

struct xp_ahead xp_ahead;
static struct xp_ahead *const g = &xp_ahead;

void xp_ahead_begin(const struct xp_axioms *axioms)
{
	g->axioms = axioms;
	g->n = g->again = g->n_places = g->n_ghosts = 0;
	g->words = 1;
	memset(&g->plain, 0, sizeof(g->plain));
	memset(g->of, 0, sizeof(g->of));
	memset(g->place_of, -1, sizeof(g->place_of));
	memset(g->last, -1, sizeof(g->last));
}

int xp_ahead_position(const struct xp_chain *place, int write)
{
	int i = place->n - 1;

	while (place->at[i] != write)
		i--;
	return i;
}

static void remove_write(struct xp_chain *place, int write)
{
	int i = xp_ahead_position(place, write);

	memmove(&place->at[i], &place->at[i + 1], (place->n - i - 1) * sizeof(place->at[0]));
	place->n--;
}

static void hand_readers(int from, int to)
{
	const struct xp_bits readers = g->ev[from].readers;

	xp_bits_for_each(&readers, r)
		g->ev[r].from = to;
	g->ev[to].readers = readers;
	memset(&g->ev[from].readers, 0, sizeof(g->ev[from].readers));
}

void xp_ahead_pop(void)
{
	struct xp_ev *e = &g->ev[--g->n];
	bool fulfils = e->fulfils >= 0;

	xp_bits_remove(&g->plain, g->n);
	if (e->from >= 0)
		xp_bits_remove(&g->ev[e->from].readers, g->n);
	if (e->what & XP_EV_WRITE)
		g->place[e->place].made--;
	if (fulfils) {
		g->place[e->place].at[xp_ahead_position(&g->place[e->place], g->n)] = e->fulfils;
		hand_readers(g->n, e->fulfils);
		g->n_ghosts++;
	} else if (e->what & XP_EV_WRITE) {
		remove_write(&g->place[e->place], g->n);
		g->n_ghosts -= e->fiber == XP_GHOST;
	}
	if (e->fiber != XP_GHOST) {
		g->last[e->fiber] = e->before;
		xp_bits_remove(&g->of[e->fiber], g->n);
	}
	g->again = g->n;
	if (fulfils)
		xp_ahead_derive_all();
}

void xp_ahead_rewind(int level)
{
	while (g->n && g->ev[g->n - 1].level >= level)
		xp_ahead_pop();
	memset(g->last, -1, sizeof(g->last));
	g->again = 0;
}

struct xp_ev *xp_ahead_again(void)
{
	struct xp_ev *e = &g->ev[g->again];
	int span = e->span;

	if (g->again == g->n)
		return NULL;
	if (e->fiber == XP_GHOST)
		e++;
	if (e->fiber != xp.current)
		xp_fail("%s is not deterministic: the same schedule came to another operation",
			xp.program->name);
	g->again += span;
	g->last[xp.current] = g->again - 1;
	return e;
}

struct xp_ev *xp_ahead_grow(enum xp_kind kind, int fiber)
{
	struct xp_ev *e = &g->ev[g->n];
	int before = fiber == XP_GHOST ? -1 : g->last[fiber];

	if (xp_ahead_is_full())
		xp_abandon(XP_TOO_LONG);
	memset(e, 0, sizeof(*e));
	e->level = xp.depth - 1;
	e->place = e->from = e->partner = e->fulfils = e->load = -1;
	e->before = before;
	e->index = before < 0 ? 0 : g->ev[before].index + 1;
	e->fiber = fiber;
	e->kind = kind;
	e->span = 1;
	e->name = fiber == XP_GHOST ? 3 : xp_mix(xp_mix(2, fiber), e->index);
	if (fiber != XP_GHOST) {
		g->last[fiber] = g->n;
		xp_bits_add(&g->of[fiber], g->n);
	}
	g->again = ++g->n;
	g->words = (g->n + 63) / 64;
	return e;
}

static struct xp_chain *new_place(int16_t slot, unsigned int size)
{
	int i = g->n_places;
	struct xp_ev *first = &g->ev[XP_EVENTS + i];
	struct xp_chain *place = &g->place[i];

	if (i == XP_WORDS) {
		xp_fail("more than %d words are shared", XP_WORDS);
		return &g->place[0];
	}
	g->n_places++;
	memset(first, 0, sizeof(*first));
	first->level = first->from = first->before = first->partner = first->fulfils = -1;
	first->fiber = XP_GHOST;
	first->what = XP_EV_WRITE;
	first->place = i;
	first->name = 1;
	if (size)
		first->put = xp_read(xp.start + slot * 4, size);
	*place = (struct xp_chain){ .slot = slot, .n = 1, .made = 1, .machine = !size };
	place->at[0] = XP_EVENTS + i;
	g->place_of[slot] = i;
	return place;
}

struct xp_chain *xp_ahead_place(int16_t slot, unsigned int size)
{
	int i = g->place_of[slot];

	return i < 0 ? new_place(slot, size) : &g->place[i];
}

int xp_ahead_stores(int16_t slot)
{
	int i = g->place_of[slot];

	return i < 0 ? 1 : g->place[i].made;
}

void xp_ahead_insert(struct xp_ev *e, int at)
{
	struct xp_chain *place = &g->place[e->place];

	memmove(&place->at[at + 1], &place->at[at], (place->n - at) * sizeof(place->at[0]));
	place->at[at] = e - g->ev;
	e->number = place->made++;
	place->n++;
	e->newer = place->n - 1 - at;
	e->what |= XP_EV_WRITE;
	g->n_ghosts += e->fiber == XP_GHOST;
}

void xp_ahead_fulfil(struct xp_ev *e, int at)
{
	struct xp_chain *place = &g->place[e->place];

	e->fulfils = place->at[at];
	e->number = place->made++;
	e->newer = place->n - 1 - at;
	e->what |= XP_EV_WRITE;
	place->at[at] = e - g->ev;
	hand_readers(e->fulfils, e - g->ev);
	g->n_ghosts--;
}

void xp_ahead_read(struct xp_ev *e, int from)
{
	e->from = from;
	e->what |= XP_EV_READ;
	xp_bits_add(&g->ev[from].readers, e - g->ev);
}

void xp_ahead_sources(const struct xp_ev *e, struct xp_bits *to)
{
	if (e->from >= 0) {
		if (g->ev[e->from].fiber != e->fiber && g->ev[e->from].fiber != XP_GHOST)
			xp_bits_add(to, e->from);
		return;
	}
	xp_bits_for_each(&e->taught, w)
		if (g->ev[w].fiber != e->fiber)
			xp_bits_add(to, w);
}

/* Who tried the lock in vain has read it as it was before this unlock. */
static void tried(int unlock, struct xp_bits *to)
{
	for (int i = 0; i < unlock; i++) {
		const struct xp_ev *e = &g->ev[i];

		if (e->kind == XP_TRYLOCK && !e->changes && e->place == g->ev[unlock].place &&
		    e->fiber != g->ev[unlock].fiber)
			xp_bits_add(to, i);
	}
}

/* A ghost's own fiber is not known yet; those that have read it are. */
void xp_ahead_overwritten(int write, struct xp_bits *to)
{
	const struct xp_ev *e = &g->ev[write];
	const struct xp_chain *place = &g->place[e->place];
	struct xp_bits earlier = { 0 };

	if (e->kind == XP_UNLOCK)
		tried(write, to);
	if (place->machine)
		return;
	for (int i = 0; place->at[i] != write; i++) {
		const struct xp_ev *w = &g->ev[place->at[i]];

		if (w->fiber != XP_GHOST)
			xp_bits_add(&earlier, place->at[i]);
		xp_bits_join(&earlier, &w->readers);
	}
	for (int i = 0; i < g->words; i++)
		to->w[i] |= earlier.w[i] & ~g->of[e->fiber].w[i];
}

/* After a ghost has turned out to be a store: what was heard from it is heard later only. */
void xp_ahead_derive_all(void)
{
	bool changed = true;
	int i;

	for (i = 0; i < g->n; i++)
		if (g->ev[i].fiber != XP_GHOST)
			g->axioms->derive(&g->ev[i]);
	while (changed) {
		changed = false;
		for (i = 0; i < g->n; i++) {
			struct xp_bits all = g->ev[i].cumul;

			if (g->ev[i].fiber == XP_GHOST)
				continue;
			xp_bits_for_each(&g->ev[i].cumul, x)
				xp_bits_join(&all, &g->ev[x].cumul);
			changed |= memcmp(&all, &g->ev[i].cumul, sizeof(all)) != 0;
			g->ev[i].cumul = all;
		}
	}
}

void xp_ahead_hash(struct xp_hash *h)
{
	uint64_t sum = 0;
	int i, p;

	for (i = 0; i < g->n; i++) {
		const struct xp_ev *e = &g->ev[i];

		if (e->from >= 0)
			sum += xp_mix(e->name, g->ev[e->from].name);
		xp_bits_for_each(&e->taught, w)
			sum += xp_mix(xp_mix(5, e->name), g->ev[w].name);
	}
	xp_hash_mix(h, sum);
	for (sum = 0, p = 0; p < g->n_places; p++)
		for (i = 1; i < g->place[p].n && !g->place[p].machine; i++)
			sum += xp_mix(xp_mix(xp_mix(7, g->place[p].slot), i), g->ev[g->place[p].at[i]].name);
	xp_hash_mix(h, sum);
}
