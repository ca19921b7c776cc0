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
#include "explore/model/models.h"

/* What is asked, and how far it is. */
struct cell_run {
	const struct xp_ask *ask;
	struct sink *sink;
	struct xp_budget all;
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
	options.memory = xp_memory_most(options.memory);
	e->work = xp_errand_cell;
	e->options = &options;
	e->budget = &budget;
	e->want_all = ask->all_steps;
	if (seconds < 0)
		e->cell->status = XP_BUDGET;
	else if (xp_divided(&ask->division) && !xp_find_model(e->cell->model)->ahead)
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

/* False: it is not decided, and will come again. */
static bool one_cell(struct cell_run *run, const struct xp_backend *backend,
		     const struct xp_scenario *scenario, const char *model)
{
	static struct xp_cell cell;
	const struct xp_ask *ask = run->ask;
	struct xp_errand errand = { .cell = &cell };
	struct xp_finding f = { .cell = &cell, .errand = &errand, .expected = ask->expect,
				.declared = xp_declared(backend, scenario->name, xp_model_bit(model)) };
	int failed;

	cell = (struct xp_cell){ .backend = backend, .scenario = *scenario, .model = model,
				 .all_orders = ask->all_orders };
	tell_begin(run, &cell);
	f.cached = ask->cache && xp_cache_find(ask->cache, &cell, ask->seconds, &f.seconds);
	if (!f.cached && !leaves_out(run, &cell))
		explore(run, &errand, &f);
	run->died |= cell.status == XP_FAILED;
	run->found |= cell.found && !strcmp(kick_grade(cell.found), "fault");
	run->wants_example = cell.found && !cell.has_example;
	if (ask->deepen && run->share > 0 && cell.status == XP_BUDGET &&
	    (!cell.found || run->wants_example) && !xp_stopped(ask->watcher)) {
		xp_errand_fini(&errand);
		return false;
	}
	if (!f.cached && ask->cache && !xp_stopped(ask->watcher) &&
	    !cell.rests && (cell.status == XP_EXHAUSTIVE || cell.status == XP_BUDGET))
		xp_cache_keep(ask->cache, &cell, ask->seconds, f.seconds);
	run->done++;
	failed = xp_hand_out(&f, ask, run->sink);
	xp_errand_fini(&errand);
	run->failed = run->failed ? run->failed : failed;
	return true;
}

enum { DONE, WAITS, WAITS_TO_SHOW };

/*
 * Of n cells those that wait, each with more time than before, until all are decided or the time
 * is up.
 */
static void deepen(struct cell_run *run, unsigned char *waits, size_t n)
{
	const struct xp_ask *ask = run->ask;
	size_t per_backend = ask->n_scenarios * ask->n_models;
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
			if (one_cell(run, ask->backend[i / per_backend],
				     &ask->scenario[i % per_backend / ask->n_models],
				     ask->model[i % ask->n_models]))
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

static int run_named(struct cell_run *run)
{
	static struct xp_cell cell;
	struct xp_ask ask = *run->ask;

	run->ask = &ask;
	for (size_t i = 0; i < ask.names->n && !xp_stopped(ask.watcher); i++) {
		if (xp_cell_named(ask.names->name[i], &cell))
			return -EINVAL;
		ask.all_orders = cell.all_orders;
		one_cell(run, cell.backend, &cell.scenario, cell.model);
	}
	xp_errands_end();
	return run->failed;
}

int xp_run(const struct xp_ask *ask, struct sink *sink)
{
	struct cell_run run = { .ask = ask, .sink = sink };
	size_t first = ask->by_scenario ? ask->n_scenarios : ask->n_backends;
	size_t second = ask->by_scenario ? ask->n_backends : ask->n_scenarios;
	size_t i, j, m;
	int failed;

	xp_budget_begin(&run.all, 0, NULL);
	if (ask->deepen)
		return run_deepening(&run);
	if (ask->names)
		return run_named(&run);
	failed = ask->division.resume ? xp_parts_begin(ask) : 0;
	if (failed)
		return failed;
	for (i = 0; i < first; i++)
		for (j = 0; j < second; j++)
			for (m = 0; m < ask->n_models && !xp_stopped(ask->watcher); m++)
				one_cell(&run, ask->backend[ask->by_scenario ? j : i],
					 &ask->scenario[ask->by_scenario ? i : j], ask->model[m]);
	xp_errands_end();
	return run.failed;
}

/* Of a replay. */
struct says {
	int failed;
	char err[300];
};

static void replay(struct xp_errand *e)
{
	const char *name = e->arg;
	struct says *says = e->more;

	says->failed = xp_example_replay(name, e->cell, says->err, sizeof(says->err));
}

static int run_again(const struct xp_ask *ask, const char *name, struct xp_errand *e, char *err,
		     size_t err_size)
{
	static const struct xp_options options = { .bound = -1 };
	struct says says = { 0 };
	int failed = xp_example_cell(name, e->cell, err, err_size);

	if (failed)
		return failed;
	e->work = replay;
	e->options = &options;
	e->want_all = ask->all_steps;
	e->arg = (void *)name;
	e->more = &says;
	e->more_size = sizeof(says);
	if (!xp_errand_run(e) || e->cell->status == XP_FAILED) {
		snprintf(err, err_size, "%s", e->cell->reason);
		return -ESTALE;
	}
	says.err[sizeof(says.err) - 1] = 0;
	snprintf(err, err_size, "%s", says.err);
	return says.failed;
}

int xp_run_example(const struct xp_ask *ask, const char *name, struct sink *sink, char *err,
		   size_t err_size)
{
	static struct xp_cell cell;
	struct xp_errand errand = { .cell = &cell };
	const struct xp_finding f = { .cell = &cell, .errand = &errand };
	int failed = run_again(ask, name, &errand, err, err_size);

	if (!failed) {
		cell.status = XP_BUDGET;
		cell.executions = 1;
		snprintf(cell.reason, sizeof(cell.reason), "replayed and verified");
		failed = xp_hand_out(&f, ask, sink);
		if (failed)
			snprintf(err, err_size, "%s", strerror(-failed));
	}
	xp_errand_fini(&errand);
	xp_errands_end();
	return failed;
}

/* Of xp_run_again(): what the child says. */
struct came_of_it {
	enum xp_again again;
	char text[200];
};

static void again(struct xp_errand *e)
{
	struct came_of_it *came = e->more;
	const struct xp_backend *const *backend = e->arg;

	came->again = xp_example_again(backend[0], (const char *)backend[1], e->cell, came->text,
				       sizeof(came->text));
}

enum xp_again xp_run_again(const struct xp_backend *backend, const char *name, char *text, size_t size)
{
	static struct xp_cell cell;
	static const struct xp_options options = { .bound = -1 };
	struct came_of_it came = { .again = XP_UNFIT };
	const void *arg[] = { backend, name };
	struct xp_errand errand = { .work = again, .cell = &cell, .options = &options, .arg = arg,
				    .more = &came, .more_size = sizeof(came) };

	cell = (struct xp_cell){ .backend = backend, .scenario = *xp_preset("one-kick"), .model = "sc" };
	if (!xp_errand_run(&errand) || cell.status == XP_FAILED)
		snprintf(came.text, sizeof(came.text), "%.190s", cell.reason);
	xp_errand_fini(&errand);
	xp_errands_end();
	snprintf(text, size, "%s", came.text);
	return came.again;
}
