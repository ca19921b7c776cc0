// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The engine: runs executions.  Each one starts from the same memory, follows the levels that are
 * fixed, and asks the search about every further step.  The scheduler runs on the stack of whichever
 * fiber announces an operation, so a fiber that goes on costs no switch.
 */
#include "explore/engine/engine.h"

#include <string.h>

#include "explore/engine/checkpoint.h"

static __attribute__((noinline, cold)) void diverged(const struct xp_level *l, const struct xp_op *op)
{
	const struct xp_site *a = l->site, *b = op->site;

	xp_fail("%s is not deterministic: the same schedule came to %s (%s:%d) and then to %s (%s:%d)",
		xp.program->name, a->say, a->file, a->line, b->say, b->file, b->line);
}

/* Fills a level with what is about to happen there. */
static void fill(struct xp_level *l, int agent, const struct xp_op *op)
{
	l->agent = agent;
	l->kind = op->kind;
	l->slot = op->slot;
	l->site = op->site;
}

static void note_step(int agent)
{
	++xp.depth;
	xp.agent_last[agent] = xp.depth;
}

static int over(enum xp_end end)
{
	xp.end = end;
	return -1;
}

/* A step as in the execution before: most are. */
static int step_again(const struct xp_level *l)
{
	const struct xp_op *op = xp_pending(l->agent);

	if (__builtin_expect(op->site != l->site || op->slot != l->slot, false)) {
		diverged(l, op);
		return over(XP_ERROR);
	}
	return l->agent;
}

/* Keeps the state before this step; returns again whenever it is put back. */
static __attribute__((noinline)) void keep_state(void)
{
	xp.keeping = true;
	xp_fiber_switch(&xp.fiber[xp.current].fiber, &xp.main);
}

/* One that no earlier execution has fixed, or its agent at most.  Apart, so that the others stay short. */
static __attribute__((noinline)) int step_anew(struct xp_level *l)
{
	uint32_t enabled;
	int agent = l->agent;

	if (xp.depth >= XP_LEVELS - 1)
		return over(XP_TOO_LONG);
	if (xp.depth > xp.replay || !xp.forced) {
		enabled = xp_enabled();
		if (!enabled) {
			xp.end = XP_ENDED;
			if (xp.search->end)
				xp.search->end(); /* may say otherwise */
			if (xp.end == XP_ENDED &&
			    (!xp_end_is_real() || (xp.model->is_whole && !xp.model->is_whole())))
				xp.end = XP_PRUNED;
			return -1;
		}
		l->enabled = enabled;
		l->choices = 0;
		l->last = xp.last;
		l->dozing = l->fresh = 0;
		agent = xp.search->pick(enabled);
		if (agent < 0)
			return over(agent == XP_NOT_MINE ? XP_SKIPPED : XP_PRUNED);
		l->agent = agent;
		if (xp_checkpoint_wanted()) {
			keep_state();
			agent = l->agent; /* another one by now, it may be */
		}
	}
	fill(l, agent, xp_pending(agent));
	if (xp.search->take)
		xp.search->take(xp.depth, agent);
	return agent;
}

/*
 * How many steps each fiber takes again, from a level that was put back, or from the start (-1): where a
 * kicker stands is asked behind the last of them only.
 */
static void count_steps_again(int level)
{
	int i, from = level < 0 ? 0 : level;

	for (i = 0; i < xp.n_fibers; i++)
		xp.fiber[i].again = 0;
	for (i = from; i < xp.replay; i++)
		if (!xp.level[i].choices && xp.level[i].agent < xp.n_fibers)
			xp.fiber[xp.level[i].agent].again++;
	for (i = 0; i < xp.n_fibers && level >= 0; i++) /* each was asked before its first of these */
		xp.fiber[i].again -= xp.fiber[i].again > 0;
}

/* The agent of the next step, or -1: this execution is over. */
static int step(void)
{
	struct xp_level *l = &xp.level[xp.depth];
	int agent;

	if (xp.error[0])
		return over(XP_ERROR);
	agent = xp.depth < xp.replay ? step_again(l) : step_anew(l);
	if (agent < 0)
		return -1;
	xp.last = agent;
	note_step(agent);
	xp.steps++;
	return agent;
}

/* On the stack of the last fiber: a backend's view may fail, too. */
static __attribute__((noinline)) void leave(int self)
{
	if (xp.end == XP_ENDED) {
		xp.deciding = false;
		xp.looking = true;
		xp.found |= xp.program->judge();
		xp.looking = false;
	}
	xp_fiber_switch(&xp.fiber[self].fiber, &xp.main);
	__builtin_unreachable();
}

