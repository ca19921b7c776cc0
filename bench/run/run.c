// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Every (case, backend, repetition) is one case of Google Benchmark with one iteration and manual
 * time: the library keeps the order and writes its JSON, the threads and the clock are ours.
 */
#include "bench/run/run.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <cjson/cJSON.h>

#include "bench/gbench.h"
#include "bench/run/library_json.h"
#include "bench/window/window.h"
#include "machine/clock.h"
#include "machine/probes.h"
#include "results/schema.h"

/* One run; the bodies and the reporter run one after the other on the calling thread. */
struct runner {
	const struct bench_plan *plan;
	const struct bench_run_options *options;
	struct bench_summary *summary;
	struct bench_env env;
	struct bench_case c; /* the case in work */
	size_t cell, done;
	struct bench_result result;
	struct csv_row row;
	cJSON *json; /* the library's report until now */
	int failed;
};

struct run_turn {
	struct runner *runner;
	const struct bench_turn *turn;
};

static void report_row(struct runner *run, double ns_per_op)
{
	int failed = bench_row(&run->row, run->options, &run->c, &run->result, ns_per_op);

	if (failed) {
		run->failed = failed;
		snprintf(run->env.err, run->env.err_size, "internal: no column '%s'", run->row.bad);
		return;
	}
	failed = run->options->sink ? bench_row_out(run->options->sink, &run->row, &run->c, &run->result) : 0;
	if (failed) { /* measuring what cannot be kept is pointless */
		run->failed = failed;
		snprintf(run->env.err, run->env.err_size, "cannot write a row: %s", strerror(-failed));
	}
	run->summary->n[run->c.na ? VERDICT_NA : run->result.verdict]++;
	if (run->options->row)
		run->options->row(run->options->arg, run->cell, &run->c, &run->result, &run->row);
}

static void set_counter(struct gbench_state *state, const char *name, bool measured, double value)
{
	if (measured)
		gbench_set_counter(state, name, value, GBENCH_COUNTER_PLAIN);
}

/* What was measured, as in the row. */
static void set_counters(struct gbench_state *state, const struct bench_case *c, const struct bench_result *r)
{
	const struct bench_scenario *s = c->scenario;

	set_counter(state, "ops", true, (double)r->ops);
	set_counter(state, "kicks", r->has_outcomes, (double)r->kicks);
	set_counter(state, "ipis_sent", r->has_ipis, (double)r->sent);
	set_counter(state, "lost", r->has_verdicts && !s->blind, (double)r->lost);
	set_counter(state, "poisoned",
		    r->has_verdicts && s->probed && bench_decl(c->backend)->features & KICK_F_CLAIM,
		    (double)r->poisoned);
	set_counter(state, "p50_ns", r->has_latency,
		    r->has_latency ? histogram_quantile(&r->latency, .5) : 0);
	gbench_set_label(state, verdict_word(r->verdict));
}

/* Each hit of an attached probe takes a trap: such a row has no figures. */
static void refuse_if_probed(struct bench_result *r)
{
	if (!machine_probed())
		return;
	*r = (struct bench_result){ .probed = true };
	bench_verdict(r, VERDICT_INCONCLUSIVE, "a static probe of this program is watched: no timing");
}

/* Threads that hardly met measured something else.  Where they share a PU they never meet: not ranked. */
static void refuse_if_apart(struct bench_result *r)
{
	if (r->verdict == VERDICT_VIOLATED || r->in_kernel || r->oversubscribed ||
	    r->overlap >= BENCH_LEAST_OVERLAP)
		return;
	r->verdict = VERDICT_INCONCLUSIVE;
	snprintf(r->why, sizeof(r->why),
		 "all threads ran together for %.0f %% of the window only, not %.0f %%",
		 trunc(r->overlap * 100), BENCH_LEAST_OVERLAP * 100);
}

/* The library's case: measures one row. */
static void body(struct gbench_state *state, void *arg)
{
	struct run_turn *t = arg;
	struct runner *run = t->runner;
	const struct bench_case *c = &run->c;
	uint64_t n;

	run->cell = t->turn->cell;
	run->c = run->plan->cell[run->cell];
	run->c.repetition = t->turn->repetition;
	run->env.interrupts = c->transport != MACHINE_DOORBELL && !machine_is_kernel(c->transport);
	run->result = (struct bench_result){ 0 };
	if (run->failed || machine_stop) {
		gbench_skip_with_error(state, "the run was ended");
		return;
	}
	if (run->options->progress)
		run->options->progress(run->options->arg, run->done, run->plan->n_turns, c);
	run->done++;
	if (c->na) {
		gbench_skip_with_error(state, c->na);
		report_row(run, 0);
		return;
	}
	if (run->plan->options->until_ns && clock_raw_ns() >= run->plan->options->until_ns) {
		gbench_skip_with_error(state, "the time was over");
		run->summary->late++;
		return;
	}
	run->failed = c->scenario->run(&run->env, c, &run->result);
	refuse_if_apart(&run->result);
	refuse_if_probed(&run->result);
	if (run->failed) {
		gbench_skip_with_error(state, "the environment failed");
		return;
	}
	while (gbench_next(state, &n))
		gbench_set_iteration_time(state, run->result.ns_per_op * 1e-9);
	set_counters(state, c, &run->result);
}

/* The library's report of that case: the figure that its JSON has is the one we write. */
static void reported(void *arg, const struct gbench_run_result *result)
{
	struct runner *run = arg;

	if (!result->error && !result->aggregate)
		report_row(run, result->real_time);
}

/* The library's start takes time that grows with the square of the cases: it gets them in helpings. */
enum { HELPING = 2048 };

