// SPDX-License-Identifier: GPL-2.0-or-later
/* Agents: what each of them would do next, and whether it can. */
#include "explore/engine/state.h"

bool xp_preempts(uint32_t enabled, int last, int agent)
{
	int running;

	if (last == XP_NOBODY)
		return false;
	running = xp_owner(last);
	return xp_owner(agent) != running && enabled >> running & 1;
}

static bool fiber_ready(const struct xp_fiber *f)
{
	const struct xp_op *op = f->op;

	if (f->done)
		return false;
	switch (op->kind) {
	case XP_XCHG:
	case XP_CMPXCHG:
	case XP_FETCH_OR:
	case XP_FETCH_AND:
	case XP_FETCH_ADD:
	case XP_OR:
	case XP_AND:
	case XP_ADD:
	case XP_FENCE:
	case XP_IPI:
	case XP_CALL:
	case XP_SIGNAL:
	case XP_WAKE:
	case XP_TRYLOCK:
		return !f->buffered;
	case XP_POLL: /* whoever is interrupted has its stores in memory */
		return op->n || !f->buffered || !xp.pcpu[op->cpu].pending;
	case XP_TAKEN:
		return !xp.pcpu[op->cpu].pending;
	case XP_NAP:
		return xp.pcpu[op->cpu].woken || (op->n && xp.pcpu[op->cpu].pending);
	case XP_AWAIT:
		return xp_word_is_fresh(f - xp.fiber, op);
	case XP_LOCK:
		return !f->buffered && !*(const int *)op->p;
	case XP_SLEEP:
		return !f->buffered && !*(const int *)op->p;
	case XP_ACK:
		return xp.pcpu[op->cpu].acked >= op->n;
	case XP_GUEST_WAIT:
		return xp.pcpu[op->cpu].pending;
	default:
		return true;
	}
}

uint32_t xp_enabled(void)
{
	uint32_t enabled = 0;
	int i;

	for (i = 0; i < xp.n_fibers; i++)
		enabled |= (uint32_t)fiber_ready(&xp.fiber[i]) << i;
	if (xp.n_agents > xp.n_fibers)
		enabled |= xp.model->lanes();
	return enabled;
}
