// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Loops that wait by reading again.  All executions in which such a loop goes round once more are alike until
 * the word holds something else, so from a turn on that did nothing it is a wait for that.
 *
 * A turn, from one kick_pause() to the next, did nothing if it loaded one word, or tried in vain to
 * change it (cmpxchg() that fails, xchg() of what is there: memory.c), did nothing else that anybody sees,
 * wrote no plain field (shared.c), and left the thread's registers and stack as they were: then the next one
 * does the same if it finds the same.  A bounded retry counts somewhere, so it is none.  The first turn may
 * leave things on the stack for the first time, so it is the second and the third that are compared.
 *
 * Whoever doubts it has some of these turns explored as others are (xp_program.turns): there are more
 * executions then, and no other ends.
 *
 * Of a graph, the stores that such xchg()s would add hold what is there already: whoever reads one of
 * them could read what it replaces, and would be told less.
 */
#include "explore/engine/engine.h"

static const struct xp_site site_signal = { "(a signal comes first)", "", 0 };

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
		if ((!xp_tells(l->kind) && l->kind != XP_AWAIT) || slot >= 0)
			return -1;
		slot = l->slot;
	}
	return slot;
}

/* Stacks that are wiped are alike from the first turn on: engine.c. */
static bool same_turn(const struct xp_lap *before, const struct xp_lap *lap)
{
	return lap->slot >= 0 && lap->local == before->local &&
	       (xp_by_stack() || lap->slot == before->slot);
}

/*
 * What ends the wait: the word holds something else; or, of a thread that takes some, a signal, whose
 * handler runs and may end the loop.  Which of the two comes is a choice, and an end in which it was the
 * other is none: xp_end_is_real().
 */
static void wait_for(struct xp_op *op, bool signals)
{
	op->p = (char *)xp.program->arena + 4 * op->slot;
	op->cpu = xp_cpu();
	op->n = signals;
	if (!signals || !xp_choose(2, &site_signal)) {
		xp.model->load(op);
		return;
	}
	op->kind = XP_NAP;
	op->slot = XP_SLOT_PCPU + op->cpu;
	xp_point(op);
	xp_happened(op, true, 0);
}

static void pause_at(const struct xp_site *site, const void *stack, bool signals)
{
	struct xp_fiber *f = &xp.fiber[xp.current];
	struct xp_lap lap = { .depth = xp.depth, .seq = f->seq, .slot = -1 };
	struct xp_op op = { .kind = XP_AWAIT, .order = KICK_RELAXED, .size = xp.loaded_size, .a = xp.loaded,
			    .site = site };
	int turns = xp_by_stack() ? 0 : xp.program->turns; /* by stack one more is where the last one was */

	if (xp.setup || !stack)
		return;
	lap.slot = op.slot = loaded_since(&f->lap);
	if (lap.slot >= 0 || xp_by_stack())
		lap.local = xp_local_state(stack);
	if (same_turn(&f->lap, &lap) && f->lap.alike < turns) {
		lap.alike = f->lap.alike + 1;
	} else if (same_turn(&f->lap, &lap)) {
		wait_for(&op, signals);
		lap.slot = -1;
		if (xp_by_stack()) /* which is where it was before */
			lap.depth = xp.depth;
	}
	f->lap = lap;
}

void xp_pause_at(void *site, const void *stack)
{
	pause_at(site, stack, false);
}

void xp_pause_signals_at(void *site, const void *stack)
{
	pause_at(site, stack, true);
}
