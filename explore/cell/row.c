// SPDX-License-Identifier: GPL-2.0-or-later
/* From what the engine found of a cell to its verdict, its rows and its lanes. */
#include "explore/cell/row.h"

#include <errno.h>
#include <string.h>

#include "explore/cell/errand.h"
#include "results/lanes.h"
#include "results/schema.h"
#include "results/sink.h"
#include "results/verdict.h"

/* For those who show it; explore.csv lacks them. */
static const struct csv_column more[] = {
	{ "text", CSV_STRING, CSV_COUNT, "", "" }, /* xp_verdict() */
	{ "parameters", CSV_STRING, CSV_COUNT, "", "" }, /* those that were in force */
	{ "cached", CSV_U64, CSV_COUNT, "", "" }, /* 1, or empty */
	{ "failure", CSV_STRING, CSV_COUNT, "", "" }, /* of a failed one, in one word: of what sort */
	{ "example_kickers", CSV_U64, CSV_COUNT, "", "" },
	{ "example_kicks", CSV_U64, CSV_COUNT, "", "" },
	{ "example_migrations", CSV_U64, CSV_COUNT, "", "" },
};
enum { N_MORE = sizeof(more) / sizeof(more[0]), MOST = 64 };

static const struct csv_column odds_columns[] = {
	{ "violation", CSV_STRING, CSV_CASE, "", "" }, /* empty: any */
	{ "interleavings", CSV_STRING, CSV_COUNT, "", "" },
	{ "of", CSV_STRING, CSV_COUNT, "", "" },
	{ "share", CSV_DOUBLE, CSV_COUNT, "", "" },
	{ "p_uniform", CSV_DOUBLE, CSV_COUNT, "", "" },
	{ "pct_executions", CSV_U64, CSV_COUNT, "", "" },
	{ "pct_hits", CSV_U64, CSV_COUNT, "", "" },
};
const struct csv_schema xp_schema_odds = { "odds", "", odds_columns,
					   sizeof(odds_columns) / sizeof(odds_columns[0]) };

const struct csv_schema *xp_schema_cell(void)
{
	static struct csv_column column[MOST];
	static struct csv_schema schema;

	if (!schema.n) {
		schema = (struct csv_schema){ schema_explore.name, "", column, schema_explore.n + N_MORE };
		memcpy(column, schema_explore.column, schema_explore.n * sizeof(*column));
		memcpy(column + schema_explore.n, more, sizeof(more));
	}
	return &schema;
}

const char *xp_form_name(const struct xp_scenario *s)
{
	return s->form == XP_CORE ? "core" : "full";
}

static const char *status_name(enum xp_status status)
{
	static const char *const names[] = {
		[XP_EXHAUSTIVE] = "exhaustive", [XP_BOUND] = "bound", [XP_BUDGET] = "budget",
		[XP_SAMPLED] = "sampled", [XP_NA] = "na", [XP_FAILED] = "failed",
	};

	return names[status];
}

static const char *failure_name(enum xp_refused failure)
{
	static const char *const names[XP_REFUSALS] = {
		[XP_REFUSED_NOT] = "refused", [XP_REFUSED_SHARED] = "shared", [XP_REFUSED_WORD] = "word",
		[XP_REFUSED_OUTSIDE] = "outside", [XP_REFUSED_HANG] = "hang", [XP_REFUSED_STACK] = "stack",
		[XP_REFUSED_SIGNAL] = "signal", [XP_REFUSED_EXIT] = "exit", [XP_REFUSED_MEMORY] = "memory",
		[XP_REFUSED_ASLEEP] = "asleep", [XP_REFUSED_SLEEPER] = "sleeper",
		[XP_REFUSED_LOOKER] = "looker",
		[XP_REFUSED_LOCAL] = "local", [XP_REFUSED_OVERLAP] = "overlap",
	};

	return names[failure];
}

