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
	const volatile uint64_t *word = stack, *end = (const uint64_t *)(const void *)(f->stack + f->size);
	uint64_t a = 1, b = 2;

	for (; word + 1 < end; word += 2) { /* two chains: neither waits for the other */
		a = xp_mix(a, word[0]);
		b = xp_mix(b, word[1]);
	}
	return xp_mix(a, word < end ? xp_mix(b, *word) : b);
}

/* Of a thread that pauses: what its next pause will know of this turn. */
static uint64_t lap_state(const struct xp_fiber *f)
{
	int n = f->lap.seq != f->seq, slot = -1;
	uint64_t local;

	if (f->lap.depth < 0)
		return 0;
	for (int i = f->lap.depth; i < xp.depth; i++) {
		const struct xp_level *l = &xp.level[i];

		if (l->agent != f - xp.fiber || l->kind == XP_CHOICE || l->kind == XP_POLL)
			continue;
		n += xp_tells(l->kind) || l->kind == XP_AWAIT ? 1 : 2;
		slot = l->slot;
	}
	local = xp_mix(f->lap.local, f->lap.slot | f->lap.alike << 16);
	return xp_mix(local, n < 2 ? (uint64_t)n << 16 | (uint16_t)slot : 2);
}

bool xp_stands;

/*
 * What a kicker does next depends on its registers and its stack, on what it collects (the first of the
 * books), and on nothing else that it was told in this kick: who looks again and again is told much and
 * keeps little.  How far it is goes with it, so that no state comes again, and how far is known of each
 * state.  What is dead on the stack may tell states apart that are one; that is all.
 */
void xp_stand_at(void *unused, const void *stack)
{
	struct xp_fiber *f = &xp.fiber[xp.current];
	size_t part = xp.program->books[0].size / XP_FIBERS;
	const char *book = (const char *)xp.program->books[0].at + (size_t)xp.current * part;
	uint64_t hash;

	(void)unused;
	if (f->again-- > 0)
		return;
	hash = xp_mix(xp_local_state(stack), (uint64_t)f->stage << 32 | f->told);
	for (size_t i = 0; i < part / sizeof(uint64_t); i++)
		hash = xp_mix(hash, ((const uint64_t *)book)[i]);
	/* A fence is a step if there was any store before it; all else of buffers is part of the state. */
	hash = xp_mix(hash, (uint64_t)f->zeroed << 1 | (f->seq != 0));
	hash = xp_mix(hash, f->zeroed ? (uintptr_t)f->zeroed_last : 0);
	f->stand = xp_mix(hash, lap_state(f));
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

/* A fiber is about to do this: does it go round still?  A store may have been no step of its own. */
void xp_lap_goes_on(struct xp_fiber *f, enum xp_kind kind)
{
	struct xp_lap *lap = &f->lap;
	bool stored = lap->seq != f->seq;

	if ((kind == XP_POLL && !stored) || lap->depth < 0)
		return;
	if (stored)
		*lap = (struct xp_lap){ .depth = -1, .slot = -1 };
	else if (kind == XP_AWAIT || kind == XP_NAP || (xp_tells(kind) && !lap->loaded))
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
