// SPDX-License-Identifier: GPL-2.0-or-later
/* What is known of fibers that go round: their stacks, whether they do nothing else, where the loop is. */
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
UNCHECKED uint64_t xp_local_state(const void *stack)
{
	const struct xp_context *f = &xp.fiber[xp.current].fiber;
	const volatile uint64_t *word = stack;
	uint64_t hash = 1;

	for (; (const char *)word < f->stack + f->size; word++)
		hash = xp_mix(hash, *word);
	return hash;
}

bool xp_end_is_real(void)
{
	for (int i = 0; i < xp.n_fibers; i++) {
		const struct xp_op *op = xp.fiber[i].op;

		if (xp.fiber[i].done)
			continue;
		if (op->kind == XP_AWAIT && op->n && xp.pcpu[op->cpu].pending)
			return false;
		if (op->kind == XP_NAP && op->p && xp_word_is_fresh(i, op))
			return false;
	}
	return true;
}

/* A fiber is about to do this: does it go round still? */
void xp_lap_goes_on(struct xp_lap *lap, enum xp_kind kind)
{
	if (kind == XP_POLL || lap->depth < 0)
		return;
	if (kind == XP_AWAIT || kind == XP_NAP || (kind == XP_LOAD && !lap->loaded))
		lap->loaded = true;
	else
		*lap = (struct xp_lap){ .depth = -1, .slot = -1 };
}

/*
 * Whoever took most of the steps from there on goes round, by way of its last load.  A vCPU's thread of a
 * VMM goes round anyway: who kicks is who does not return.
 */
void xp_find_loop(int from)
{
	int steps[XP_FIBERS] = { 0 }, most = 0, slot = -1, i;

	if (xp.loop)
		return;
	for (i = from; i < xp.depth; i++)
		if (xp.level[i].agent < xp.n_fibers)
			steps[xp.level[i].agent]++;
	for (i = 0; i < xp.program->n_vcpus && xp.program->by_stack; i++)
		steps[i] = steps[i] > 0;
	for (i = 0; i < xp.n_fibers; i++)
		most = steps[i] > steps[most] ? i : most;
	xp.loop_only_loads = most >= xp.program->n_vcpus;
	for (i = from; i < xp.depth; i++) {
		const struct xp_level *l = &xp.level[i];

		if (l->agent != most || l->kind == XP_CHOICE || l->kind == XP_POLL)
			continue;
		xp.loop_only_loads &= l->kind == XP_LOAD && (slot < 0 || l->slot == slot);
		slot = l->slot;
		if (l->kind <= XP_LAST_ON_WORD)
			xp.loop = l->site;
	}
}
