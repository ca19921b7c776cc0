// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Store buffers.  Under tso a fiber's stores wait in one FIFO, under pso in one per word; each FIFO is a
 * lane, and a lane's head may reach memory at any later step.  Loads see their own fiber's stores first;
 * read-modify-writes and full fences wait until all of them have left.  A release store or smp_wmb() only
 * keeps later stores behind earlier ones: if it waited, it would be the store-load barrier that it is not.
 */
#include "explore/engine/engine.h"
#include "explore/model/models.h"
#include "kick_declare.h"

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

static uint64_t load(struct xp_op *op)
{
	struct xp_store *s;
	uint64_t v;

	xp_point(op);
	s = forwarded(self(), op->slot);
	v = s ? s->op.a : xp_read(op->p, op->size);
	xp_note(v);
	xp_trace(op, v);
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

static void store(struct xp_op *op)
{
	push(op, op->order >= KICK_RELEASE);
	xp_note(op->a);
	xp_trace(op, op->a);
}

/* May the head of this lane reach memory? */
static bool ready(int agent)
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

static uint32_t lanes(void)
{
	uint32_t set = 0;
	int i;

	for (i = xp.n_fibers; i < xp.n_agents; i++)
		set |= (uint32_t)ready(i) << i;
	return set;
}

static void drain(int agent)
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

static void rewind_lanes(int level)
{
	int i;

	(void)level;
	for (i = xp.n_fibers; i < xp.n_agents; i++)
		xp.lane[i].head = xp.lane[i].n = 0;
}

/* The number of a fiber's oldest store that has not reached memory, or of its next one. */
static uint32_t oldest(const struct xp_fiber *f)
{
	uint32_t seq = f->seq;
	int i;

	for (i = 0; f->buffered && i < f->n_lanes; i++) {
		const struct xp_lane *lane = &xp.lane[f->lane[i]];

		if (lane->n && lane->store[lane->head].seq < seq)
			seq = lane->store[lane->head].seq;
	}
	return seq;
}

/* How far back a number lies; what lies behind the oldest store makes no difference any more. */
static uint64_t back(const struct xp_fiber *f, uint32_t seq, uint32_t least)
{
	return f->seq - (seq > least ? seq : least);
}

static void mix_lane(struct xp_hash *h, int agent, uint32_t least)
{
	const struct xp_lane *lane = &xp.lane[agent];
	const struct xp_fiber *f = &xp.fiber[lane->fiber];
	int i;

	for (i = 0; i < lane->n; i++) {
		const struct xp_store *s = &lane->store[(lane->head + i) % XP_LANE];

		xp_hash_mix(h, s->op.a + agent * 1000003u);
		xp_hash_mix(h, back(f, s->seq, least) | back(f, s->after, least) << 16 |
				       (uint64_t)s->op.slot << 32);
	}
}

static void hash(struct xp_hash *h)
{
	int i, j;

	for (i = 0; i < xp.n_fibers; i++) {
		const struct xp_fiber *f = &xp.fiber[i];
		uint32_t least = oldest(f);

		xp_hash_mix(h, back(f, f->barrier, least));
		for (j = 0; f->buffered && j < f->n_lanes; j++)
			mix_lane(h, f->lane[j], least);
	}
}

/* What a fence waits for; of x86, smp_mb__before_atomic() and its twin are nothing. */
static bool drains_x86(enum kick_fence fence)
{
	return fence == KICK_MB;
}

static bool drains_weak(enum kick_fence fence)
{
	return fence != KICK_RMB && fence != KICK_WMB;
}

static void fence_if(struct xp_op *op, bool drains)
{
	struct xp_fiber *f = self();

	if (op->order == KICK_WMB)
		f->barrier = f->seq;
	/* An event even if nothing waits now: what left before is ordered before what comes. */
	op->n = f->seq && drains;
	if (op->n)
		xp_point(op);
	xp_note(0);
	xp_trace(op, 0);
}

static void fence_x86(struct xp_op *op)
{
	fence_if(op, drains_x86(op->order));
}

static void fence_weak(struct xp_op *op)
{
	fence_if(op, drains_weak(op->order));
}

/* Here smp_wmb() counts, too. */
static bool counts_weak(enum kick_fence fence)
{
	return fence != KICK_RMB;
}

const struct xp_model xp_tso = {
	.name = "tso", .bit = KICK_M_TSO, .buffered = true, .fence_counts = drains_x86,
	.rewind = rewind_lanes, .load = load, .store = store, .rmw = xp_sc_rmw, .fence = fence_x86,
	.lanes = lanes, .drain = drain, .hash = hash,
};

const struct xp_model xp_pso = {
	.name = "pso", .bit = KICK_M_PSO, .buffered = true, .lane_per_word = true,
	.fence_counts = counts_weak, .stores_count = true,
	.rewind = rewind_lanes, .load = load, .store = store, .rmw = xp_sc_rmw, .fence = fence_weak,
	.lanes = lanes, .drain = drain, .hash = hash,
};
