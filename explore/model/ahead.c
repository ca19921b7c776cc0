// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The operations under lkmm and armv8.  As under rc11, a load has several outcomes, and a store may take
 * several places among the others; which one it is is a choice that follows the step at once.
 *
 * And a load may read what is stored later, by whoever comes after the load itself: it reads a ghost, a store
 * with some value that is still to be made.  Every value is tried that anybody else is known to store there
 * (ahead_lore.c).  An execution that never makes it counts for nothing, and is given up when that is certain.
 */
#include <string.h>

#include "explore/model/ahead.h"
#include "explore/model/models.h"

static struct xp_ahead *const g = &xp_ahead;
static const struct xp_bits no_events;

/* Reads the store at this position of the word's chain, or stands right behind it, or both. */
struct ahead_outcome {
	int16_t position;
	bool reads, writes, fulfils; /* fulfils: it is the ghost behind that position */
};

static struct {
	int fresh; /* no store is read that is older */
	int n;
	struct ahead_outcome one[3 * XP_EVENTS];
} outcomes;

/* Values and places of ghosts that are to be tried, by level. */
enum { GUESSES = 240, GUESS = 1 << 16 };
static struct {
	int n, next;
	uint32_t code[GUESSES];
} guesses[XP_LEVELS];

static bool meet(const struct xp_bits *a, const struct xp_bits *b)
{
	uint64_t both = 0;

	for (int i = 0; i < g->words; i++)
		both |= a->w[i] & b->w[i];
	return both;
}

/* What this event comes after, in every order of building: its fiber's past, what was read or taught. */
static struct xp_bits past_of(int e)
{
	struct xp_bits met = { 0 };
	int16_t todo[XP_EVENTS + XP_WORDS];
	int n = 0;

	todo[n++] = e;
	while (n) {
		const struct xp_ev *x = &g->ev[todo[--n]];
		struct xp_bits more = x->taught;

		if (x->before >= 0)
			xp_bits_add(&more, x->before);
		if (x->from >= 0 && g->ev[x->from].fiber != XP_GHOST)
			xp_bits_add(&more, x->from);
		xp_bits_for_each(&more, y)
			if (!xp_bits_has(&met, y)) {
				xp_bits_add(&met, y);
				todo[n++] = y;
			}
	}
	return met;
}

static bool acquires(enum kick_order order)
{
	return order == KICK_ACQUIRE || order == KICK_ACQ_REL || order == KICK_SEQ_CST;
}

static bool releases(enum kick_order order)
{
	return order == KICK_RELEASE || order == KICK_ACQ_REL || order == KICK_SEQ_CST;
}

static uint64_t in_size(const struct xp_op *op, uint64_t value)
{
	return op->size == 4 ? (uint32_t)value : value;
}

static bool gives_pointer(const struct xp_op *op, uint64_t value)
{
	return op->size == sizeof(void *) && value - (uintptr_t)xp.program->arena < xp.program->size;
}

static void add_loads(struct xp_bits *to, const struct xp_ev *e, uint64_t numbers)
{
	for (int i = e->before; i >= 0 && numbers; i = g->ev[i].before)
		if (g->ev[i].load >= 0 && g->ev[i].load < 64 && numbers >> g->ev[i].load & 1)
			xp_bits_add(to, i);
}

static void take_dependencies(struct xp_ev *e, const struct xp_op *op)
{
	const struct xp_dependencies *on = &xp.fiber[xp.current].on;

	if (op->kind == XP_SLEEP || !(on->address | on->data | on->control))
		return;
	add_loads(&e->address, e, on->address);
	add_loads(&e->data, e, on->data);
	add_loads(&e->control, e, on->control);
}

/* What it stores is made of what it has read: a data dependency, which no compiler takes out of it. */
static bool calculates(enum xp_kind kind)
{
	return kind >= XP_FETCH_OR && kind <= XP_LAST_ON_WORD;
}