/* What is declared is so of a preset as it is listed: not in the core form, not of fewer migrations. */
static bool as_listed(const struct xp_scenario *scenario)
{
	const struct xp_scenario *preset = xp_preset(scenario->name);
	char here[64], there[64];

	if (!preset || scenario->form != preset->form)
		return false;
	xp_parameters_print(scenario, here, sizeof(here));
	xp_parameters_print(preset, there, sizeof(there));
	return !strcmp(here, there);
}

/*
 * Of the property: nothing may be found.  Of a declaration: exactly what it says; elsewhere than there
 * nothing beside it, and less is no answer.
 */
static enum verdict judge(const struct xp_finding *f)
{
	const struct xp_cell *cell = f->cell;
	unsigned int declared = f->expected ? f->declared : 0;

	if (cell->status == XP_NA)
		return VERDICT_NA;
	if (cell->status == XP_FAILED)
		return VERDICT_INCONCLUSIVE;
	if (cell->found & ~declared)
		return VERDICT_VIOLATED;
	if (cell->status != XP_EXHAUSTIVE)
		return VERDICT_INCONCLUSIVE;
	if (cell->found == declared)
		return VERDICT_OK;
	return as_listed(&cell->scenario) ? VERDICT_VIOLATED : VERDICT_INCONCLUSIVE;
}

static void fill_scenario(struct csv_row *row, const struct xp_scenario *s)
{
	static const char *const puts[] = { [XP_STICKY] = "sticky", [XP_CLEARS] = "minus1",
					    [XP_EITHER] = "either" };

	csv_set_string(row, "scenario", s->name);
	csv_set_string(row, "form", xp_form_name(s));
	csv_set_u64(row, "kickers", s->kickers);
	csv_set_u64(row, "kicks", s->kicks);
	csv_set_u64(row, "migrations", s->migrations);
	csv_set_u64(row, "pcpus", s->pcpus);
	csv_set_string(row, "put", puts[s->put]);
	csv_set_u64(row, "vcpus", s->vcpus);
	csv_set_string(row, "place", s->shared ? "shared" : "own");
}

/* In the core form the exits are those of the preset. */
static void fill_parameters(struct csv_row *row, struct xp_scenario s)
{
	char text[64];

	if (s.form == XP_CORE)
		s.exits = s.core_exits;
	xp_parameters_print(&s, text, sizeof(text));
	csv_set_string(row, "parameters", text);
}

static void set_u128(struct csv_row *row, const char *column, xp_u128 n)
{
	char text[XP_U128_TEXT];

	xp_u128_text(n, text);
	csv_set_string(row, column, text);
}

static void fill_counts(struct csv_row *row, const struct xp_finding *f)
{
	const struct xp_counts *counts = &f->cell->counts;

	if (!counts->n)
		return;
	set_u128(row, "interleavings", counts->executions);
	set_u128(row, "violating", counts->odds[0].n);
	csv_set_double(row, "p_uniform", counts->odds[0].p);
	if (f->pct) {
		csv_set_u64(row, "pct_executions", f->pct->executions);
		csv_set_u64(row, "pct_hits", f->pct->hits);
	}
}

static void fill_search(struct csv_row *row, const struct xp_finding *f)
{
	const struct xp_cell *cell = f->cell;
	char text[160];

	xp_violations(cell->found, text, sizeof(text));
	csv_set_string(row, "found", text);
	csv_set_string(row, "grade", kick_grade(cell->found));
	if (f->expected) {
		xp_violations(f->declared, text, sizeof(text));
		csv_set_string(row, "declared", text);
	}
	csv_set_u64(row, "executions", cell->executions);
	csv_set_u64(row, "pruned", cell->pruned);
	if (cell->states)
		csv_set_u64(row, "states", cell->states);
	csv_set_u64(row, "steps", cell->steps);
	csv_set_double(row, "seconds", f->seconds);
	fill_counts(row, f);
	if (cell->status == XP_BOUND)
		csv_set_u64(row, "bound", cell->bound);
	if (f->cached)
		csv_set_u64(row, "cached", 1);
}

