// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The operations under rc11.  A load has several outcomes: every store to its word that neither
 * coherence nor psc forbids; a store may take several places among the others.  Which one it is is a
 * choice that follows the step at once.  The newest comes first: the first execution is one of sc.
 *
 * The kernel's fully ordered read-modify-write is a full barrier, a relaxed operation, a full barrier;
 * a cmpxchg that fails is a relaxed load.  KICK_SEQ_CST is C11's own, a load too when it fails; where C11's
 * names another order for that, it is a load of that order.
 */
#include "explore/model/graph.h"
#include "explore/model/models.h"
#include "kick_declare.h"

static struct xp_graph *const g = &xp_graph;

/* Reads the store at this position of the word's chain, or stands right behind it, or both. */
struct outcome {
	int16_t position;
	bool reads, writes;
};

static struct {
	int fresh; /* no store is read that is older */
	int n;
	struct outcome one[2 * XP_NODES];
} outcomes;

static bool acquires(enum kick_order order)
{
	return order == KICK_ACQUIRE || order == KICK_ACQ_REL || order == KICK_SEQ_CST;
}

static bool releases(enum kick_order order)
{
	return order == KICK_RELEASE || order == KICK_ACQ_REL || order == KICK_SEQ_CST;
}

static bool weaker;

void xp_rc11_weaker(bool on)
{
	weaker = on;
}

static enum kick_order order_of(const struct xp_op *op, bool writes)
{
	bool fails = op->kind == XP_CMPXCHG && !writes;
	enum kick_order order = fails && op->fails ? op->fails : op->order;

	if (order == KICK_SEQ_CST)
		return weaker ? KICK_ACQ_REL : KICK_SEQ_CST;
	if (order == KICK_FULL || (fails && !op->fails))
		return KICK_RELAXED;
	return order;
}

static void full_barrier(void)
{
	struct xp_node *e = xp_graph_grow(XP_FENCE);
	struct xp_knowledge *k = &e->after;

	xp_nodes_join(&k->now, &k->heard);
	xp_order_fence(e);
	k->now.sc |= 1ull << e->sc;
	k->told = k->fenced = k->now;
}

/* A relaxed store behind a release store of the same fiber to the word belongs to its sequence. */
static void add_own_release(struct xp_node *e, const struct xp_place *place)
{
	int i;

	for (i = place->n - 1; i > 0; i--) {
		const struct xp_node *store = &g->node[place->chain[i]];

		if (store->fiber == e->fiber && store->releases) {
			xp_nodes_join(&e->sync, &store->after.now);
			return;
		}
	}
}

static void write_behind(struct xp_node *e, struct xp_place *place, enum kick_order order, int position)
{
	e->releases = releases(order);
	if (e->releases) {
		e->sync = e->after.now;
	} else {
		e->sync = e->after.told;
		add_own_release(e, place);
	}
	if (e->from >= 0)
		xp_nodes_join(&e->sync, &g->node[e->from].sync);
	xp_graph_insert(e, position + 1);
}

static void read_from(struct xp_node *e, enum kick_order order, int store)
{
	e->got = g->node[store].put;
	xp_nodes_join(&e->after.heard, &g->node[store].sync);
	if (acquires(order))
		xp_nodes_join(&e->after.now, &g->node[store].sync);
	xp_graph_read(e, store);
}

/* The stores behind this position, and who read them. */
static struct xp_nodes later_than(const struct xp_place *place, int position)
{
	struct xp_nodes later = { 0 };

	while (++position < place->n)
		xp_nodes_add_store(&later, place->chain[position]);
	return later;
}

static struct xp_node *come_to(const struct xp_op *op, struct outcome o)
{
	enum kick_order order = order_of(op, o.writes);
	struct xp_place *place = xp_graph_place(op->slot, op->size);
	struct xp_nodes later = later_than(place, o.position);
	struct xp_node *e = xp_graph_grow(op->kind);