static void mark_plain(struct xp_ev *e, const struct xp_op *op)
{
	e->plain = op->order == KICK_PLAIN && (op->kind == XP_LOAD || op->kind == XP_STORE);
	if (e->plain)
		xp_bits_add(&g->plain, e - g->ev);
}

/* A cmpxchg that fails is READ_ONCE(). */
static struct xp_ev *read_from(const struct xp_op *op, int store, struct ahead_outcome o)
{
	struct xp_ev *e = xp_ahead_grow(op->kind, xp.current);

	e->place = g->ev[store].place;
	e->newer = g->place[e->place].n - 1 - o.position;
	e->rmw = o.writes;
	e->atomic = op->kind >= XP_XCHG && op->kind <= XP_LAST_ON_WORD;
	e->acquires = acquires(op->order) && (o.writes || op->kind == XP_LOAD);
	e->silent = op->kind >= XP_OR && op->kind <= XP_LAST_ON_WORD;
	e->site = op->site;
	e->load = xp.fiber[xp.current].n_loads;
	take_dependencies(e, op);
	mark_plain(e, op);
	e->full_before = op->order == KICK_FULL && o.writes;
	e->points = g->dependencies && gives_pointer(op, g->ev[store].put);
	xp_ahead_read(e, store);
	g->axioms->derive(e);
	return e;
}

static struct xp_ev *write_behind(const struct xp_op *op, struct xp_chain *place, struct ahead_outcome o,
				  const struct xp_ev *read)
{
	struct xp_ev *e = xp_ahead_grow(op->kind, xp.current);

	e->place = place - g->place;
	e->rmw = e->atomic = read;
	e->partner = read ? read - g->ev : -1;
	e->site = op->site;
	e->releases = releases(op->order);
	take_dependencies(e, op);
	if (read && calculates(op->kind))
		xp_bits_add(&e->data, e->partner);
	mark_plain(e, op);
	e->full_after = op->order == KICK_FULL && read;
	e->put = in_size(op, read ? xp_modified(op, g->ev[read->from].put) : op->a);
	if (o.fulfils)
		xp_ahead_fulfil(e, o.position + 1);
	else
		xp_ahead_insert(e, o.position + 1);
	g->axioms->derive(e);
	if (o.fulfils)
		xp_ahead_derive_all();
	return e;
}

/* The first of the one or two events that this comes to; no ghost is among them. */
static struct xp_ev *come_to(const struct xp_op *op, struct ahead_outcome o)
{
	struct xp_chain *place = xp_ahead_place(op->slot, op->size);
	struct xp_ev *read = NULL, *write = NULL;

	if (o.reads)
		read = read_from(op, place->at[o.position], o);
	if (o.writes)
		write = write_behind(op, place, o, read);
	if (read && write)
		read->span = 2;
	return read ? read : write;
}

static bool any_circle(void)
{
	for (int i = 0; i < g->n; i++)
		if (g->ev[i].what && g->ev[i].fiber != XP_GHOST && g->axioms->circle(i))
			return true;
	return false;
}

/* A store that has been read already joins what others have heard from each other: all ways are new ones. */
static bool closes_circle(const struct xp_ev *e)
{
	const struct xp_ev *last = &g->ev[g->n - 1];

	if (last->fulfils >= 0)
		return any_circle();
	if (!e->newer && !last->newer)
		return false;
	return g->axioms->circle(e - g->ev) || (last != e && g->axioms->circle(last - g->ev));
}

static void take_back(int n)
{
	while (g->n > n)
		xp_ahead_pop();
}

static bool allowed(const struct xp_op *op, struct ahead_outcome o)
{
	const struct xp_chain *place = xp_ahead_place(op->slot, op->size);
	int n = g->n;
	bool closes;

	if (o.position == place->n - 1)
		return true;
	closes = closes_circle(come_to(op, o));
	take_back(n);
	return !closes;
}

