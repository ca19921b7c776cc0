// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Loops that wait by reading again.  All executions in which such a loop goes round once more are alike until
 * the word holds something else, so from a turn on that did nothing it is a wait for that.
 *
 * A turn, from one kick_pause() to the next, did nothing if it loaded one word, did nothing else that
 * anybody sees, and left the thread's registers and stack as they were: then the next one does the same if it
 * finds the same.  A bounded retry counts somewhere, so it is none.  The first turn may leave things on the
 * stack for the first time, so it is the second and the third that are compared.
 */
#include "explore/engine/engine.h"

#if defined(__has_attribute)
#if __has_attribute(no_sanitize)
#define UNCHECKED __attribute__((no_sanitize("address", "thread")))
#endif
#endif
#ifndef UNCHECKED
#define UNCHECKED
#endif

/* All of the stack, red zones too. */
static UNCHECKED uint64_t local_state(const void *stack)
{
	const struct xp_context *f = &xp.fiber[xp.current].fiber;
	const volatile uint64_t *word = stack;
	uint64_t hash = 1;

	for (; (const char *)word < f->stack + f->size; word++)
		hash = xp_mix(hash, *word);
	return hash;
}

/* The slot of the one load since then; -1: there was none, or something else. */
static int16_t loaded_since(const struct xp_lap *lap)
{
	int16_t slot = -1;
	int i;

	if (lap->depth < 0 || lap->seq != xp.fiber[xp.current].seq)
		return -1;
	for (i = lap->depth; i < xp.depth; i++) {
		const struct xp_level *l = &xp.level[i];

		if (l->agent != xp.current || l->kind == XP_CHOICE)
			continue;
		/* A signal that was taken has left a step of its handler, or nothing of it is seen. */
		if (l->kind == XP_POLL)
			continue;
		if ((l->kind != XP_LOAD && l->kind != XP_AWAIT) || slot >= 0)
			return -1;
		slot = l->slot;
	}
	return slot;
}

void xp_pause_at(void *site, const void *stack)
{
	struct xp_fiber *f = &xp.fiber[xp.current];
	struct xp_lap lap = { .depth = xp.depth, .seq = f->seq, .slot = -1 };
	struct xp_op op = { .kind = XP_AWAIT, .order = KICK_RELAXED, .size = xp.loaded_size, .a = xp.loaded,
			    .site = site };

	if (xp.setup || !stack)
		return;
	lap.slot = op.slot = loaded_since(&f->lap);
	if (lap.slot >= 0)
		lap.local = local_state(stack);
	if (lap.slot >= 0 && lap.slot == f->lap.slot && lap.local == f->lap.local) {
		op.p = (char *)xp.program->arena + 4 * op.slot;
		xp.model->load(&op);
		lap.slot = -1;
	}
	f->lap = lap;
}

/* Whoever took most of the last steps goes round, by way of its last load. */
void xp_find_loop(void)
{
	enum { TAIL = 128 };
	int steps[XP_FIBERS] = { 0 }, most = 0, slot = -1, i;

	if (xp.loop || xp.depth < TAIL)
		return;
	for (i = xp.depth - TAIL; i < xp.depth; i++)
		if (xp.level[i].agent < xp.n_fibers)
			steps[xp.level[i].agent]++;
	for (i = 0; i < xp.n_fibers; i++)
		most = steps[i] > steps[most] ? i : most;
	xp.loop_only_loads = most >= xp.program->n_vcpus;
	for (i = xp.depth - TAIL; i < xp.depth; i++) {
		const struct xp_level *l = &xp.level[i];

		if (l->agent != most || l->kind == XP_CHOICE || l->kind == XP_POLL)
			continue;
		xp.loop_only_loads &= l->kind == XP_LOAD && (slot < 0 || l->slot == slot);
		slot = l->slot;
		if (l->kind <= XP_LAST_ON_WORD)
			xp.loop = l->site;
	}
}
