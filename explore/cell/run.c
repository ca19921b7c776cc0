// SPDX-License-Identifier: GPL-2.0-or-later
/* A set of cells: each is looked up or explored within its budget, whole or in parts, and handed out. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "explore/cell/ask.h"
#include "explore/cell/cache.h"
#include "explore/cell/errand.h"
#include "explore/cell/memory_room.h"
#include "explore/cell/parts_csv.h"
#include "explore/cell/row.h"
#include "explore/cell/witness.h"
#include "explore/cell/workers.h"
#include "explore/model/models.h"

/* What is asked, and how far it is. */
struct cell_run {
	const struct xp_ask *ask;
	struct sink *sink;
	struct xp_budget all;
	int workers; /* that share the cells */
	size_t done;
	double share;  /* of deepen: what each cell has now; 0: what is left, evenly */
	size_t waiting; /* of deepen: cells that are still to come in the last round */
	bool found;
	bool died; /* in a cell: it takes seconds to see that it stands still */
	bool wants_example; /* of deepen: this one found something, and had no time to show it */
	int failed; /* the first */
};

#define MOMENT_S .02
#define EXAMPLE_S .5

/* A cell's random executions under PCT, to stand beside its exact count. */
static void sample_pct(const struct xp_cell *cell, const struct xp_options *options, struct xp_budget *budget,
		       struct xp_cell *pct)
{
	struct xp_options sampling = *options;
	struct xp_errand errand = { .work = xp_errand_cell, .cell = pct, .options = &sampling,
				    .budget = budget };

	sampling.strategy = XP_PCT;
	sampling.no_example = true;
	*pct = (struct xp_cell){ .backend = cell->backend, .scenario = cell->scenario,
				 .model = cell->model };
	xp_errand_run(&errand);
}

/* What a cell has now; below 0: nothing, not even a look. */
static double seconds_of(const struct cell_run *run)
{
	const struct xp_ask *ask = run->ask;
	double left = ask->seconds_in_all - xp_budget_elapsed(&run->all);

	if (ask->deepen && run->share > 0)
		left = left < run->share ? left : run->share;
	else if (ask->deepen)
		left = run->wants_example ? EXAMPLE_S
		       : run->found	  ? 0
					  : left / (double)(run->waiting ? run->waiting : 1);
	if (!(ask->seconds_in_all > 0) || (ask->seconds > 0 && left > ask->seconds))
		return ask->seconds;
	if (left < -ask->seconds_in_all / 4 && !ask->deepen)
		return -1; /* moments add up, too */
	return left > MOMENT_S ? left : MOMENT_S;
}

static void explore(const struct cell_run *run, struct xp_errand *e, struct xp_finding *f)
{
	const struct xp_ask *ask = run->ask;
	static struct xp_cell pct;
	struct xp_options options = ask->options;
	double seconds = seconds_of(run);
	struct xp_budget budget;

	xp_budget_begin(&budget, seconds, ask->watcher);
	budget.news.cell = e->cell;
	options.tick = xp_budget_tick;
	options.late = xp_budget_late;
	options.arg = &budget;
	options.no_example |= options.strategy == XP_COUNT;
	options.brief = ask->deepen && run->found;
	options.memory = xp_memory_most(options.memory, run->workers);
	e->work = xp_errand_cell;
	e->options = &options;
	e->budget = &budget;
	e->want_all = ask->all_steps;
	if (seconds < 0)
		e->cell->status = XP_BUDGET;
	else if (!ask->division.of_cells && xp_divided(&ask->division) &&
		 !xp_find_model(e->cell->model)->ahead)
		xp_run_divided(&ask->division, e);
	else
		xp_errand_run(e);
	f->seconds = xp_budget_elapsed(&budget);
	if (e->cell->counts.n && e->cell->found) {
		sample_pct(e->cell, &options, &budget, &pct);
		f->pct = &pct;
	}
	if (options.no_example)
		e->cell->has_example = false;
}

static size_t n_cells(const struct xp_ask *ask)
{
	return ask->names ? ask->names->n : ask->n_backends * ask->n_scenarios * ask->n_models;
}

static void tell_begin(const struct cell_run *run, const struct xp_cell *cell)
{
	const struct xp_ask *ask = run->ask;
	const struct xp_news news = { .cell = cell, .cells = run->done, .of_cells = n_cells(ask),
				      .cells_seconds = xp_budget_elapsed(&run->all) };

	xp_tell(ask->watcher, &news);
}

/* Where a backend stands still in every cell, the time would go with each of them. */
static bool leaves_out(const struct cell_run *run, struct xp_cell *cell)
{
	const char *na;

	if (!run->ask->deepen || !run->died || xp_budget_elapsed(&run->all) < run->ask->seconds_in_all)
		return false;
	na = xp_na(cell->backend, &cell->scenario);
	cell->status = na ? XP_NA : XP_BUDGET;
	snprintf(cell->reason, sizeof(cell->reason), "%s", na ? na : "");
	return true;
}