/* Nothing may stand between a read-modify-write and what it read. */
static bool split(const struct xp_chain *place, int position)
{
	int partner = position + 1 < place->n ? g->ev[place->at[position + 1]].partner : -1;

	return partner >= 0 && g->ev[partner].from == place->at[position];
}

/* Can it still be stored, by somebody who has not read it? */
static bool may_be_stored(int ghost, unsigned int but)
{
	const struct xp_ev *e = &g->ev[ghost];

	xp_bits_for_each(&e->readers, r)
		but |= 1u << g->ev[r].fiber;
	return xp_lore_may_come(&g->place[e->place], e->put, but, 0);
}

static bool fits(const struct xp_op *op, const struct xp_chain *place, struct ahead_outcome o)
{
	const struct xp_ev *store = &g->ev[place->at[o.position]];

	if (o.writes && split(place, o.position))
		return false;
	if (o.reads && store->number < outcomes.fresh)
		return false;
	if (o.reads && store->fiber == XP_GHOST && place->at[o.position] < XP_EVENTS &&
	    !may_be_stored(place->at[o.position], 1u << xp.current))
		return false;
	if (op->kind == XP_AWAIT && store->put == op->a)
		return false;
	return op->kind != XP_CMPXCHG || (store->put == in_size(op, op->a)) == o.writes;
}

static bool reads_ghost(int e)
{
	int from = g->ev[e].from;

	return from >= 0 && from < XP_EVENTS && g->ev[from].fiber == XP_GHOST;
}

/*
 * Whoever has read this ghost comes before the store that is to be made, or before what it modifies (-1: it
 * does not): else it could read that itself.
 */
static bool is_awaited(int ghost, int modified)
{
	const int before[] = { g->last[xp.current], modified };
	struct xp_bits past = { 0 };

	for (int i = 0; i < 2; i++)
		if (before[i] >= 0 && before[i] < XP_EVENTS) {
			const struct xp_bits more = past_of(before[i]);

			xp_bits_join(&past, &more);
			xp_bits_add(&past, before[i]);
		}
	xp_bits_for_each(&past, e)
		if (g->ev[e].from != ghost && reads_ghost(e))
			return true; /* nobody knows yet what it comes behind */
	xp_bits_for_each(&g->ev[ghost].readers, r)
		if (!xp_bits_has(&past, r))
			return false;
	return true;
}

static void offer(const struct xp_op *op, const struct xp_chain *place, struct ahead_outcome o)
{
	uint64_t put;
	int ghost;

	if (!fits(op, place, o))
		return;
	if (allowed(op, o))
		outcomes.one[outcomes.n++] = o;
	if (!o.writes || o.position + 1 == place->n)
		return;
	put = o.reads ? xp_modified(op, g->ev[place->at[o.position]].put) : op->a;
	o.fulfils = true;
	ghost = place->at[o.position + 1];
	if (g->ev[ghost].fiber == XP_GHOST && g->ev[ghost].put == in_size(op, put) &&
	    is_awaited(ghost, o.reads ? place->at[o.position] : -1) && allowed(op, o))
		outcomes.one[outcomes.n++] = o;
}

static const struct xp_bits *own_events(void)
{
	int last = g->last[xp.current];

	return last < 0 ? &no_events : &g->ev[last].past.own;
}

static bool seen(const struct xp_bits *own, int store)
{
	return meet(own, &g->ev[store].readers) || xp_bits_has(own, store);
}

/* From the newest store back to the newest that this fiber has read or made. */
static void list(const struct xp_op *op, bool reads, bool writes)
{
	const struct xp_bits own = *own_events();
	const struct xp_chain *place = xp_ahead_place(op->slot, op->size);
	struct ahead_outcome o = { .position = place->n - 1, .reads = reads, .writes = writes };

	for (;; o.position--) {
		offer(op, place, o);
		if (!o.position || seen(&own, place->at[o.position]))
			break;
	}
}

