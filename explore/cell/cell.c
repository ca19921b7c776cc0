// SPDX-License-Identifier: GPL-2.0-or-later
/* One cell: which search runs, when it stops, and what came of it. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "apart/where.h"
#include "explore/cell/cell.h"
#include "explore/cell/refusal.h"
#include "explore/model/models.h"
#include "explore/world/weaken.h"

enum { TICK = 1024, TICK_STEPS = 32 * TICK };
enum { MORE_TURNS = 2 }; /* of waits, where nothing is left out */

static uint64_t looked_at; /* the clock: at this step of the search */

/* Is it time to look at it?  An execution that goes on and on takes as long as many others. */
static bool is_tick(uint64_t tries)
{
	if (tries % TICK && xp.steps - looked_at < TICK_STEPS)
		return false;
	looked_at = xp.steps;
	return true;
}

/* Should the search go on? */
static bool go_on(const struct xp_cell *cell, const struct xp_options *options, uint64_t tries)
{
	if (options->enough && (cell->found & options->enough) == options->enough)
		return false;
	if (cell->found & options->any)
		return false;
	if (options->executions && xp.executions >= options->executions)
		return false;
	if (cell->status == XP_SAMPLED && xp.executions + xp.too_long >= options->samples)
		return false;
	if (!is_tick(tries))
		return true;
	if (options->strategy == XP_AUTO && options->late &&
	    options->late(options->arg, xp.executions))
		return false;
	return !options->tick || options->tick(options->arg, xp.executions);
}

/* Runs a search to its end: true, or until something stops it. */
static bool run_search(struct xp_cell *cell, const struct xp_options *options,
		       const struct xp_program *program, const struct xp_search *search)
{
	bool complete = false;
	uint64_t tries = 0;

	xp_begin(program, xp_find_model(cell->model), search);
	looked_at = xp.steps;
	do {
		xp_announce(tries);
		if (xp.error[0] || !xp_execute())
			break;
		if (xp.found)
			xp_keep(cell);
		if (xp.end == XP_ENDED)
			xp_check_again();
		tries++;
		complete = !xp.error[0] && !search->next();
	} while (!complete && !xp.error[0] && go_on(cell, options, tries));
	xp_take_totals(cell);
	if (search->fini)
		search->fini();
	return complete;
}

static void run_bounds(struct xp_cell *cell, const struct xp_options *options,
		       const struct xp_program *program)
{
	cell->status = XP_BOUND;
	for (cell->bound = 0; cell->bound <= options->bound; cell->bound++) {
		xp.bound = cell->bound;
		if (!run_search(cell, options, program, &xp_bounded)) {
			cell->status = XP_BUDGET;
			break;
		}
		/* Cut executions: what was looked at is not all within the bound; xp_cell_run() says so. */
		if (cell->found || xp.too_long)
			return;
	}
	cell->bound--;
}

/* The stateful walk: with fewer states, unless somebody looks at what is not part of them. */
static const struct xp_search *states_of(const struct xp_cell *cell)
{
	bool whole = cell->all_orders || cell->scenario.immediate;
	int i;

	for (i = 0; cell->weak && i < cell->weak->n; i++)
		whole |= cell->weak->one[i].to == XP_OWN;
	return whole ? &xp_stateful : &xp_reduced;
}

static bool walk_states(struct xp_cell *cell, const struct xp_options *options,
			const struct xp_program *program)
{
	cell->tried |= 1u << XP_STATEFUL;
	return run_search(cell, options, program, states_of(cell)) && !xp.error[0];
}

static bool prove(struct xp_cell *cell, const struct xp_options *options,
		  const struct xp_program *program)
{
	cell->tried |= 1u << XP_PROVE;
	return run_search(cell, options, program, &xp_dpor);
}

/* The prover's share is spent, and nothing else. */
static bool only_late(const struct xp_cell *cell, const struct xp_options *options)
{
	struct xp_options without = *options;

	without.late = NULL;
	return !xp.error[0] && go_on(cell, &without, TICK);
}

