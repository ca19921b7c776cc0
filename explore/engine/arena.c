// SPDX-License-Identifier: GPL-2.0-or-later
/* How an operation touches its word of the arena. */
#include "explore/engine/state.h"

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
	case XP_FETCH_ADD:
	case XP_ADD:
		return op->size == 4 ? (uint32_t)(old + op->a) : old + op->a;
	default:
		return old & op->a;
	}
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
	case XP_NAP:
	case XP_WAKE:
		return XP_WRITE;
	case XP_SIGNAL: /* several that pend are one */
		return xp.pcpu[op->cpu].pending ? XP_READ : XP_WRITE;
	case XP_POLL:
		return xp.pcpu[op->cpu].pending && !op->n ? XP_WRITE : XP_READ;
	case XP_TRYLOCK:
		return *(const int *)op->p ? XP_READ : XP_WRITE;
	case XP_OR:
		return XP_ORS;
	case XP_AND:
		return XP_ANDS;
	case XP_ADD:
		return XP_ADDS;
	case XP_XCHG:
	case XP_CMPXCHG:
	case XP_FETCH_OR:
	case XP_FETCH_AND:
	case XP_FETCH_ADD:
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
