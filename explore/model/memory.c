// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Memory as the models see it.  Under sc every operation acts on the arena at once.  Under tso a
 * fiber's stores wait in one FIFO, under pso in one per word; each FIFO is a lane, and a lane's head
 * may reach memory at any later step.  Loads see their own fiber's stores first; read-modify-writes
 * and full fences wait until all of them have left.  A release store or smp_wmb() only keeps later
 * stores behind earlier ones: if it waited, it would be the store-load barrier that it is not.
 */
#include <string.h>

#include "explore/model/graph.h"
#include "kick_declare.h"

static bool drains_x86(enum kick_fence fence)
{
	return fence == KICK_MB;
}

/* Not x86: there smp_mb__before_atomic() and its twin are real. */
static bool drains_weak(enum kick_fence fence)
{
	return fence != KICK_RMB && fence != KICK_WMB;
}

const struct xp_model xp_models[] = {
	{ .name = "sc", .bit = KICK_M_SC, .fence_drains = drains_x86 },
	{ .name = "tso", .bit = KICK_M_TSO, .buffered = true, .fence_drains = drains_x86 },
	{ .name = "pso", .bit = KICK_M_PSO, .buffered = true, .lane_per_word = true,
	  .fence_drains = drains_weak },
	{ .name = "rc11", .bit = KICK_M_RC11, .graph = true },
	{ 0 },
};

int16_t xp_slot(const void *p)
{
	size_t offset = (const char *)p - (const char *)xp.program->arena;

	if (offset >= xp.program->size) {
		xp_fail("a word outside of the backend's own state is shared");
		return 0;
	}
	return offset / 4;
}

uint64_t xp_read(const void *p, unsigned int size)
{
	if (size == 4)
		return *(const uint32_t *)p;
	return *(const uint64_t *)p;
}

void xp_write(void *p, unsigned int size, uint64_t v)
{
	if (size == 4)
		*(uint32_t *)p = v;
	else
		*(uint64_t *)p = v;
}

static struct xp_fiber *self(void)
{
	return &xp.fiber[xp.current];
}

/* The newest buffered store of this fiber to the slot, or NULL. */
static struct xp_store *forwarded(struct xp_fiber *f, int16_t slot)
{
	struct xp_store *newest = NULL;
	int i, j;

	for (i = 0; f->buffered && i < f->n_lanes; i++) {
		struct xp_lane *lane = &xp.lane[f->lane[i]];

		for (j = 0; j < lane->n; j++) {
			struct xp_store *s = &lane->store[(lane->head + j) % XP_LANE];

			if (s->op.slot == slot && (!newest || s->seq > newest->seq))
				newest = s;
		}
	}
	return newest;
}

uint64_t xp_load(void *p, unsigned int size, enum kick_order order, const struct xp_site *site)
{
	struct xp_op op = { .kind = XP_LOAD, .order = order, .size = size, .p = p, .site = site };
	struct xp_store *s;
	uint64_t v;

	if (xp.setup)
		return xp_read(p, size);
	op.slot = xp_slot(p);
	if (xp.model->graph)
		return xp_rc11_load(&op);
	xp_point(&op);
	s = forwarded(self(), op.slot);
	v = s ? s->op.a : xp_read(p, size);
	xp_note(v);
	xp_trace(&op, v);
	return v;
}

/* A fiber's lane for a slot; lanes stay for the whole exploration, so that agents keep their numbers. */
static struct xp_lane *lane_for(struct xp_fiber *f, int16_t slot)
{
	int i;

	if (!xp.model->lane_per_word)
		slot = -1;
	for (i = 0; i < f->n_lanes; i++)
		if (xp.lane[f->lane[i]].slot == slot)
			return &xp.lane[f->lane[i]];
	if (xp.n_agents == XP_AGENTS) {
		xp_fail("more than %d fibers and lanes", XP_AGENTS);
		return &xp.lane[xp.n_agents - 1];
	}
	i = xp.n_agents++;
	f->lane[f->n_lanes++] = i;
	xp.lane[i] = (struct xp_lane){ .fiber = xp.current, .slot = slot };
	return &xp.lane[i];
}

static void push(struct xp_op *op, bool release)
{
	struct xp_fiber *f = self();
	struct xp_lane *lane = lane_for(f, op->slot);
	struct xp_store *s = &lane->store[(lane->head + lane->n) % XP_LANE];

	if (lane->n == XP_LANE || f->seq == XP_STORES) {
		xp_fail("more than %d stores wait in one buffer, or more than %d are made", XP_LANE,
			XP_STORES);
		return;
	}
	s->op = *op;
	s->op.kind = op->kind == XP_STORE ? XP_DRAIN : XP_UNLOCK;
	s->seq = f->seq++;
	s->after = release ? s->seq : f->barrier;
	s->pushed = xp.agent_last[xp.current];
	lane->n++;
	f->buffered++;
}

/* May the head of this lane reach memory? */
bool xp_lane_ready(int agent)
{
	struct xp_lane *lane = &xp.lane[agent];
	struct xp_fiber *f = &xp.fiber[lane->fiber];
	int i;

	if (!lane->n)
		return false;
	for (i = 0; f->n_lanes > 1 && i < f->n_lanes; i++) {
		struct xp_lane *other = &xp.lane[f->lane[i]];

		if (other != lane && other->n &&
		    other->store[other->head].seq < lane->store[lane->head].after)
			return false;
	}
	return true;
}