/* Returns when the current fiber may execute what it has announced. */
static void schedule(void)
{
	int self = xp.current, agent;

	xp.deciding = true;
	if (xp.starting < xp.n_fibers) {
		agent = xp.starting++;
		goto run;
	}
	for (;;) {
		agent = step();
		if (agent < 0)
			leave(self);
		if (agent < xp.n_fibers)
			break;
		xp.model->drain(agent);
	}
run:
	xp.deciding = false;
	if (agent == self)
		return;
	xp.current = agent;
	xp_stands = xp.stands && agent >= xp.program->n_vcpus;
	xp_fiber_switch(&xp.fiber[self].fiber, &xp.fiber[agent].fiber);
}

/*
 * What a fiber does next depends on its registers and stack, and on no more of what it was told: one that
 * tries again is where it was.  Words that are dead there may tell states apart that are one; that is all.
 */
static void look_where(void *arg, const void *stack)
{
	struct xp_fiber *f = arg;
	int number = (int)(f - xp.fiber);

	f->local = 0;
	if (!stack)
		return;
	f->local = xp_mix(xp_mix(xp_local_state(stack), number), f->cpu);
	/* A fence is a step if there was any store before it; all else of buffers is part of the state. */
	f->local = xp_mix(f->local, f->seq != 0);
	/* How far it is from waiting in a loop: spin.c. */
	xp_lap_goes_on(f, f->op->kind);
	f->local = xp_mix(f->local, f->lap.depth < 0 ? 0 : f->lap.local + f->lap.loaded);
	if (number >= xp.program->n_vcpus) /* outcomes are kickers' */
		f->local = xp_mix(f->local, f->zeroed);
}

void xp_point(struct xp_op *op)
{
	struct xp_fiber *f = &xp.fiber[xp.current];

	if (xp.looking)
		xp_refuse_looker(op->site);
	f->op = op;
	if (!xp_by_stack()) {
		schedule();
		return;
	}
	xp_fiber_look(f, look_where);
	schedule();
	xp_fiber_wipe();
}

/* A choice is a step that nobody can come in between: it follows the fiber's last one at once. */
int xp_branch(int n, const struct xp_site *site)
{
	struct xp_op op = { .kind = XP_CHOICE, .slot = -1, .n = n, .site = site };
	struct xp_level *l = &xp.level[xp.depth];

	if (xp.depth >= XP_LEVELS - 1)
		return 0;
	if (xp.depth > xp.replay || (xp.depth == xp.replay && !xp.forced)) {
		l->choices = n;
		l->choice = xp.search->choose ? xp.search->choose(n) : 0;
		l->enabled = l->todo = l->done = 0;
		l->last = xp.last;
	} else if (xp.depth < xp.replay && l->site != site) {
		diverged(l, &op);
	}
	if (xp.depth >= xp.replay) {
		fill(l, xp.current, &op);
		xp.fiber[xp.current].op = &op;
		if (xp.search->take)
			xp.search->take(xp.depth, xp.current);
	}
	note_step(xp.current);
	return l->choice;
}

int xp_choose(int n, const struct xp_site *site)
{
	struct xp_op op = { .kind = XP_CHOICE, .slot = -1, .n = n, .site = site };

	op.a = xp_branch(n, site);
	xp_note(op.a);
	xp_trace(&op, op.a);
	return op.a;
}

void xp_abandon(enum xp_end end)
{
	xp.end = end;
	xp_fiber_switch(&xp.fiber[xp.current].fiber, &xp.main);
	__builtin_unreachable();
}

static void fiber_main(void)
{
	xp.program->run(xp.current);
	xp.fiber[xp.current].done = true;
	schedule();
	__builtin_unreachable();
}

enum { SEEN_STACK = 4096, LOOP_TAIL = 128 };

static void reset(void)
{
	int i;

	memcpy(xp.program->arena, xp.start, xp.program->size);
	memset(xp.pcpu, 0, sizeof(xp.pcpu));
	memset(xp.stint, 0, sizeof(xp.stint));
	memset(xp.agent_last, 0, sizeof(xp.agent_last));
	memset(&xp.ipis, 0, sizeof(xp.ipis));
	for (i = 0; i < xp.n_fibers; i++) {
		struct xp_fiber *f = &xp.fiber[i];

		if (xp_by_stack() || xp.stands) /* nothing of executions before */
			memset(f->fiber.stack + f->fiber.size - SEEN_STACK, 0, SEEN_STACK);
		xp_fiber_prepare(&f->fiber, fiber_main);
		f->history = f->stand = xp_mix(0x5851f42d4c957f2du, i);
		f->cpu = xp.program->cpu[i];
		f->done = f->peeks = false;
		f->handler = NULL;
		f->stage = f->told = 0;
		f->zeroed = 0;
		f->local = 0;
		f->lap = (struct xp_lap){ .depth = -1, .slot = -1 };
		f->n_loads = f->n_holds = 0;
		f->seq = f->barrier = f->buffered = 0;
	}
	xp.depth = 0;
	xp.found = 0;
	xp.sleep = 0;
	xp.last = XP_NOBODY;
	xp.starting = 1;
	xp.current = 0;
	xp.n_records = 0;
	xp.op_hash = 0;
	xp_stands = xp.deciding = false;
}

