// SPDX-License-Identifier: GPL-2.0-or-later
/* Which executions become litmus tests, and what they are called. */
#include "explore/study/litmus_cores.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "explore/cell/errand.h"
#include "explore/cell/memory_room.h"
#include "explore/study/barriers.h"
#include "explore/study/litmus.h"
#include "results/csv.h"
#include "results/sink.h"

enum { MOST = 256 };

static const struct csv_column columns[] = {
	{ "name", CSV_STRING, CSV_CASE, "", "" },
	{ "expected", CSV_STRING, CSV_COUNT, "", "" }, /* "allowed tso"; empty: it is in no file */
	{ "reason", CSV_STRING, CSV_COUNT, "", "" },
};
const struct csv_schema xp_schema_litmus = { "litmus", "", columns, sizeof(columns) / sizeof(columns[0]) };

struct litmus_run {
	const struct xp_ask *ask;
	bool pairs;
	struct sink *sink;
	const struct xp_barriers *barriers;
	struct xp_budget budget;
	FILE *expected;
	struct made {
		const char *why; /* NULL: these two are made, of the example that was recorded last */
		struct xp_litmus l, as_written;
	} made;
	struct core {
		char name[200];
		const char *why; /* NULL: it is written */
	} core[MOST];
	int n_cores;
	int failed; /* the first */
};

static void note(struct litmus_run *run, int failed)
{
	run->failed = run->failed ? run->failed : failed;
}

/* A name for a file out of parts of any spelling. */
static void tame(char *name)
{
	for (; *name; name++)
		if (!isalnum((unsigned char)*name) && !strchr("._-", *name))
			*name = '-';
}

static void hand_out(struct litmus_run *run, const char *name, const char *expected, const char *reason)
{
	struct csv_row row;
	int failed = csv_row_init(&row, &xp_schema_litmus);

	if (!failed) {
		csv_set_string(&row, "name", name);
		csv_set_string(&row, "expected", expected);
		csv_set_string(&row, "reason", reason);
		failed = row.error ? row.error : sink_row(run->sink, &row);
		csv_row_fini(&row);
	}
	note(run, failed);
}

/* By name; a new one is not written yet.  NULL: there are too many. */
static struct core *core_of(struct litmus_run *run, const char *name)
{
	struct core *core = run->core;

	while (core < run->core + run->n_cores && strcmp(core->name, name))
		core++;
	if (core == run->core + MOST) {
		hand_out(run, name, NULL, "there are too many");
		return NULL;
	}
	if (core == run->core + run->n_cores) {
		run->n_cores++;
		snprintf(core->name, sizeof(core->name), "%s", name);
		core->why = "";
	}
	return core;
}

/* One form of it as a text; false: it has none. */
static bool form(struct litmus_run *run, const struct xp_litmus *l, const char *ending,
		 bool (*print)(FILE *out, const struct xp_litmus *l))
{
	char name[sizeof(l->name) + 20], *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	bool has;

	if (!out) {
		note(run, -ENOMEM);
		return true;
	}
	has = print(out, l);
	snprintf(name, sizeof(name), "%s%s", l->name, ending);
	note(run, fclose(out) ? -ENOMEM : sink_text(run->sink, name, text));
	free(text);
	return has;
}

static bool print_c11(FILE *out, const struct xp_litmus *l)
{
	xp_litmus_c11(out, l);
	return true;
}

static bool print_lkmm(FILE *out, const struct xp_litmus *l)
{
	if (xp_litmus_lkmm(out, l))
		return true;
	fputs("(* an order of this one has no word in the kernel *)\n", out);
	return false;
}

static bool print_program(FILE *out, const struct xp_litmus *l)
{
	xp_litmus_program(out, l);
	return true;
}

static void hand_out_forms(struct litmus_run *run, const struct xp_litmus *l, const char *expected)
{
	bool lkmm;

	form(run, l, ".c11.litmus", print_c11);
	lkmm = form(run, l, ".lkmm.litmus", print_lkmm);
	form(run, l, ".c", print_program);
	hand_out(run, l->name, expected, lkmm ? NULL : "no LKMM form");
	fprintf(run->expected, "%s %s\n", l->name, expected);
}

/* The models in which this preset as written does not come to that. */
static void forbidden_in(const struct litmus_run *run, const char *preset, unsigned int broke, char *text,
			 size_t size)
{
	const struct xp_barriers *b = run->barriers;
	size_t i, at;

	at = snprintf(text, size, "forbidden");
	for (i = 0; i < b->n_bases && at < size; i++)
		if (b->base[i].usable && !(b->base[i].found & broke) &&
		    !strcmp(b->base[i].scenario.name, preset))
			at += snprintf(text + at, size - at, " %s", b->base[i].model);
}

/* In the child that has recorded it. */
static void recorded(const struct xp_cell *cell, void *more)
{
	struct made *made = more;

	made->why = xp_litmus_make(&made->l, false);
	if (!made->why && cell->weak)
		xp_litmus_make(&made->as_written, true);
}