static void list_all(const struct xp_op *op)
{
	int failures;

	outcomes.n = 0;
	if (op->kind == XP_LOAD || op->kind == XP_AWAIT || op->kind == XP_CMPXCHG)
		list(op, true, false);
	if (op->kind == XP_STORE)
		list(op, false, true);
	failures = outcomes.n;
	if (op->kind >= XP_XCHG && op->kind <= XP_LAST_ON_WORD)
		list(op, true, true);
	if (failures && failures < outcomes.n &&
	    outcomes.one[failures].position > outcomes.one[0].position) {
		struct ahead_outcome newest = outcomes.one[failures];

		outcomes.one[failures] = outcomes.one[0];
		outcomes.one[0] = newest;
	}
}

/* May what comes after it in its fiber be done before it?  An acquire or a full barrier forbids that. */
static bool reads_ahead(const struct xp_op *op)
{
	if (op->kind == XP_STORE || op->kind == XP_AWAIT)
		return false;
	if (op->kind == XP_CMPXCHG)
		return true;
	return !acquires(op->order) && op->order != KICK_FULL;
}

/* A ghost behind this position, and what reads it; NULL: that cannot be. */
static struct xp_ev *read_ghost(const struct xp_op *op, uint64_t value, int position)
{
	struct xp_chain *place = xp_ahead_place(op->slot, op->size);
	bool swaps = op->kind == XP_CMPXCHG && value == in_size(op, op->a);
	struct ahead_outcome o = { .position = position + 1, .reads = true };
	struct xp_ev *ghost, *e;

	if (position >= place->n || split(place, position))
		return NULL;
	for (int i = position + 1; i < place->n; i++)
		if (seen(own_events(), place->at[i]))
			return NULL;
	if (swaps && (acquires(op->order) || op->order == KICK_FULL))
		return NULL;
	o.writes = swaps || op->kind >= XP_FETCH_OR || op->kind == XP_XCHG;
	ghost = xp_ahead_grow(XP_STORE, XP_GHOST);
	ghost->place = place - g->place;
	ghost->put = value;
	xp_ahead_insert(ghost, position + 1);
	e = come_to(op, o);
	ghost->span = 1 + e->span;
	return closes_circle(e) ? NULL : e;
}

static void resolve(int step, const struct xp_ev *e)
{
	const struct xp_ev *last = &g->ev[g->n - 1];
	enum xp_access access = e->from < 0 ? XP_WRITE : last != e ? XP_MODIFIES : XP_READ;

	if (xp.search->resolve)
		xp.search->resolve(step, access, e->from < 0 ? -1 : g->ev[e->from].level);
}

static struct xp_ev *guessed(const struct xp_op *op, uint32_t choice)
{
	struct xp_ev *e = read_ghost(op, xp_lore_value((choice >> 16) - 1), choice & 0xffff);

	if (!e)
		xp_abandon(XP_PRUNED);
	return e;
}

static void add_guess(int level, int value, int position)
{
	uint32_t code = (uint32_t)(value + 1) << 16 | position;

	for (int i = 0; i < guesses[level].n; i++)
		if (guesses[level].code[i] == code)
			return;
	if (guesses[level].n == GUESSES)
		xp_fail("a load could guess more than %d stores", GUESSES);
	else
		guesses[level].code[guesses[level].n++] = code;
}

static bool may_guess(const struct xp_op *op)
{
	return reads_ahead(op) && !g->dependencies && xp.search->resolve &&
	       xp_lore_viable(op->site, op->slot, xp.current);
}

/* Whatever anybody else could store there behind a store of this fiber that has yet to come. */
static void guess_all(const struct xp_op *op)
{
	const struct xp_chain *place = xp_ahead_place(op->slot, op->size);
	int i, p, code;

	for (i = 0; (code = xp_lore_guess(op->slot, i)) >= 0; i++)
		for (p = place->n - 1; p >= 0; p--) {
			if (!xp_lore_may_come(place, xp_lore_value(code), 1u << xp.current, 1))
				break;
			add_guess(xp.depth, code, p);
			if (seen(own_events(), place->at[p]))
				break;
		}
}