/* The cell at this place of the order in which they are asked for. */
static int cell_at(const struct xp_ask *ask, size_t place, struct xp_cell *cell)
{
	size_t pair = place / ask->n_models, n = ask->by_scenario ? ask->n_backends : ask->n_scenarios;
	size_t outer = pair / n, inner = pair % n;

	if (ask->names)
		return xp_cell_named(ask->names->name[place], cell) ? -EINVAL : 0;
	*cell = (struct xp_cell){ .backend = ask->backend[ask->by_scenario ? inner : outer],
				  .scenario = ask->scenario[ask->by_scenario ? outer : inner],
				  .model = ask->model[place % ask->n_models],
				  .all_orders = ask->all_orders };
	return 0;
}

static struct xp_finding finding(const struct xp_ask *ask, const struct xp_cell *cell,
				 const struct xp_errand *errand)
{
	return (struct xp_finding){ .cell = cell, .errand = errand, .expected = ask->expect,
				    .declared = xp_declared(cell->backend, cell->scenario.name,
							    xp_model_bit(cell->model)) };
}

static bool is_cached(const struct xp_ask *ask, struct xp_cell *cell, double *seconds)
{
	return ask->cache && xp_cache_find(ask->cache, cell, ask->seconds, seconds);
}

/* Into the cache, and to the sink. */
static void finish(struct cell_run *run, const struct xp_finding *f)
{
	const struct xp_ask *ask = run->ask;
	const struct xp_cell *cell = f->cell;
	int failed;

	if (!f->cached && ask->cache && !xp_stopped(ask->watcher) &&
	    !cell->rests && !cell->unasked && (cell->status == XP_EXHAUSTIVE || cell->status == XP_BUDGET))
		xp_cache_keep(ask->cache, cell, ask->seconds, f->seconds);
	run->done++;
	failed = xp_hand_out(f, ask, run->sink);
	run->failed = run->failed ? run->failed : failed;
}

/* False: it is not decided, and will come again. */
static bool one_cell(struct cell_run *run, size_t place)
{
	static struct xp_cell cell;
	const struct xp_ask *ask = run->ask;
	struct xp_errand errand = { .cell = &cell };
	struct xp_finding f;
	bool again;

	if (cell_at(ask, place, &cell)) {
		run->failed = -EINVAL;
		return true;
	}
	f = finding(ask, &cell, &errand);
	tell_begin(run, &cell);
	f.cached = is_cached(ask, &cell, &f.seconds);
	if (!f.cached && !leaves_out(run, &cell))
		explore(run, &errand, &f);
	run->died |= cell.status == XP_FAILED;
	run->found |= cell.found && !strcmp(kick_grade(cell.found), "fault");
	run->wants_example = cell.found && !cell.has_example;
	again = ask->deepen && run->share > 0 && cell.status == XP_BUDGET &&
		(!cell.found || run->wants_example) && !xp_stopped(ask->watcher);
	if (!again)
		finish(run, &f);
	xp_errand_fini(&errand);
	return !again;
}

enum { DONE, WAITS, WAITS_TO_SHOW };

/*
 * Of n cells those that wait, each with more time than before, until all are decided or the time
 * is up.
 */
static void deepen(struct cell_run *run, unsigned char *waits, size_t n)
{
	const struct xp_ask *ask = run->ask;
	bool last = false;

	run->waiting = n;
	for (run->share = ask->seconds_in_all / 100; run->waiting && !last; run->share *= 4) {
		last = run->found || xp_budget_elapsed(&run->all) + run->share * (double)run->waiting >
					     ask->seconds_in_all;
		/* The first round is for all: what is decided soon is decided. */
		last &= run->waiting < n || run->share > ask->seconds_in_all / 50;
		run->share = last ? 0 : run->share;
		for (size_t i = 0; i < n && !xp_stopped(ask->watcher); i++) {
			if (!waits[i])
				continue;
			run->wants_example = waits[i] == WAITS_TO_SHOW;
			if (one_cell(run, i))
				waits[i] = DONE;
			else
				waits[i] = run->wants_example ? WAITS_TO_SHOW : WAITS;
			run->waiting -= !waits[i];
		}
		if (xp_stopped(ask->watcher))
			break;
	}
}

static int run_deepening(struct cell_run *run)
{
	size_t n = n_cells(run->ask);
	unsigned char *waits = malloc(n);

	if (!waits)
		return -ENOMEM;
	memset(waits, WAITS, n);
	deepen(run, waits, n);
	free(waits);
	xp_errands_end();
	return run->failed;
}

/* What came of a cell before it is the turn of its row. */
struct come {
	double seconds;
	bool cached;
	struct xp_cell cell;
};

/* Cells that workers share; their rows come in the order of the cells all the same. */
struct cell_crew {
	struct cell_run *run;
	struct come **come; /* by place; NULL: not yet, or handed out */
	size_t n, next;	    /* the place whose row is next */
};

