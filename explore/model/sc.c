// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Sequential consistency: every operation acts on memory at once, one after the other.  Orders and fences
 * make no difference.
 */
#include "explore/engine/engine.h"
#include "explore/model/models.h"
#include "kick_declare.h"

static uint64_t load(struct xp_op *op)
{
	uint64_t v;

	xp_point(op);
	v = xp_read(op->p, op->size);
	xp_note(v);
	xp_trace(op, v);
	return v;
}

static void store(struct xp_op *op)
{
	xp_point(op);
	xp_write(op->p, op->size, op->a);
	xp_note(op->a);
	xp_trace(op, op->a);
}

uint64_t xp_sc_rmw(struct xp_op *op)
{
	uint64_t old;

	xp_point(op);
	old = xp_read(op->p, op->size);
	xp_write(op->p, op->size, xp_modified(op, old));
	xp_note(op->kind >= XP_OR ? 0 : old);
	xp_trace(op, old);
	return old;
}

const struct xp_model xp_sc = {
	.name = "sc", .bit = KICK_M_SC, .load = load, .store = store, .rmw = xp_sc_rmw,
};