	e->place = place - g->place;
	e->newer = place->n - 1 - o.position;
	if (o.reads)
		read_from(e, order, place->chain[o.position]);
	if (order == KICK_SEQ_CST) {
		xp_order_number(e);
		e->after.now.sc |= 1ull << e->sc;
	}
	e->put = op->kind == XP_STORE ? op->a : xp_modified(op, e->got);
	if (o.writes)
		write_behind(e, place, order, o.position);
	xp_order_later(e, &later);
	return e;
}

static bool psc_allows(const struct xp_op *op, struct outcome o, const struct xp_nodes *later)
{
	const struct xp_knowledge *k = xp_graph_knowledge();
	const struct xp_place *place = xp_graph_place(op->slot, op->size);
	enum kick_order order = order_of(op, o.writes);
	bool sc = order == KICK_SEQ_CST, allowed;
	struct xp_nodes now = k->now;

	if (!xp_nodes_any(later))
		return true;
	if (o.reads && acquires(order))
		xp_nodes_join(&now, &g->node[place->chain[o.position]].sync);
	if (!xp_order_concerns(sc, &now, later))
		return true;
	if (!sc && !g->n_sc_accesses)
		return xp_order_allows(&now, later);
	come_to(op, o);
	allowed = xp_psc_acyclic();
	xp_graph_pop();
	return allowed;
}

/* Nothing may stand between a read-modify-write and what it read. */
static bool split(const struct xp_place *place, int position)
{
	return position + 1 < place->n &&
	       g->node[place->chain[position + 1]].from == place->chain[position];
}

static bool fits(const struct xp_op *op, const struct xp_place *place, struct outcome o)
{
	const struct xp_node *store = &g->node[place->chain[o.position]];

	if (o.writes && split(place, o.position))
		return false;
	if (o.reads && store->number < outcomes.fresh)
		return false;
	if (op->kind == XP_AWAIT && store->put == op->a)
		return false;
	return op->kind != XP_CMPXCHG || (store->put == op->a) == o.writes;
}

/* From the newest store back to the newest that this fiber knows of. */
static void list(const struct xp_op *op, bool reads, bool writes)
{
	const struct xp_nodes *now = &xp_graph_knowledge()->now;
	const struct xp_place *place = xp_graph_place(op->slot, op->size);
	struct outcome o = { .position = place->n - 1, .reads = reads, .writes = writes };
	struct xp_nodes later = { 0 };

	for (;; o.position--) {
		int store = place->chain[o.position];

		if (fits(op, place, o) && psc_allows(op, o, &later))
			outcomes.one[outcomes.n++] = o;
		if (!o.position || xp_seen(now, store))
			break;
		xp_nodes_add_store(&later, store);
	}
}

/* One that succeeds may come after a full barrier, and read less. */
static void list_successes(const struct xp_op *op)
{
	if (op->order == KICK_FULL)
		full_barrier();
	list(op, true, true);
	if (op->order == KICK_FULL)
		xp_graph_pop();
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
		list_successes(op);
	if (failures && failures < outcomes.n &&
	    outcomes.one[failures].position > outcomes.one[0].position) {
		struct outcome newest = outcomes.one[failures];

		outcomes.one[failures] = outcomes.one[0];
		outcomes.one[0] = newest;
	}
}

static void resolve(int step, const struct xp_node *e)
{
	if (xp.search->resolve)
		xp.search->resolve(step, e->from < 0 ? XP_WRITE : e->writes ? XP_MODIFIES : XP_READ,
				   e->from < 0 ? -1 : g->node[e->from].level);
}

static struct xp_node *decide(const struct xp_op *op)
{
	int step = xp.depth - 1, i = 0, n;
	struct xp_node *e;
	bool full;