static void hand_out_in_order(struct cell_crew *crew)
{
	static const struct xp_errand none;

	for (; crew->next < crew->n && crew->come[crew->next]; crew->next++) {
		struct come *come = crew->come[crew->next];
		struct xp_finding f = finding(crew->run->ask, &come->cell, &none);

		f.seconds = come->seconds;
		f.cached = come->cached;
		finish(crew->run, &f);
		free(come);
		crew->come[crew->next] = NULL;
	}
}

/* In a worker. */
static double work_on(void *arg, uint64_t place, struct xp_cell *cell, const struct xp_watcher *watcher)
{
	const struct cell_crew *crew = arg;
	struct xp_ask ask = *crew->run->ask;
	struct cell_run run = *crew->run;
	struct xp_errand errand = { .cell = cell };
	struct xp_finding f = { .cell = cell };

	ask.watcher = watcher;
	run.ask = &ask;
	if (!cell_at(&ask, place, cell))
		explore(&run, &errand, &f);
	xp_errand_fini(&errand);
	return f.seconds;
}

static int keep(struct cell_crew *crew, size_t place, struct come come)
{
	crew->come[place] = malloc(sizeof(come));
	if (!crew->come[place])
		return -ENOMEM;
	*crew->come[place] = come;
	return 0;
}

static void arrived(void *arg, uint64_t place, const struct xp_cell *said, double seconds)
{
	static struct xp_cell asked;
	static struct come come;
	struct cell_crew *crew = arg;
	struct cell_run *run = crew->run;

	if (place >= crew->n || crew->come[place] || cell_at(run->ask, place, &asked))
		return;
	come = (struct come){ .seconds = seconds, .cell = *said };
	xp_cell_check(&come.cell, &asked);
	if (keep(crew, place, come))
		run->failed = -ENOMEM;
	hand_out_in_order(crew);
	tell_begin(run, &asked);
}

/* Those that the cache has are there already; the others are for the workers. */
static int list_todo(struct cell_crew *crew, uint64_t *todo, size_t *n_todo)
{
	static struct come come;
	int failed = 0;

	for (size_t i = 0; i < crew->n && !failed; i++) {
		come = (struct come){ .cached = true };
		failed = cell_at(crew->run->ask, i, &come.cell);
		if (!failed && is_cached(crew->run->ask, &come.cell, &come.seconds))
			failed = keep(crew, i, come);
		else
			todo[(*n_todo)++] = i;
	}
	return failed;
}

/* A worker has died: what it was at is not known, and nor is what nobody was left for. */
static void hand_out_failed(struct cell_crew *crew, const char *reason)
{
	static struct come come;

	while (crew->next < crew->n && !crew->run->failed) {
		come = (struct come){ 0 };
		crew->run->failed = cell_at(crew->run->ask, crew->next, &come.cell);
		come.cell.status = XP_FAILED;
		snprintf(come.cell.reason, sizeof(come.cell.reason), "%s", reason);
		if (keep(crew, crew->next, come))
			crew->run->failed = -ENOMEM;
		hand_out_in_order(crew);
	}
}

static int run_crew(struct cell_run *run)
{
	static struct xp_cell cell; /* of no use but for a failure */
	const struct xp_ask *ask = run->ask;
	struct cell_crew crew = { .run = run, .n = n_cells(ask) };
	uint64_t *todo = calloc(crew.n + 1, sizeof(*todo));
	struct xp_workers workers = { .cell = &cell, .options = &ask->options, .watcher = ask->watcher,
				      .n = run->workers, .todo = todo, .work_on = work_on,
				      .arrived = arrived, .arg = &crew };

	crew.come = calloc(crew.n + 1, sizeof(*crew.come));
	cell = (struct xp_cell){ .backend = ask->backend[0], .scenario = ask->scenario[0],
				 .model = ask->model[0] };
	run->failed = todo && crew.come ? list_todo(&crew, todo, &workers.n_todo) : -ENOMEM;
	if (!run->failed)
		hand_out_in_order(&crew);
	if (!run->failed && workers.n_todo && xp_workers_run(&workers) && !xp_stopped(ask->watcher))
		hand_out_failed(&crew, cell.reason);
	/* Where it was stopped, some are known behind others that are not. */
	for (; crew.come && crew.next < crew.n; crew.next++)
		hand_out_in_order(&crew);
	free(crew.come);
	free(todo);
	return run->failed;
}

int xp_run(const struct xp_ask *ask, struct sink *sink)
{
	struct cell_run run = { .ask = ask, .sink = sink, .workers = 1 };
	size_t n = n_cells(ask);
	int failed;

	xp_budget_begin(&run.all, 0, NULL);
	if (ask->deepen)
		return run_deepening(&run);
	if (ask->division.of_cells && xp_divided(&ask->division)) {
		run.workers = xp_memory_workers(ask->division.jobs);
		return run_crew(&run);
	}
	failed = ask->division.resume ? xp_parts_begin(ask) : 0;
	for (size_t i = 0; i < n && !failed && !xp_stopped(ask->watcher); i++)
		one_cell(&run, i);
	xp_errands_end();
	return failed ? failed : run.failed;
}