/* A ghost that nobody has stored yet. */
static bool is_open(int i)
{
	const struct xp_chain *place;

	if (g->ev[i].fiber != XP_GHOST) /* a fence has no place */
		return false;
	place = &g->place[g->ev[i].place];
	for (int p = place->n - 1; p > 0; p--)
		if (place->at[p] == i)
			return true;
	return false;
}

/* Others may have something else to be read meanwhile, so that this fiber does not come here. */
static void let_others_go_first(int ghost, int fiber)
{
	for (int i = ghost + 1; i < g->n; i++) {
		const struct xp_ev *e = &g->ev[i];
		struct xp_level *l;

		if (e->fiber != fiber || !(e->what & XP_EV_READ) || e->from == ghost)
			continue;
		if (!g->place[e->place].machine && !xp_lore_others_store(&g->place[e->place], e->fiber))
			continue;
		l = &xp.level[xp.level[e->level].choices ? e->level - 1 : e->level];
		l->todo |= l->enabled; /* of these, those that are awake, or doze */
	}
}

/*
 * What this fiber has read led it to where nothing will come of the ghost; or what those have read who could
 * have stored it led them to another end.
 */
static void let_others_lead(int ghost)
{
	const struct xp_ev *e = &g->ev[ghost];

	for (int f = 0; f < xp.n_fibers; f++)
		if (f == xp.current || xp_lore_stores(&g->place[e->place], e->put, f))
			let_others_go_first(ghost, f);
}

static void let_others_be_first(void)
{
	for (int i = 0; i < g->n; i++)
		if (is_open(i))
			let_others_lead(i);
}

static struct xp_ev *decide(const struct xp_op *op)
{
	int step = xp.depth - 1, n;
	bool anew = xp.depth > xp.replay || (xp.depth == xp.replay && !xp.forced), ahead = reads_ahead(op);
	uint32_t i = 0;
	struct xp_ev *e;

	outcomes.fresh = xp.level[step].fresh;
	list_all(op);
	n = outcomes.n;
	if (anew)
		guesses[xp.depth].n = guesses[xp.depth].next = 0;
	if (anew && may_guess(op)) {
		xp.search->ahead(step);
		guess_all(op);
	}
	if (!n) { /* what it has read before will be stored by nobody */
		let_others_be_first();
		xp_abandon(XP_PRUNED);
	}
	if (n != 1 || ahead)
		i = xp_branch(n, op->site);
	if (i >= (uint32_t)n && i < GUESS) {
		xp_fail("the schedule makes a choice that is not offered, at step %d", xp.depth);
		i = 0;
	}
	e = i < GUESS ? come_to(op, outcomes.one[i]) : guessed(op, i);
	e->choices = n != 1 || ahead ? n : 0;
	xp_lore_learn(&g->ev[g->n - 1]);
	for (int r = 0; g->ev[g->n - 1].fulfils >= 0 && r < g->n; r++)
		if (g->ev[r].fiber != XP_GHOST && g->ev[r].what & XP_EV_WRITE)
			xp_lore_learn(&g->ev[r]);
	resolve(step, e);
	return e;
}

static bool is_ghost(const struct xp_ev *e)
{
	return e >= g->ev && e->fiber == XP_GHOST;
}

/* A ghost that is read right behind it was made for that. */
static const struct xp_ev *ghost_of(const struct xp_ev *e)
{
	return is_ghost(e - 1) && e[-1].level == e->level ? e - 1 : NULL;
}

static void keep_newest(const struct xp_op *op, const struct xp_ev *e)
{
	const struct xp_ev *ghost = ghost_of(e), *last = e + e->span - 1;

	if (ghost && !ghost->newer)
		xp_write(op->p, op->size, ghost->put);
	if (last->what & XP_EV_WRITE && !last->newer)
		xp_write(op->p, op->size, last->put);
}

