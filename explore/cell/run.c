// SPDX-License-Identifier: GPL-2.0-or-later
/* A set of cells: each is looked up or explored within its budget, whole or in parts, and handed out. */
#include <string.h>

#include "explore/cell/ask.h"
#include "explore/cell/cache.h"
#include "explore/cell/memory_room.h"
#include "explore/cell/parts_csv.h"
#include "explore/cell/row.h"

/* What is asked, and how far it is. */
struct cell_run {
	const struct xp_ask *ask;
	struct sink *sink;
	struct xp_budget all;
	size_t done;
	int failed; /* the first */
};

/* A cell's random executions under PCT, to stand beside its exact count. */
static void sample_pct(const struct xp_cell *cell, const struct xp_options *options, struct xp_cell *pct)
{
	struct xp_options sampling = *options;

	sampling.strategy = XP_PCT;
	sampling.no_example = true;
	*pct = (struct xp_cell){ .backend = cell->backend, .scenario = cell->scenario,
				 .model = cell->model };
	xp_cell_run(pct, &sampling);
}

static void explore(const struct xp_ask *ask, struct xp_cell *cell, struct xp_finding *f)
{
	static struct xp_cell pct;
	struct xp_options options = ask->options;
	struct xp_budget budget;

	xp_budget_begin(&budget, ask->seconds, ask->watcher);
	budget.news.cell = cell;
	options.tick = xp_budget_tick;
	options.late = xp_budget_late;
	options.arg = &budget;
	options.no_example |= options.strategy == XP_COUNT;
	options.memory = xp_memory_most(options.memory);
	if (xp_divided(&ask->division))
		xp_run_divided(&ask->division, &options, &budget, cell);
	else
		xp_cell_run(cell, &options);
	f->seconds = xp_budget_elapsed(&budget);
	if (cell->counts.n && cell->found) {
		sample_pct(cell, &options, &pct);
		f->pct = &pct;
	}
	if (options.no_example)
		cell->has_example = false;
}

static void tell_begin(const struct cell_run *run, const struct xp_cell *cell)
{
	const struct xp_ask *ask = run->ask;
	const struct xp_news news = { .cell = cell, .cells = run->done,
				      .of_cells = ask->n_backends * ask->n_scenarios * ask->n_models,
				      .cells_seconds = xp_budget_elapsed(&run->all) };

	xp_tell(ask->watcher, &news);
}

static void one_cell(struct cell_run *run, const struct xp_backend *backend,
		     const struct xp_scenario *scenario, const char *model)
{
	static struct xp_cell cell;
	const struct xp_ask *ask = run->ask;
	struct xp_finding f = { .cell = &cell, .expected = ask->expect,
				.declared = xp_declared(backend, scenario->name, xp_model_bit(model)) };
	int failed;

	cell = (struct xp_cell){ .backend = backend, .scenario = *scenario, .model = model,
				 .all_orders = ask->all_orders };
	tell_begin(run, &cell);
	f.cached = ask->cache && xp_cache_find(ask->cache, &cell, ask->seconds, &f.seconds);
	if (!f.cached)
		explore(ask, &cell, &f);
	if (!f.cached && ask->cache && !xp_stopped(ask->watcher) &&
	    (cell.status == XP_EXHAUSTIVE || cell.status == XP_BUDGET))
		xp_cache_keep(ask->cache, &cell, ask->seconds, f.seconds);
	run->done++;
	failed = xp_hand_out(&f, ask, run->sink);
	run->failed = run->failed ? run->failed : failed;
}

int xp_run(const struct xp_ask *ask, struct sink *sink)
{
	struct cell_run run = { .ask = ask, .sink = sink };
	size_t first = ask->by_scenario ? ask->n_scenarios : ask->n_backends;
	size_t second = ask->by_scenario ? ask->n_backends : ask->n_scenarios;
	size_t i, j, m;

	xp_budget_begin(&run.all, 0, NULL);
	for (i = 0; i < first; i++)
		for (j = 0; j < second; j++)
			for (m = 0; m < ask->n_models && !xp_stopped(ask->watcher); m++)
				one_cell(&run, ask->backend[ask->by_scenario ? j : i],
					 &ask->scenario[ask->by_scenario ? i : j], ask->model[m]);
	return run.failed;
}

int xp_run_example(const struct xp_ask *ask, const char *name, struct sink *sink, char *err,
		   size_t err_size)
{
	static struct xp_cell cell;
	const struct xp_finding f = { .cell = &cell };
	int failed = xp_example_replay(name, &cell, err, err_size);

	if (failed)
		return failed;
	cell.status = XP_BUDGET;
	cell.executions = 1;
	snprintf(cell.reason, sizeof(cell.reason), "replayed and verified");
	failed = xp_hand_out(&f, ask, sink);
	if (failed)
		snprintf(err, err_size, "%s", strerror(-failed));
	return failed;
}