static int register_cases(struct runner *run, struct run_turn *turns, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++) {
		const struct bench_turn *t = &run->plan->turn[i];
		struct gbench_case *g;
		char full[320];

		if (run->options->skip && run->options->skip[i])
			continue;
		turns[i] = (struct run_turn){ run, t };
		bench_row_name(&run->plan->cell[t->cell], t->repetition, full, sizeof(full));
		g = gbench_register(full, body, &turns[i]);
		if (!g || gbench_iterations(g, 1) || gbench_use_manual_time(g) ||
		    gbench_unit(g, GBENCH_NS)) {
			snprintf(run->env.err, run->env.err_size, "%s", gbench_error());
			return -EINVAL;
		}
	}
	return 0;
}

static int run_helping(struct runner *run, struct run_turn *turns, size_t helping)
{
	struct gbench_reporter reporter = { .run = reported, .arg = run };
	size_t from = helping * HELPING, to = from + HELPING;
	int json = run->options->json_path ? memfd_create("gbench.json", MFD_CLOEXEC) : -1, n, failed;
	char path[32];

	if (run->options->json_path && json < 0) {
		snprintf(run->env.err, run->env.err_size, "gbench.json: %s", strerror(errno));
		return -EIO;
	}
	failed = register_cases(run, turns, from, to < run->plan->n_turns ? to : run->plan->n_turns);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", json);
	n = failed ? failed : gbench_run(NULL, &reporter, json < 0 ? NULL : path);
	/* -ENOENT: all of this helping had been measured before. */
	if (n < 0 && !failed && n != -ENOENT && !run->failed) {
		snprintf(run->env.err, run->env.err_size, "%s", gbench_error());
		failed = n;
	}
	gbench_clear();
	if (json >= 0) {
		run->json = bench_library_json(run->json, json);
		close(json);
	}
	return failed;
}

static int write_json(struct runner *run)
{
	int failed = run->json ? bench_library_json_write(run->json, run->options->json_path,
							  run->plan->options->repetitions) : 0;

	cJSON_Delete(run->json);
	if (failed && !run->failed)
		snprintf(run->env.err, run->env.err_size, "cannot write %s: %s", run->options->json_path,
			 strerror(-failed));
	return failed;
}

static int run_library(struct runner *run, struct run_turn *turns)
{
	int failed = 0, unwritten;

	for (size_t h = 0; h * HELPING < run->plan->n_turns && !failed && !run->failed; h++)
		failed = run_helping(run, turns, h);
	unwritten = write_json(run);
	return failed || run->failed ? failed : unwritten;
}

static int start_library(char *err, size_t err_size)
{
	static bool started;
	static char name[] = "kickbench"; /* the library keeps it */
	char *argv[] = { name, NULL };
	int argc = 1, failed = started ? 0 : gbench_init(&argc, argv);

	started |= !failed;
	if (failed)
		snprintf(err, err_size, "%s", gbench_error());
	return failed;
}

int bench_run(const struct bench_plan *plan, const struct bench_run_options *options,
	      struct bench_summary *summary, char *err, size_t err_size)
{
	static struct runner run; /* holds a histogram; there is one bench at a time */
	struct run_turn *turns = calloc(plan->n_turns, sizeof(*turns));
	int failed = -ENOMEM;
	size_t skipped = 0;

	*summary = (struct bench_summary){ 0 };
	for (size_t i = 0; options->skip && i < plan->n_turns; i++)
		skipped += options->skip[i];
	run = (struct runner){ .plan = plan,
			       .options = options,
			       .summary = summary,
			       .env = { plan->topo, options->meter, false, err, err_size } };
	run.done = skipped;
	if (turns && !csv_row_init(&run.row, options->schema ? options->schema : &schema_bench)) {
		failed = skipped < plan->n_turns ? start_library(err, err_size) : 0;
		if (!failed && skipped < plan->n_turns)
			failed = run_library(&run, turns);
		csv_row_fini(&run.row);
	}
	if (failed == -ENOMEM)
		snprintf(err, err_size, "Cannot allocate memory");
	free(turns);
	return failed ? failed : run.failed;
}

/* Both kinds of rows: those of one thread, and those that two threads start together. */
static int plan_some(struct bench_plan *plan, const struct bench_options *asked, struct bench_options *o,
		     const struct topo *topo, char *err, size_t err_size)
{
	*o = (struct bench_options){ .backend = { asked->backend[0] },
				     .n_backends = 1,
				     .scenario = { bench_scenario_find("fastpath"),
						   bench_scenario_find("roundtrip") },
				     .n_scenarios = 2,
				     .pairs_per_class = 1,
				     .kicker_pu = -1,
				     .vcpu_pu = -1,
				     .kickers = { 1 },
				     .n_kickers = 1,
				     .rate_per_s = 10000,
				     .repetitions = 2,
				     .window_ns = 200000,
				     .seed = 1 };
	return bench_plan_make(plan, o, topo, err, err_size);
}

int bench_row_cost(const struct bench_options *asked, const struct topo *topo, uint64_t *row_ns,
		   char *err, size_t err_size)
{
	const struct bench_run_options run = { .run_id = "" };
	struct bench_options options;
	struct bench_summary summary;
	struct bench_plan plan;
	uint64_t began, took;
	size_t rows;
	int failed = plan_some(&plan, asked, &options, topo, err, err_size);

	if (failed)
		return failed;
	clock_init();
	began = clock_raw_ns();
	failed = bench_run(&plan, &run, &summary, err, err_size);
	took = clock_raw_ns() - began;
	rows = plan.n_turns - summary.n[VERDICT_NA];
	if (!failed && rows)
		*row_ns = took > plan.windows_ns ? (took - plan.windows_ns) / rows + 1 : 1;
	bench_plan_free(&plan);
	return failed;
}