static bool orders_all(const struct xp_past *p, const struct xp_bits *events)
{
	return meet(events, &p->strong.all) || meet(events, &p->acquired) || meet(events, &p->handed.all);
}

enum window { OPEN, USED, CLOSED };

/*
 * A load reads ahead for the sake of a store of its own fiber that may be done before it, and that leads to
 * the ghost.  If everything behind is ordered and there was no such store, nothing will come of it.
 */
static enum window window_of(int ghost)
{
	const struct xp_ev *read = &g->ev[ghost + 1];
	struct xp_bits after = { 0 };
	int i;

	if (!read->plain || !g->axioms->plain_is_free)
		xp_bits_add(&after, ghost + 1);
	for (i = ghost + 2; i < g->n; i++) {
		const struct xp_ev *e = &g->ev[i];

		if (e->fiber != read->fiber || !e->what)
			continue;
		if (meet(&e->order, &after))
			xp_bits_add(&after, i);
		else if (e->what & XP_EV_WRITE && xp_lore_leads(e, &g->ev[ghost]))
			return USED;
	}
	if (xp.fiber[read->fiber].done || orders_all(&g->ev[g->last[read->fiber]].past, &after))
		return CLOSED;
	return OPEN;
}

static bool waits_in_place(int i)
{
	return g->ev[i].fiber == XP_GHOST && g->ev[i + 1].from == i;
}

/* Of what this fiber has read ahead. */
static void give_up_in_vain(void)
{
	if (!xp.search->resolve)
		return;
	for (int i = 0; g->n_ghosts && i < g->n; i++)
		if ((is_open(i) && !may_be_stored(i, 0)) ||
		    (waits_in_place(i) && g->ev[i + 1].fiber == xp.current && window_of(i) == CLOSED)) {
			let_others_lead(i);
			xp_abandon(XP_PRUNED);
		}
}

/* Whoever reads ahead goes on until there is a reason for it. */
int xp_ahead_prefers(uint32_t awake)
{
	for (int i = 0; g->n_ghosts && i < g->n; i++)
		if (waits_in_place(i) && awake >> g->ev[i + 1].fiber & 1 && window_of(i) == OPEN)
			return g->ev[i + 1].fiber;
	return -1;
}

static struct xp_ev *execute(struct xp_op *op, uint64_t *got)
{
	struct xp_ev *e;

	if (op->order == KICK_SEQ_CST && !g->axioms->knows_seq_cst)
		xp_unmodelled(op->site->say, "the kernel's model has no such order");
	xp_point(op);
	e = xp_ahead_again();
	if (!e) {
		e = decide(op);
		give_up_in_vain();
	} else if (e->choices) {
		xp_branch(e->choices, op->site);
	}
	keep_newest(op, e);
	*got = e->from < 0 ? 0 : g->ev[e->from].put;
	xp_note(*got);
	op->n = e->newer;
	return e;
}

uint64_t xp_ahead_load(struct xp_op *op)
{
	uint64_t got;

	execute(op, &got);
	xp_trace(op, got);
	return got;
}

/* A lock is no memory: the model of the machine has it. */
static void unlock(struct xp_op *op)
{
	xp_point(op);
	xp_write(op->p, op->size, op->a);
	xp_ahead_machine(op, true);
	xp_note(op->a);
}

void xp_ahead_store(struct xp_op *op)
{
	uint64_t got;

	if (op->kind == XP_STORE)
		execute(op, &got);
	else
		unlock(op);
	xp_trace(op, op->a);
}

void xp_ahead_fence(struct xp_op *op)
{
	struct xp_ev *e = xp_ahead_again();

	if (!e) {
		e = xp_ahead_grow(XP_FENCE, xp.current);
		e->fence = op->order;
		g->axioms->derive(e);
		give_up_in_vain();
	}
	op->n = 1;
	xp_note(0);
	xp_trace(op, 0);
}