/* Both forms of what was recorded last. */
static void take_example(struct litmus_run *run, const char *name, const struct xp_cell *cell,
			 unsigned int broke)
{
	struct made *made = &run->made;
	char expected[80];
	struct core *core = core_of(run, name);

	if (!core || !core->why)
		return;
	core->why = made->why;
	if (core->why)
		return;
	snprintf(expected, sizeof(expected), "allowed %s", cell->model);
	snprintf(made->l.name, sizeof(made->l.name), "%s", name);
	hand_out_forms(run, &made->l, expected);
	if (!cell->weak)
		return;
	snprintf(made->as_written.name, sizeof(made->as_written.name), "%s-as-written", name);
	forbidden_in(run, cell->scenario.name, broke, expected, sizeof(expected));
	hand_out_forms(run, &made->as_written, expected);
}

static void begins(void *arg)
{
	struct litmus_run *run = arg;

	xp_budget_begin(&run->budget, run->ask->seconds, run->ask->watcher);
}

/* Of each site, in each model: the least that breaks, in the first preset that can be written. */
static void tried(void *arg, const struct xp_trial *trial)
{
	struct litmus_run *run = arg;
	char name[200];
	int i, at;

	if (trial->came != XP_BREAKS || !trial->cell->has_example || trial->round == XP_SET)
		return;
	at = snprintf(name, sizeof(name), "%s-%s", trial->cell->backend->name, trial->cell->model);
	for (i = 0; i < trial->set->n && at < (int)sizeof(name); i++)
		at += snprintf(name + at, sizeof(name) - at, "-%s", trial->set->one[i].site);
	tame(name);
	take_example(run, name, trial->cell, trial->broke);
}

static bool stopped(void *arg)
{
	struct litmus_run *run = arg;

	return xp_stopped(run->ask->watcher);
}

static void counter_work(struct xp_errand *e)
{
	xp_errand_cell(e);
	if (e->cell->has_example)
		recorded(e->cell, e->more);
}

/* The text as written, where it does not hold. */
static void counter_example(struct litmus_run *run, const struct xp_backend *backend,
			    const struct xp_scenario *scenario, const char *model)
{
	static struct xp_cell cell;
	struct xp_options options = run->ask->options;
	struct xp_errand errand = { .work = counter_work, .cell = &cell, .options = &options,
				    .budget = &run->budget, .more = &run->made,
				    .more_size = sizeof(run->made) };
	char name[200];

	cell = (struct xp_cell){ .backend = backend, .scenario = *scenario, .model = model };
	options.tick = xp_budget_tick;
	options.late = xp_budget_late;
	options.memory = xp_memory_most(options.memory, 1);
	options.arg = &run->budget;
	begins(run);
	xp_errand_run(&errand);
	xp_errand_fini(&errand);
	if (!cell.has_example)
		return;
	snprintf(name, sizeof(name), "%s-%s-%s", backend->name, scenario->name, model);
	take_example(run, name, &cell, cell.found);
}

static void one_backend(struct litmus_run *run, const struct xp_backend *backend)
{
	const struct xp_ask *ask = run->ask;
	struct xp_barriers b = { .backend = backend, .scenario = ask->scenario,
				 .n_scenarios = ask->n_scenarios, .model = ask->model,
				 .n_models = ask->n_models, .options = ask->options, .pairs = run->pairs,
				 .begins = begins, .tried = tried, .stopped = stopped, .arg = run,
				 .budget = &run->budget, .recorded = recorded, .more = &run->made,
				 .more_size = sizeof(run->made) };
	size_t s, m;

	b.options.tick = xp_budget_tick;
	b.options.late = xp_budget_late;
	b.options.memory = xp_memory_most(b.options.memory, 1);
	b.options.arg = &run->budget;
	for (s = 0; s < ask->n_scenarios; s++)
		for (m = 0; m < ask->n_models && !stopped(run); m++)
			counter_example(run, backend, &ask->scenario[s], ask->model[m]);
	run->barriers = &b;
	note(run, xp_barriers_study(&b));
	xp_barriers_fini(&b);
}

int xp_run_litmus(const struct xp_ask *ask, bool pairs, struct sink *sink)
{
	static struct litmus_run run;
	char *text = NULL;
	size_t i, size;
	int c;

	run = (struct litmus_run){ .ask = ask, .pairs = pairs, .sink = sink,
			    .expected = open_memstream(&text, &size) };
	if (!run.expected)
		return -ENOMEM;
	for (i = 0; i < ask->n_backends && !stopped(&run); i++)
		one_backend(&run, ask->backend[i]);
	xp_errands_end();
	/* What no preset had in a form that can be written. */
	for (c = 0; c < run.n_cores; c++)
		if (run.core[c].why)
			hand_out(&run, run.core[c].name, NULL, run.core[c].why);
	note(&run, fclose(run.expected) ? -ENOMEM : sink_text(sink, "expected.txt", text));
	free(text);
	return run.failed;
}