	outcomes.fresh = xp.level[step].fresh;
	list_all(op);
	n = outcomes.n;
	if (n > 1)
		i = xp_branch(n, op->site);
	full = op->order == KICK_FULL && outcomes.one[i].writes;
	if (full)
		full_barrier();
	e = come_to(op, outcomes.one[i]);
	if (full)
		full_barrier();
	e->choices = n;
	resolve(step, e);
	return e;
}

/* A node that is there already, with its full barriers. */
static struct xp_node *again(const struct xp_op *op)
{
	struct xp_node *e = xp_graph_again();

	if (e && e->place < 0) {
		e = xp_graph_again();
		xp_graph_again();
	}
	if (e && e->choices > 1)
		xp_branch(e->choices, op->site);
	return e;
}

static struct xp_node *execute(struct xp_op *op)
{
	struct xp_node *e;

	xp_point(op);
	e = again(op);
	if (!e)
		e = decide(op);
	if (e->writes && !e->newer)
		xp_write(op->p, op->size, e->put);
	if (e->from >= 0 && !xp.forgets)
		xp_note(g->node[e->from].name);
	xp_note(xp.forgets && (op->kind >= XP_OR) ? 0 : e->got);
	op->n = e->newer;
	return e;
}

static uint64_t load(struct xp_op *op)
{
	uint64_t v = execute(op)->got;

	xp_trace(op, v);
	return v;
}

/* A lock is no memory: the model of the machine has it. */
static void unlock(struct xp_op *op)
{
	xp_point(op);
	xp_write(op->p, op->size, op->a);
	xp_rc11_machine(op, true);
	xp_note(op->a);
}

static void store(struct xp_op *op)
{
	if (op->kind == XP_STORE)
		execute(op);
	else
		unlock(op);
	xp_trace(op, op->a);
}

static void fence(struct xp_op *op)
{
	struct xp_node *e = xp_graph_again();

	if (!e && op->order != KICK_RMB && op->order != KICK_WMB) {
		full_barrier();
	} else if (!e) {
		e = xp_graph_grow(XP_FENCE);
		if (op->order == KICK_RMB)
			xp_nodes_join(&e->after.now, &e->after.heard);
		else
			e->after.told = e->after.now;
	}
	op->n = 1;
	xp_note(0);
	xp_trace(op, 0);
}

static bool fresh(int fiber, const struct xp_op *op, int from)
{
	int current = xp.current;

	if (op->kind == XP_STORE || xp_graph_stores(op->slot) <= from)
		return false;
	if (op->kind == XP_SLEEP || xp_graph_is_full())
		return true;
	xp.current = fiber;
	outcomes.fresh = from;
	list_all(op);
	xp.current = current;
	return outcomes.n > 0;
}

/* Whoever was woken knows what its waker knew. */
static void sleep_until_woken(struct xp_op *op)
{
	const struct xp_place *place = xp_graph_place(op->slot, op->size);
	struct outcome o = { .position = place->n - 1, .reads = true };
	int step = xp.depth - 1;
	struct xp_node *e = xp_graph_again();

	if (!e) {
		op->order = KICK_ACQUIRE;
		e = come_to(op, o);
		resolve(step, e);
	}
	if (!xp.forgets)
		xp_note(g->node[e->from].name);
}

static bool fence_counts(enum kick_fence kind)
{
	(void)kind;
	return true;
}

const struct xp_model xp_rc11 = {
	.name = "rc11", .bit = KICK_M_RC11, .graph = true, .fence_counts = fence_counts,
	.stores_count = true, .others_count = true, .begin = xp_graph_begin, .rewind = xp_graph_rewind,
	.resume = xp_graph_resume,
	.load = load, .store = store, .rmw = load, .fence = fence, .machine = xp_rc11_machine,
	.sleep = sleep_until_woken, .hash = xp_graph_hash, .hash_future = xp_graph_hash_future,
	.remembers = xp_graph_remembers, .stores = xp_graph_stores, .newer = xp_graph_newer,
	.fresh = fresh,
};