bool xp_ahead_fresh(int fiber, const struct xp_op *op, int from)
{
	int current = xp.current;

	if (op->kind == XP_STORE || xp_ahead_stores(op->slot) <= from)
		return false;
	if (op->kind == XP_SLEEP || xp_ahead_is_full())
		return true;
	xp.current = fiber;
	outcomes.fresh = from;
	list_all(op);
	xp.current = current;
	return outcomes.n > 0;
}

/* Whoever was woken knows what its waker knew. */
void xp_ahead_sleep(struct xp_op *op)
{
	const struct xp_chain *place = xp_ahead_place(op->slot, op->size);
	struct ahead_outcome o = { .position = place->n - 1, .reads = true };
	int step = xp.depth - 1;
	struct xp_ev *e = xp_ahead_again();

	if (e)
		return;
	e = read_from(op, place->at[o.position], o);
	e->acquires = true;
	g->axioms->derive(e);
	resolve(step, e);
}

bool xp_ahead_unfinished(void)
{
	return g->n_ghosts > 0;
}

bool xp_ahead_more(int level, uint32_t *choice)
{
	if (guesses[level].next == guesses[level].n)
		return false;
	*choice = guesses[level].code[guesses[level].next++];
	return true;
}

void xp_ahead_dependencies(bool order)
{
	g->dependencies = order;
}

/* A store of memory and a load before it that it is free to pass. */
enum { MOST_PAIRS = 512 };
static struct {
	int16_t load, store;
} pairs[MOST_PAIRS];

static int list_pairs(void)
{
	int n = 0;

	for (int w = 0; w < g->n; w++) {
		const struct xp_ev *e = &g->ev[w];

		if (e->fiber == XP_GHOST || !(e->what & XP_EV_WRITE) || e->plain ||
		    g->place[e->place].machine)
			continue;
		for (int i = e->before; i >= 0 && n < MOST_PAIRS; i = g->ev[i].before)
			if (g->ev[i].from >= 0 && !g->ev[i].plain && !g->place[g->ev[i].place].machine &&
			    !xp_bits_has(&e->order, i)) {
				pairs[n].load = i;
				pairs[n++].store = w;
			}
	}
	return n;
}

static bool is_assumed(const struct xp_assumed *assumed, int i)
{
	const struct xp_site *load = g->ev[pairs[i].load].site, *store = g->ev[pairs[i].store].site;
	int k = 0;

	while (k < assumed->n && (assumed->pair[k].load != load || assumed->pair[k].store != store))
		k++;
	return k < assumed->n;
}

static void assume(struct xp_assumed *assumed, int i)
{
	if (assumed->n < XP_ASSUMED && !is_assumed(assumed, i))
		assumed->pair[assumed->n++] = (struct xp_pair){ g->ev[pairs[i].load].site,
								g->ev[pairs[i].store].site };
}

/* All of them, and then without each that is not needed. */
void xp_ahead_pairs(struct xp_assumed *needed)
{
	int n = list_pairs(), i;

	for (i = 0; i < n; i++)
		xp_bits_add(&g->ev[pairs[i].store].order, pairs[i].load);
	if (any_circle())
		for (i = 0; i < n; i++) {
			xp_bits_remove(&g->ev[pairs[i].store].order, pairs[i].load);
			if (any_circle())
				continue;
			xp_bits_add(&g->ev[pairs[i].store].order, pairs[i].load);
			assume(needed, i);
		}
	for (i = 0; i < n; i++)
		xp_bits_remove(&g->ev[pairs[i].store].order, pairs[i].load);
}

bool xp_ahead_stands(const struct xp_assumed *assumed)
{
	int n = list_pairs(), i;
	bool stands;

	for (i = 0; i < n; i++)
		if (is_assumed(assumed, i))
			xp_bits_add(&g->ev[pairs[i].store].order, pairs[i].load);
	stands = !any_circle();
	for (i = 0; i < n; i++)
		xp_bits_remove(&g->ev[pairs[i].store].order, pairs[i].load);
	return stands;
}