void xp_drain(int agent)
{
	struct xp_lane *lane = &xp.lane[agent];
	struct xp_store *s = &lane->store[lane->head];

	xp_write(s->op.p, s->op.size, s->op.a);
	xp.fiber[lane->fiber].drained[s->seq].event = xp.depth;
	xp.fiber[lane->fiber].drained[s->seq].lane = agent;
	lane->head = (lane->head + 1) % XP_LANE;
	lane->n--;
	xp.fiber[lane->fiber].buffered--;
	xp_trace(&s->op, s->op.a);
}

void xp_reset_lanes(void)
{
	int i;

	for (i = xp.n_fibers; i < xp.n_agents; i++)
		xp.lane[i].head = xp.lane[i].n = 0;
}

static void store(struct xp_op *op)
{
	if (xp.setup) {
		xp_write(op->p, op->size, op->a);
		return;
	}
	op->slot = xp_slot(op->p);
	if (xp.model->graph && op->kind == XP_STORE) {
		xp_rc11_store(op);
		return;
	}
	if (xp.model->buffered) {
		push(op, op->order >= KICK_RELEASE);
	} else {
		xp_point(op);
		xp_write(op->p, op->size, op->a);
	}
	if (xp.model->graph)
		xp_rc11_machine(op, true);
	xp_note(op->a);
	xp_trace(op, op->a);
}

void xp_store(void *p, unsigned int size, uint64_t v, enum kick_order order,
	      const struct xp_site *site)
{
	struct xp_op op = { .kind = XP_STORE, .order = order, .size = size, .p = p, .a = v,
			    .site = site };

	store(&op);
}

/* A release store of the value "free". */
void xp_unlock(int *lock, const struct xp_site *site)
{
	struct xp_op op = { .kind = XP_UNLOCK, .order = KICK_RELEASE, .size = sizeof(*lock),
			    .p = lock, .site = site };

	store(&op);
}

/* What a read-modify-write leaves in memory. */
uint64_t xp_modified(const struct xp_op *op, uint64_t old)
{
	switch (op->kind) {
	case XP_XCHG:
		return op->a;
	case XP_CMPXCHG:
		return old == op->a ? op->b : old;
	case XP_FETCH_OR:
	case XP_OR:
		return old | op->a;
	default:
		return old & op->a;
	}
}

uint64_t xp_rmw(enum xp_kind kind, void *p, unsigned int size, uint64_t a, uint64_t b,
		enum kick_order order, const struct xp_site *site)
{
	struct xp_op op = { .kind = kind, .order = order, .size = size, .p = p, .a = a, .b = b,
			    .site = site };
	uint64_t old;

	if (!xp.setup) {
		op.slot = xp_slot(p);
		if (xp.model->graph)
			return xp_rc11_rmw(&op);
		xp_point(&op);
	}
	old = xp_read(p, size);
	xp_write(p, size, xp_modified(&op, old));
	if (xp.setup)
		return old;
	xp_note(kind == XP_OR || kind == XP_AND ? 0 : old);
	xp_trace(&op, old);
	return old;
}

void xp_fence(enum kick_fence fence, const struct xp_site *site)
{
	struct xp_op op = { .kind = XP_FENCE, .order = fence, .slot = -1, .site = site };
	struct xp_fiber *f = self();

	if (xp.setup)
		return;
	if (xp.model->graph) {
		xp_rc11_fence(&op);
		return;
	}
	if (fence == KICK_WMB)
		f->barrier = f->seq;
	/* An event even if nothing waits now: what left before is ordered before what comes. */
	op.n = f->seq && xp.model->fence_drains(fence);
	if (op.n)
		xp_point(&op);
	xp_note(0);
	xp_trace(&op, 0);
}

/* How an operation would touch its slot in the present state. */
enum xp_access xp_access(const struct xp_op *op)
{
	uint64_t old;

	switch (op->kind) {
	case XP_STORE:
	case XP_DRAIN:
	case XP_IRQ_OFF:
	case XP_IRQ_ON:
	case XP_RECORD:
		return XP_WRITE;
	case XP_OR:
		return XP_ORS;
	case XP_AND:
		return XP_ANDS;
	case XP_XCHG:
	case XP_CMPXCHG:
	case XP_FETCH_OR:
	case XP_FETCH_AND:
		/* One that leaves the value as it was is a read. */
		old = xp_read(op->p, op->size);
		return xp_modified(op, old) == old ? XP_READ : XP_WRITE;
	case XP_LOCK:
		return XP_LOCKS;
	case XP_UNLOCK:
		return XP_UNLOCKS;
	case XP_IPI:
		/* Taken at once as noise, or merged with one that is pending: nothing changes. */
		return (xp.pcpu[op->cpu].irq_off || !xp.program->hosts_take) &&
				       !xp.pcpu[op->cpu].pending ? XP_WRITE : XP_READ;
	case XP_CALL:
		return xp.pcpu[op->cpu].irq_off || !xp.program->hosts_take ? XP_WRITE : XP_READ;
	case XP_GUEST_WAIT:
		return xp.program->hosts_take ? XP_READ : XP_WRITE;
	default:
		return XP_READ;
	}
}
