// SPDX-License-Identifier: GPL-2.0-or-later
/* From the trials of a study to its rows. */
#include "explore/study/weaken_rows.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "explore/cell/errand.h"
#include "explore/cell/memory_room.h"
#include "explore/cell/row.h"
#include "results/lanes.h"
#include "results/schema.h"
#include "results/sink.h"
#include "results/verdict.h"

struct weaken_run {
	const struct xp_weaken_ask *ask;
	struct sink *sink;
	struct csv_row row;
	struct xp_budget budget;
	int failed; /* the first */
};

static const char *site_name(const struct xp_trial *t, int i)
{
	return t->set->one[i].site;
}

static const char *site_word(const struct xp_trial *t, int i)
{
	return t->site[i]->site.say;
}

static const char *site_function(const struct xp_trial *t, int i)
{
	return t->site[i]->function;
}

static const char *site_order(const struct xp_trial *t, int i)
{
	return xp_ordered_order(t->site[i]);
}

static const char *site_to(const struct xp_trial *t, int i)
{
	return xp_rung_name(t->set->one[i].to);
}

static void set_joined(struct csv_row *row, const char *column, const struct xp_trial *t,
		       const char *(*part)(const struct xp_trial *, int))
{
	char text[XP_WEAKENINGS * XP_SITE_NAME];
	size_t at = 0;
	int i;

	text[0] = 0;
	for (i = 0; i < t->set->n && at < sizeof(text); i++)
		at += snprintf(text + at, sizeof(text) - at, "%s%s", i ? "+" : "", part(t, i));
	csv_set_string(row, column, text);
}

static void fill_result(struct csv_row *row, const struct xp_trial *t)
{
	static const enum verdict verdicts[] = {
		[XP_NOT_REACHED] = VERDICT_NA, [XP_IDLE] = VERDICT_OK, [XP_STILL_HOLDS] = VERDICT_OK,
		[XP_BREAKS] = VERDICT_VIOLATED, [XP_UNDECIDED] = VERDICT_INCONCLUSIVE,
		[XP_UNSEEN] = VERDICT_INCONCLUSIVE,
	};
	static char name[XP_NAME], text[1300], on[1200];

	csv_set_string(row, "verdict", verdict_word(verdicts[t->came]));
	if (t->came == XP_NOT_REACHED)
		csv_set_string(row, "reason", t->cell->status == XP_NA ? t->cell->reason :
			       "this preset does not get there");
	if (t->came == XP_IDLE)
		csv_set_string(row, "reason", "this model gives both the same meaning");
	if (t->came == XP_UNDECIDED)
		csv_set_string(row, "reason",
			       t->cell->reason[0] ? t->cell->reason : "not explored to its end");
	if (t->came == XP_UNSEEN)
		csv_set_string(row, "reason", "not visible in this model: only loads come before it, and "
					      "it lets no load pass a later store");
	if (t->came == XP_BREAKS && t->rests) {
		xp_assumed_text(&t->cell->rests_on, on, sizeof(on));
		snprintf(text, sizeof(text), "%s on a dependency: %s",
			 t->rests == t->broke ? "rests" : "some of it rests", on);
		csv_set_string(row, "reason", text);
	}
	if (t->came != XP_NOT_REACHED && t->came != XP_IDLE)
		csv_set_string(row, "visible", t->came == XP_UNSEEN ? "no" : "yes");
	if (t->came >= XP_STILL_HOLDS || (t->came == XP_UNSEEN && t->cell->executions))
		csv_set_u64(row, "executions", t->cell->executions);
	if (!t->cell->has_example)
		return;
	xp_example_name(t->cell, name, sizeof(name));
	csv_set_string(row, "example", name);
	csv_set_u64(row, "example_steps", t->lanes->n);
}

static void fill(struct csv_row *row, const char *run_id, const struct xp_trial *t)
{
	static const char *const rounds[] = { [XP_SINGLE] = "single", [XP_PAIR] = "pair", [XP_SET] = "set" };
	char text[160];

	csv_set_string(row, "run_id", run_id);
	csv_set_string(row, "backend", t->cell->backend->name);
	csv_set_string(row, "round", rounds[t->round]);
	set_joined(row, "site", t, site_name);
	set_joined(row, "word", t, site_word);
	set_joined(row, "function", t, site_function);
	set_joined(row, "order", t, site_order);
	set_joined(row, "weakened_to", t, site_to);
	csv_set_string(row, "model", t->cell->model);
	csv_set_string(row, "preset", t->cell->scenario.name);
	csv_set_string(row, "form", xp_form_name(&t->cell->scenario));
	if (t->broke) {
		xp_violations(t->broke, text, sizeof(text));
		csv_set_string(row, "violation", text);
	}
	fill_result(row, t);
}

static void tried(void *arg, const struct xp_trial *trial)
{
	struct weaken_run *run = arg;
	int failed;

	csv_row_clear(&run->row);
	fill(&run->row, run->ask->cells->run_id, trial);
	failed = run->row.error ? run->row.error : sink_row(run->sink, &run->row);
	if (!failed && trial->cell->has_example && trial->lanes->n)
		failed = sink_lanes(run->sink, "example", trial->lanes);
	run->failed = run->failed ? run->failed : failed;
}

static void begins(void *arg)
{
	struct weaken_run *run = arg;

	if (!run->ask->together)
		xp_budget_begin(&run->budget, run->ask->cells->seconds, run->ask->cells->watcher);
}

static bool stopped(void *arg)
{
	struct weaken_run *run = arg;

	return xp_stopped(run->ask->cells->watcher);
}

static int study(struct weaken_run *run, const struct xp_backend *backend)
{
	const struct xp_ask *cells = run->ask->cells;
	struct xp_barriers b = { .backend = backend, .scenario = cells->scenario,
				 .n_scenarios = cells->n_scenarios, .model = cells->model,
				 .n_models = cells->n_models, .options = cells->options,
				 .pairs = run->ask->pairs, .begins = begins, .tried = tried,
				 .budget = &run->budget, .stopped = stopped, .arg = run };
	int failed;

	b.options.tick = xp_budget_tick;
	b.options.late = xp_budget_late;
	b.options.memory = xp_memory_most(b.options.memory, 1);
	b.options.arg = &run->budget;
	xp_budget_begin(&run->budget, cells->seconds, cells->watcher);
	failed = xp_barriers_study(&b);
	if (!failed)
		run->ask->ended(run->ask->arg, &b);
	xp_barriers_fini(&b);
	return failed;
}

int xp_run_weaken(const struct xp_weaken_ask *ask, struct sink *sink)
{
	struct weaken_run run = { .ask = ask, .sink = sink };
	int failed = csv_row_init(&run.row, &schema_weaken), one;
	size_t i;

	if (failed)
		return failed;
	for (i = 0; i < ask->cells->n_backends && !stopped(&run); i++) {
		one = study(&run, ask->cells->backend[i]);
		run.failed = run.failed ? run.failed : one;
	}
	xp_errands_end();
	csv_row_fini(&run.row);
	return run.failed;
}