static void fill_example(struct csv_row *row, const struct xp_finding *f)
{
	const struct xp_cell *cell = f->cell;
	const struct xp_example *e = &cell->example;
	static char name[XP_NAME];

	xp_example_name(cell, name, sizeof(name));
	csv_set_string(row, "replay", name);
	csv_set_u64(row, "example_preemptions", e->preemptions);
	csv_set_u64(row, "example_steps", f->errand->lanes.n);
	csv_set_u64(row, "example_kickers", e->scenario.kickers);
	csv_set_u64(row, "example_kicks", e->scenario.kicks);
	csv_set_u64(row, "example_migrations", e->scenario.migrations);
}

static int hand_out_row(const struct xp_finding *f, const char *run_id, struct sink *sink)
{
	const struct xp_cell *cell = f->cell;
	struct csv_row row;
	char line[2000];
	int failed = csv_row_init(&row, xp_schema_cell());

	if (failed)
		return failed;
	csv_set_string(&row, "run_id", run_id);
	csv_set_string(&row, "backend", cell->backend->name);
	csv_set_string(&row, "model", cell->model);
	fill_scenario(&row, &cell->scenario);
	fill_parameters(&row, cell->scenario);
	csv_set_string(&row, "status", status_name(cell->status));
	csv_set_string(&row, "verdict", verdict_word(judge(f)));
	csv_set_string(&row, "reason", cell->reason);
	if (cell->status == XP_FAILED)
		csv_set_string(&row, "failure", failure_name(cell->failure));
	xp_verdict(cell, line, sizeof(line));
	csv_set_string(&row, "text", line);
	if (cell->status != XP_NA && cell->status != XP_FAILED)
		fill_search(&row, f);
	if (cell->has_example)
		fill_example(&row, f);
	failed = row.error ? row.error : sink_row(sink, &row);
	csv_row_fini(&row);
	return failed;
}

static int hand_out_odds(const struct xp_finding *f, struct sink *sink)
{
	const struct xp_counts *counts = &f->cell->counts;
	struct csv_row row;
	int i, failed = counts->n ? csv_row_init(&row, &xp_schema_odds) : 0;

	for (i = 0; i < counts->n && !failed; i++) {
		const struct xp_odds *odds = &counts->odds[i];
		unsigned int one = odds->violation;

		csv_row_clear(&row);
		csv_set_string(&row, "violation", one ? kick_property(one)->verdict : NULL);
		set_u128(&row, "interleavings", odds->n);
		set_u128(&row, "of", counts->executions);
		csv_set_double(&row, "share", (double)odds->n / (double)counts->executions);
		csv_set_double(&row, "p_uniform", odds->p);
		if (f->pct) {
			csv_set_u64(&row, "pct_executions", f->pct->executions);
			csv_set_u64(&row, "pct_hits",
				    one ? f->pct->hits_of[__builtin_ctz(one)] : f->pct->hits);
		}
		failed = row.error ? row.error : sink_row(sink, &row);
	}
	if (counts->n)
		csv_row_fini(&row);
	return failed;
}

static int first(int failed, int then)
{
	return failed ? failed : then;
}

static int hand_out_example(const struct xp_finding *f, struct sink *sink)
{
	const struct xp_cell *cell = f->cell;
	char name[160];
	int failed = 0;

	snprintf(name, sizeof(name), XP_EXAMPLE "%s-%s-%s", cell->backend->name, cell->scenario.name,
		 cell->model);
	if (f->errand->lanes.n)
		failed = sink_lanes(sink, name, &f->errand->lanes);
	if (f->errand->all_lanes.n)
		failed = first(failed, sink_lanes(sink, "all-steps", &f->errand->all_lanes));
	return failed;
}

/* What cannot be taken in one place is handed out all the same. */
int xp_hand_out(const struct xp_finding *f, const struct xp_ask *ask, struct sink *sink)
{
	int failed = hand_out_row(f, ask->run_id, sink);

	failed = first(failed, hand_out_odds(f, sink));
	if (f->cell->has_example)
		failed = first(failed, hand_out_example(f, sink));
	return failed;
}