/* At the start, or at a state that is kept. */
static void begin_execution(void)
{
	int level;

	xp.attempt++;
	xp.notes = xp.search->hashes || xp.ends || xp.checked;
	if (xp.model->rewind)
		xp.model->rewind(xp.replay);
	level = xp_checkpoint_resume();
	if (level < 0)
		reset();
	else if (xp.model->resume)
		xp.model->resume(level);
	if (xp.stands)
		count_steps_again(level);
}

static void collect_end(void)
{
	uint64_t hash[2];

	xp_hash_state(hash);
	if (xp_set_add(xp.ends, hash, NULL) < 0)
		xp_fail("no memory for final states");
}

/* From the main stack; returns when a fiber gives it back, or is taken off it: guard.c. */
static void enter(void)
{
	xp.looking = xp.keeping = false;
	do {
		if (xp.keeping)
			xp_checkpoint_save();
		xp.keeping = false;
		xp.inside = true;
		xp_fiber_switch(&xp.main, &xp.fiber[xp.current].fiber);
		xp.inside = false;
	} while (xp.keeping);
}

bool xp_execute(void)
{
	if (xp.error[0])
		return false;
	begin_execution();
	enter();
	if (xp.end == XP_ENDED && xp.ends)
		collect_end();
	if (xp.model->ahead && xp.end != XP_ENDED) /* it may have read what nobody stores */
		xp.found = 0;
	xp.executions += xp.end == XP_ENDED;
	xp.pruned += xp.end == XP_PRUNED;
	xp.too_long += xp.end == XP_TOO_LONG;
	if (xp.end == XP_TOO_LONG && xp.depth >= LOOP_TAIL)
		xp_find_loop(xp.depth - LOOP_TAIL);
	if (xp.depth > xp.max_levels)
		xp.max_levels = xp.depth;
	if (xp.ipis.stale > xp.max_stale)
		xp.max_stale = xp.ipis.stale;
	if (xp.ipis.dropped > xp.max_dropped)
		xp.max_dropped = xp.ipis.dropped;
	return !xp.error[0];
}

void xp_restart(void)
{
	memset(xp.last_on_slot, -1, sizeof(xp.last_on_slot));
	xp.executions = xp.pruned = xp.too_long = xp.steps = xp.states = 0;
	xp.max_levels = 0;
	xp.max_stale = xp.max_dropped = 0;
	xp.replay = 0;
	xp.forced = false;
}

static void setup_main(void)
{
	xp.program->setup();
	xp_fiber_switch(&xp.fiber[0].fiber, &xp.main);
	__builtin_unreachable();
}

/* On a fiber's stack, as everything of a backend. */
static void setup(const struct xp_program *program)
{
	xp.setup = true;
	xp.deciding = false;
	xp.current = xp.depth = 0;
	xp.fiber[0].cpu = program->cpu[0];
	memset(program->arena, 0, program->size);
	xp_fiber_prepare(&xp.fiber[0].fiber, setup_main);
	enter();
	memcpy(xp.start, program->arena, program->size);
	xp.setup = false;
}

void xp_begin(const struct xp_program *program, const struct xp_model *model,
	      const struct xp_search *search)
{
	int i;

	xp.error[0] = 0;
	xp.spent = xp.unmodelled = false;
	xp.refusal = (struct xp_refusal){ 0 };
	xp.loop = NULL;
	xp_shared_begin();
	xp_checkpoints_forget();
	xp.program = program;
	xp.model = model;
	xp.search = search;
	xp.n_fibers = xp.n_agents = program->n_fibers;
	xp.forgets = search->forgets;
	xp.stands = search->forgets && program->kicks_by_stack;
	xp_stands = false;
	for (i = 0; i < XP_FIBERS; i++) {
		if (!xp.fiber[i].fiber.stack && xp_fiber_init(&xp.fiber[i].fiber, XP_STACK))
			xp_fail("no memory for fibers");
		xp.fiber[i].n_lanes = 0;
	}
	xp_restart();
	if (model->begin)
		model->begin();
	if (program->size > sizeof(xp.start))
		xp_fail("%s has more than %d bytes of state", program->name, XP_ARENA);
	if (xp.error[0])
		return;
	setup(program);
	if (search->start)
		search->start();
}