/*
 * Under rc11 the order of seq_cst accesses makes a graph's past matter, all of it.  Without that order
 * there are more executions, and none is missing: if nothing is found in them, nothing is to be found.
 */
static bool walk_weaker(struct xp_cell *cell, const struct xp_options *options,
			const struct xp_program *program)
{
	const struct xp_cell empty = *cell;
	bool through;

	if (!xp_find_model(cell->model)->graph)
		return false;
	xp_rc11_weaker(true);
	through = walk_states(cell, options, program);
	xp_rc11_weaker(false);
	if (through && !cell->found && !xp.too_long) {
		cell->weaker = true;
		return true;
	}
	if (!xp.error[0] || xp.spent)
		*cell = empty;
	return false;
}

/*
 * Threads of a VMM try again and again, which is many executions of few states.  But not of graphs of
 * which all is left, or when memory is spent and time is not.
 */
static bool run_threads(struct xp_cell *cell, const struct xp_options *options,
			const struct xp_options *late, const struct xp_program *program)
{
	const struct xp_cell empty = *cell;
	static struct xp_cell walked;
	bool through;

	xp_only_forgetting = true;
	through = walk_states(cell, options, program);
	xp_only_forgetting = false;
	if (through || !xp.spent || !go_on(cell, options, TICK))
		return through;
	walked = *cell;
	*cell = empty;
	cell->tried = walked.tried;
	cell->found = walked.found;
	cell->has_example = walked.has_example;
	cell->example = walked.example;
	if (!cell->found && walk_weaker(cell, late, program))
		return true;
	/* Its memory is spent, or its share of the time. */
	return (!xp.error[0] || xp.spent) && prove(cell, options, program);
}

/*
 * The prover first.  What it is not through with in its share of the time, the stateful walk may be: what is
 * read again and again makes many executions of few states.
 */
static bool run_auto(struct xp_cell *cell, const struct xp_options *options,
		     const struct xp_program *program)
{
	const struct xp_cell empty = *cell;
	struct xp_options unlimited = *options;
	static struct xp_cell proved;

	unlimited.late = NULL;
	if (program->by_stack)
		return run_threads(cell, &unlimited, options, program);
	if (prove(cell, options, program))
		return true;
	if (!only_late(cell, options))
		return false;
	proved = *cell;
	*cell = empty;
	cell->found = proved.found;
	cell->has_example = proved.has_example;
	cell->example = proved.example;
	/* Of graphs it is the last that is tried. */
	if (walk_states(cell, xp_find_model(cell->model)->graph ? &unlimited : options, program))
		return true;
	proved.tried |= cell->tried;
	proved.states = cell->states;
	proved.found |= cell->found;
	*cell = proved;
	if (!xp.spent && !only_late(cell, options))
		return false;
	/* Its memory is spent, or its share of the time. */
	*cell = empty;
	cell->tried = proved.tried;
	return prove(cell, &unlimited, program);
}

static bool take_for_granted(struct xp_assumed *all, const struct xp_assumed *more)
{
	for (int i = 0; i < more->n && all->n < XP_ASSUMED; i++)
		all->pair[all->n++] = more->pair[i];
	return more->n && all->n < XP_ASSUMED;
}

/*
 * On which dependencies the worst rests: those of an execution that shows it; with these taken for granted,
 * those of another one, until there is none.
 */
static void tell_dependency(struct xp_cell *cell, const struct xp_options *options,
			    const struct xp_program *program, const struct xp_cell *empty)
{
	struct xp_options until = *options;
	static struct xp_cell again;
	bool through;

	until.any = xp_worst(cell->rests);
	do {
		again = *empty;
		again.rests = until.any;
		for (int i = 0; i < cell->rests_on.n && again.assumed.n < XP_ASSUMED; i++)
			again.assumed.pair[again.assumed.n++] = cell->rests_on.pair[i];
		through = prove(&again, &until, program);
	} while (again.found & until.any && take_for_granted(&cell->rests_on, &again.rests_on));
	cell->rests_on_more = again.found & until.any || !through || xp.error[0];
}

