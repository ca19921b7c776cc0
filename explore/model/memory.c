// SPDX-License-Identifier: GPL-2.0-or-later
/* Operations of the backends' text: entered here, done by the model.  A program's setup is no execution. */
#include "explore/model/memory.h"

#include "explore/engine/engine.h"

uint64_t xp_load(void *p, unsigned int size, enum kick_order order, const struct xp_site *site)
{
	struct xp_op op = { .kind = XP_LOAD, .order = order, .size = size, .p = p, .site = site };

	if (xp.setup)
		return xp_read(p, size);
	op.slot = xp_slot(p, size);
	xp.loaded = xp.model->load(&op);
	xp.loaded_size = size; /* not before others have loaded meanwhile */
	xp.fiber[xp.current].n_loads++;
	return xp.loaded;
}

static void zeroed(const void *p)
{
	xp.fiber[xp.current].zeroed++;
	xp.fiber[xp.current].zeroed_last = p;
}

static void store(struct xp_op *op)
{
	if (xp.setup) {
		xp_write(op->p, op->size, op->a);
		return;
	}
	op->slot = xp_slot(op->p, op->size);
	if (!op->a)
		zeroed(op->p);
	xp.model->store(op);
}

void xp_store(void *p, unsigned int size, uint64_t v, enum kick_order order,
	      const struct xp_site *site)
{
	struct xp_op op = { .kind = XP_STORE, .order = order, .size = size, .p = p, .a = v,
			    .site = site };

	store(&op);
}

void xp_unlock(int *lock, const struct xp_site *site)
{
	struct xp_op op = { .kind = XP_UNLOCK, .order = KICK_RELEASE, .size = sizeof(*lock),
			    .p = lock, .site = site };

	store(&op);
}

static uint64_t rmw(struct xp_op *op)
{
	struct xp_fiber *f = &xp.fiber[xp.current];
	uint64_t old, new;

	if (xp.setup) {
		old = xp_read(op->p, op->size);
		xp_write(op->p, op->size, xp_modified(op, old));
		return old;
	}
	op->slot = xp_slot(op->p, op->size);
	old = xp.model->rmw(op);
	new = xp_modified(op, old);
	f->n_loads++;
	if (xp_tells(op->kind) && old == 1 && !new)
		zeroed(op->p);
	if (xp_tells(op->kind) && new == old) { /* to its thread it was a load */
		xp.loaded_size = op->size;
		xp.loaded = old;
	} else {
		f->lap = (struct xp_lap){ .depth = -1, .slot = -1 };
	}
	return old;
}

uint64_t xp_rmw(enum xp_kind kind, void *p, unsigned int size, uint64_t a, uint64_t b,
		enum kick_order order, const struct xp_site *site)
{
	struct xp_op op = { .kind = kind, .order = order, .size = size, .p = p, .a = a, .b = b,
			    .site = site };

	return rmw(&op);
}

uint64_t xp_cmpxchg(void *p, unsigned int size, uint64_t old, uint64_t new, enum kick_order order,
		    enum kick_order fails, const struct xp_site *site)
{
	struct xp_op op = { .kind = XP_CMPXCHG, .order = order, .size = size, .fails = fails, .p = p,
			    .a = old, .b = new, .site = site };

	return rmw(&op);
}

static void fence_at(enum kick_fence fence, const struct xp_site *site)
{
	struct xp_op op = { .kind = XP_FENCE, .order = fence, .slot = -1, .site = site };

	if (xp.model->fence)
		xp.model->fence(&op);
	else
		xp_trace(&op, 0);
}

void xp_fence(enum kick_fence fence, const struct xp_site *site)
{
	if (!xp.setup && (xp.model->fence || xp.recording))
		fence_at(fence, site);
}