/*
 * Where loads run ahead, dependencies keep some of them from it, and are not seen.  So first without any; and
 * if that finds something, as if every load came before the later stores of its thread.
 */
static bool prove_ahead(struct xp_cell *cell, const struct xp_options *options,
			const struct xp_program *program)
{
	const struct xp_cell empty = *cell;
	struct xp_options all = *options;
	static struct xp_cell ordered;
	bool complete;

	all.late = NULL; /* nobody else comes after it */
	xp_ahead_forget();
	do {
		*cell = empty;
		complete = prove(cell, &all, program);
	} while (complete && !xp.error[0] && xp_ahead_learned());
	cell->unasked = cell->found;
	if (!complete || xp.error[0] || !cell->found)
		return complete;
	ordered = empty;
	xp_ahead_dependencies(true);
	complete = prove(&ordered, &all, program);
	xp_ahead_dependencies(false);
	cell->unasked = cell->found & ~ordered.found;
	if (complete && !xp.error[0]) {
		cell->rests = cell->unasked;
		cell->unasked = 0;
	}
	if (cell->rests)
		tell_dependency(cell, &all, program, &empty);
	return complete;
}

static bool run_whole(struct xp_cell *cell, const struct xp_options *options,
		      const struct xp_program *program)
{
	if (xp_find_model(cell->model)->ahead)
		return prove_ahead(cell, options, program);
	switch (options->strategy) {
	case XP_STATEFUL:
		return walk_states(cell, options, program);
	case XP_COUNT:
		if (!run_search(cell, options, program, &xp_count))
			return false;
		if (!xp.error[0])
			xp_count_result(&cell->counts);
		return true;
	case XP_AUTO:
		return run_auto(cell, options, program);
	default:
		return prove(cell, options, program);
	}
}

static void run_strategy(struct xp_cell *cell, const struct xp_options *options,
			 const struct xp_program *program)
{
	xp.seed = options->seed;
	xp.pct_depth = options->pct_depth;
	xp.memory_limit = options->memory;
	if (options->bound >= 0) {
		run_bounds(cell, options, program);
		return;
	}
	if (options->strategy == XP_WALK || options->strategy == XP_PCT) {
		cell->status = XP_SAMPLED;
		run_search(cell, options, program, options->strategy == XP_WALK ? &xp_walk : &xp_pct);
		cell->unasked = xp_find_model(cell->model)->ahead ? cell->found : 0;
		return;
	}
	if (options->strategy == XP_ESTIMATE) {
		cell->status = XP_SAMPLED;
		run_search(cell, options, program, &xp_estimate);
		xp_estimate_result(&cell->estimated);
		return;
	}
	cell->status = XP_EXHAUSTIVE;
	if (options->parts && !xp_find_model(cell->model)->ahead) {
		xp_begin(program, xp_find_model(cell->model), &xp_dpor);
		if (!xp_run_parts(cell, options))
			cell->status = XP_BUDGET;
	} else if (!run_whole(cell, options, program)) {
		cell->status = XP_BUDGET;
	}
}

static bool proves(const struct xp_options *options)
{
	return (options->strategy == XP_PROVE || options->strategy == XP_AUTO ||
		options->strategy == XP_ESTIMATE) && options->bound < 0;
}

bool xp_cell_refused(struct xp_cell *cell, const struct xp_options *options)
{
	const char *na = xp_na(cell->backend, &cell->scenario);

	if (na) {
		cell->status = XP_NA;
		snprintf(cell->reason, sizeof(cell->reason), "%s", na);
		return true;
	}
	if (xp_find_model(cell->model)->ahead && cell->scenario.play != XP_KERNEL) {
		cell->status = XP_NA;
		snprintf(cell->reason, sizeof(cell->reason),
			 "threads of a VMM speak C11, not the kernel's words of %s", cell->model);
		return true;
	}
	if (xp_find_model(cell->model)->ahead && (options->bound >= 0 || options->strategy == XP_STATEFUL ||
						 options->strategy == XP_COUNT || cell->scenario.immediate)) {
		cell->status = XP_NA;
		snprintf(cell->reason, sizeof(cell->reason),
			 "under %s only the prover sees loads that run ahead", cell->model);
		return true;
	}
	if (xp_misdeclared(cell->backend, cell->reason, sizeof(cell->reason))) {
		cell->status = XP_FAILED;
		return true;
	}
	if (cell->scenario.immediate && proves(options)) {
		cell->status = XP_FAILED;
		snprintf(cell->reason, sizeof(cell->reason),
			 "what is judged whenever a kick returns takes the stateful walk");
		return true;
	}
	return false;
}

/* Which loop goes on, and what makes a wait of it. */
static void too_long(struct xp_cell *cell)
{
	const char *cure = xp.loop_only_loads ? "kick_pause() in each turn, or kick_wait(), makes it a wait" :
						"bound it, or wait by kick_wait()";
	int n = snprintf(cell->reason, sizeof(cell->reason), "%llu executions went on for more than %d steps",
			 (unsigned long long)cell->too_long, XP_LEVELS);

	if (xp.loop)
		snprintf(cell->reason + n, sizeof(cell->reason) - n,
			 ": a loop at %s:%d goes round by %.60s; %s", apart_from_root(xp.loop->file),
			 xp.loop->line, xp.loop->say, cure);
}

void xp_cell_finish(struct xp_cell *cell, const struct xp_options *options)
{
	unsigned int show = options->show ? options->show : ~0u;

	if (xp.error[0]) {
		xp_error_text(cell->scenario.name, cell->model, cell->reason, sizeof(cell->reason));
		cell->status = xp.unmodelled ? XP_NA : xp.spent ? XP_BUDGET : XP_FAILED;
		cell->failure = xp.refusal.what;
	} else if (cell->too_long && (cell->status == XP_EXHAUSTIVE || cell->status == XP_BOUND)) {
		too_long(cell);
		cell->status = XP_BUDGET;
	}
	if (cell->status == XP_FAILED || cell->status == XP_NA)
		cell->has_example = false;
	if (!cell->has_example || options->no_example)
		return;
	xp_guard_begin();
	xp_example_search(cell, options, xp_worst(cell->found & show));
	xp_guard_end();
	cell->has_example = xp_seal(cell);
}

static void make_program(const struct xp_cell *cell, struct xp_program *program)
{
	xp_scenario_program(cell->backend, &cell->scenario, program);
	if (cell->all_orders)
		program->turns = MORE_TURNS;
}

int xp_cell_run(struct xp_cell *cell, const struct xp_options *options)
{
	static struct xp_program program;

	if (!xp_find_model(cell->model))
		return -EINVAL;
	if (xp_cell_refused(cell, options))
		return 0;
	xp_weaken(cell->weak);
	make_program(cell, &program);
	xp_guard_begin();
	run_strategy(cell, options, &program);
	xp_guard_end();
	xp_cell_finish(cell, options);
	return 0;
}

bool xp_cell_split(struct xp_cell *cell, const struct xp_options *options, struct xp_parts *parts)
{
	static struct xp_program program;

	if (xp_cell_refused(cell, options))
		return false;
	xp_weaken(cell->weak);
	make_program(cell, &program);
	xp_guard_begin();
	xp_begin(&program, xp_find_model(cell->model), &xp_dpor);
	xp_split(parts);
	xp_guard_end();
	if (xp.error[0])
		xp_cell_finish(cell, options);
	return !xp.error[0];
}
