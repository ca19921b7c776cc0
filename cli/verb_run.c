// SPDX-License-Identifier: GPL-2.0-or-later
/* kickbench run: the default study: bench, and what the other judges say in short. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "bench/session/session.h"
#include "bench/plan/plan.h"
#include "cli/study.h"
#include "cli/verbs.h"
#include "cli/view_explore.h"
#include "cli/view_kvm.h"
#include "cli/view_report.h"
#include "cli/view_weaken.h"
#include "explore/study/weaken_rows.h"
#include "machine/clock.h"
#include "results/flow.h"
#include "results/schema.h"

static struct verb_study command;

/* A cell, or all weakenings, that take longer are undecided, and say so. */
enum { CELL_LIMIT_S = 5, WEAKEN_LIMIT_S = 10, MOST_BACKENDS = 256 };

/* Explore's share of what is left of a budget; the rest is for weakenings. */
#define EXPLORE_SHARE .7

/* By the raw clock: when it was started, and when all of it ends, whatever has been measured. */
static uint64_t began, ends;

static const char *const models[] = { "sc", "tso", "pso", "rc11" };
enum { N_PRESETS = 2, N_MODELS = 4 };

static bool stopped(void *arg)
{
	(void)arg;
	return verb_stopped();
}

static const struct xp_watcher watcher = { .stopped = stopped };

static void presets(struct xp_scenario scenario[N_PRESETS])
{
	scenario[0] = *xp_preset("one-kick");
	scenario[1] = *xp_preset("two-kicks");
}

static uint64_t kvm_ns(void)
{
	struct kvm_options kvm;

	kvm_options_init(&kvm);
	return (uint64_t)(kvm.seconds * 1e9);
}

/* For explore, before stress and kvm have theirs. */
static double left_s(void)
{
	double left = ((double)(ends - verb_stress_short_ns() - kvm_ns()) - (double)clock_raw_ns()) * 1e-9;

	return left > .1 ? left : .1;
}

static int judge_files(const struct sink_folder *files, int failed, int code)
{
	if (!failed)
		return code;
	return exit_code_worst(code, env_error("%s", files->err[0] ? files->err : strerror(-failed)));
}

static void print_title(void)
{
	printf("\nVerdicts of explore, in our model, exhaustive (what the worst finding is called)\n%-20s",
	       "backend");
	for (int p = 0; p < N_PRESETS; p++)
		for (int m = 0; m < N_MODELS; m++)
			printf(" %-.3s/%-5s", p ? "two" : "one", models[m]);
	putchar('\n');
}

/*
 * Explores KVM's backends in the presets one-kick and two-kicks under each memory model, prints the matrix
 * and writes explore.csv.  The exit code judges the declarations.
 */
static int run_explore(struct sink_folder *files)
{
	struct xp_scenario scenario[N_PRESETS];
	const struct xp_backend *backend[MOST_BACKENDS];
	struct xp_ask ask = { .backend = backend, .scenario = scenario, .n_scenarios = N_PRESETS,
			      .model = models, .n_models = N_MODELS, .options.bound = -1,
			      .seconds = CELL_LIMIT_S, .seconds_in_all = left_s() * EXPLORE_SHARE,
			      .expect = true, .run_id = files->folder->run_id, .watcher = &watcher };
	struct sink_only only;
	struct view_quick quick;
	struct view_code code;
	struct view_svg pictures;
	struct sink *to[] = { &code.sink, &quick.sink, &only.sink, &pictures.sink };
	struct sink_tee tee;
	int failed;

	presets(scenario);
	for (size_t i = 0; xp_backends[i] && ask.n_backends < MOST_BACKENDS; i++)
		if (!strcmp(kick_world(xp_backends[i]->decl), "kvm"))
			backend[ask.n_backends++] = xp_backends[i];
	sink_only_init(&only, &files->sink, &schema_explore);
	only.lanes = XP_EXAMPLE;
	view_svg_init(&pictures, NULL, files->folder);
	view_code_init(&code);
	view_quick_init(&quick, N_PRESETS * N_MODELS);
	sink_tee_init(&tee, to, 4);
	print_title();
	failed = xp_run(&ask, &tee.sink);
	if (quick.done % quick.n_cells)
		putchar('\n');
	code.code = judge_files(files, failed, code.code);
	return verb_signal() ? 128 + verb_signal() : code.code;
}

static void print_line(void *arg, const struct xp_barriers *b)
{
	view_weaken_line(stdout, b, arg);
}

/* Weakens each order of patched in the same cells; writes weaken.csv, prints how many carry weight. */
static int run_weaken(struct sink_folder *files)
{
	const struct xp_backend *backend = xp_backend("patched");
	struct xp_scenario scenario[N_PRESETS];
	const double left = left_s();
	const struct xp_ask cells = { .backend = &backend, .n_backends = 1, .scenario = scenario,
				      .n_scenarios = N_PRESETS, .model = models,
				      .n_models = N_MODELS, .options.bound = -1,
				      .seconds = left < WEAKEN_LIMIT_S ? left : WEAKEN_LIMIT_S,
				      .run_id = files->folder->run_id,
				      .watcher = &watcher };
	struct view_weaken orders;
	const struct xp_weaken_ask ask = { .cells = &cells, .together = true, .ended = print_line,
					   .arg = &orders };
	struct sink_only only;
	struct sink *to[] = { &orders.sink, &only.sink };
	struct sink_tee tee;
	int code;

	if (!backend)
		return EXIT_SKIPPED;
	presets(scenario);
	sink_only_init(&only, &files->sink, &schema_weaken);
	view_weaken_init(&orders, FLOW_WIDTH);
	sink_tee_init(&tee, to, 2);
	code = judge_files(files, xp_run_weaken(&ask, &tee.sink), EXIT_AS_STATED);
	view_weaken_clear(&orders);
	return code;
}

static int on_begin(void *arg, const struct kvm_host *host)
{
	view_kvm_host(stdout, host);
	return sink_folder_begin(arg, &schema_kvm);
}

/* Too little happened: that is said, and is nobody's fault. */
static int judge_kvm(int failed, const struct sink_folder *files, const struct kvm_result *result,
		     const char *err)
{
	if (failed == -EINTR)
		return EXIT_SKIPPED;
	if (failed == -EOPNOTSUPP) {
		printf("skipped: %s\n", err);
		return EXIT_SKIPPED;
	}
	if (files->err[0] || result->unwritten)
		return env_error("%s", files->err[0] ? files->err : strerror(-result->unwritten));
	if (failed)
		return env_error("kvm: %s", err);
	view_kvm_verdict(stdout, result);
	return result->verdict == VERDICT_VIOLATED ? EXIT_VIOLATED : EXIT_AS_STATED;
}

/*
 * Kicks a guest of the running kernel for some seconds; writes kvm.csv.  That /dev/kvm shows nothing here,
 * with one PU or in that short time, leaves the study what it is.
 */
static int run_kvm(struct sink_folder *files, const struct topo *topo, uint64_t seed)
{
	struct sink *to[] = { &files->sink, &view_kvm_rows };
	struct sink_tee tee;
	struct kvm_options o;
	struct kvm_result result;
	char err[256];

	printf("\nThe running kernel (kickbench kvm)\n");
	if (topo_pin_missing(topo))
		return skipped("%s", topo_pin_missing(topo));
	sink_tee_init(&tee, to, 2);
	kvm_options_init(&o);
	o.seed = seed;
	o.begin = on_begin;
	o.arg = files;
	o.sink = &tee.sink;
	o.run_id = files->folder->run_id;
	o.stop = verb_stopped;
	return judge_kvm(kvm_measure(&o, topo, &result, err, sizeof(err)), files, &result, err);
}

/* The judges that follow bench print beside its tables; with --json their rows are in the files. */
static int judge(const struct verb_study *r, struct bench_session *session, const struct bench_plan *plan)
{
	const char *left_out = bench_plan_left_out(plan->options);
	struct sink_folder files;
	int code = EXIT_SKIPPED, failed;

	if (r->json ? view_cells(session, true) : view_tables(session->folder.path))
		return EXIT_ENVIRONMENT;
	if (r->json)
		return code;
	sink_folder_init(&files, &session->folder);
	if (!verb_signal())
		code = exit_code_worst(code, run_explore(&files));
	if (!verb_signal())
		code = exit_code_worst(code, run_weaken(&files));
	if (!verb_signal())
		code = exit_code_worst(code, verb_stress_short(&files, plan->topo, r->seed,
							       ends - kvm_ns()));
	if (!verb_signal())
		code = exit_code_worst(code, run_kvm(&files, plan->topo, r->seed));
	failed = sink_folder_close(&files);
	if (failed)
		code = exit_code_worst(code, env_error("%s: %s", session->folder.path, strerror(-failed)));
	if (left_out[0])
		printf("\nleft out: %s\n", left_out);
	printf("results: %s\n", session->folder.path);
	return code;
}

/* What the other judges take: explore's cells on a quiet machine, the time that stress and kvm are given. */
#define EXPLORE_NS UINT64_C(8000000000)
static uint64_t others_ns(const struct verb_study *r)
{
	return r->json ? 0 : EXPLORE_NS + verb_stress_short_ns() + kvm_ns(); /* with --json bench alone */
}

/*
 * Says how long it takes, and at most: a budget, or a quarter more than its rows should take here, and four
 * times what explore takes on a quiet machine.
 */
static void promise(const struct verb_study *r, struct bench_options *o, const struct bench_plan *plan)
{
	uint64_t others = others_ns(r);

	if (r->budget_ns) {
		ends = began + r->budget_ns;
		o->until_ns = ends - others;
	} else {
		o->until_ns = clock_raw_ns() + plan->duration_ns / 4 * 5 + 1000000000;
		ends = o->until_ns + others + (r->json ? 0 : 3 * EXPLORE_NS);
	}
	fprintf(stderr, "%zu rows, about %.0f s; with the other judges %.0f s, at most %.0f s\n",
		plan->n_turns, (double)plan->duration_ns * 1e-9,
		(double)(plan->duration_ns + others) * 1e-9, (double)(ends - began) * 1e-9);
}

static int make_plan(struct bench_plan *plan, const struct verb_study *r, struct bench_options *o,
		     const struct topo *topo)
{
	uint64_t others = others_ns(r);
	char err[256];
	int failed = r->plan ? 0 : bench_try(o, topo, err, sizeof(err));

	if (!failed && !r->plan)
		failed = bench_row_cost_apart(o, topo, &o->row_ns, err, sizeof(err));
	if (!failed && !r->budget_ns)
		failed = bench_plan_make(plan, o, topo, err, sizeof(err));
	if (failed || !r->budget_ns)
		return failed ? env_error("%s", err) : 0;
	if (r->budget_ns <= others)
		return usage_error("run: --budget: explore, stress and kvm alone take about %.0f s",
				   (double)others * 1e-9);
	failed = bench_budget_plan(plan, o, topo, r->budget_ns - others, err, sizeof(err));
	if (failed == -ERANGE && o->row_ns) {
		fprintf(stderr, "rows take long here: those that come too late will be left out\n");
		o->row_ns = 0; /* as if they did not; the end comes all the same */
		failed = bench_budget_plan(plan, o, topo, r->budget_ns - others, err, sizeof(err));
	}
	return failed ? usage_error("run: %s for bench", err) : 0;
}

static int print_plan(const struct bench_plan *plan, const struct verb_study *r)
{
	int code = verb_print_plan(plan, r->json);

	if (!r->json)
		printf("then explore, stress and kvm: about %.0f s more, %.0f s in all\n",
		       (double)others_ns(r) * 1e-9, (double)(others_ns(r) + plan->duration_ns) * 1e-9);
	return code;
}

static int study(const struct verb_study *r, struct bench_options *o, const struct topo *topo,
		 int argc, char **argv)
{
	static struct bench_session session;
	struct bench_plan plan;
	int code = make_plan(&plan, r, o, topo);

	if (code)
		return code;
	if (r->plan) {
		code = print_plan(&plan, r);
		bench_plan_free(&plan);
		return code;
	}
	code = verb_session_opened(&session, bench_session_open(&session, r->out, argc, argv, &plan));
	if (!code) {
		promise(r, o, &plan);
		verb_catch_signals();
		code = verb_session_measure(&session, false, false);
		code = exit_code_worst(code, judge(r, &session, &plan));
		code = verb_session_close(&session, code);
		code = exit_code_then(code, view_run(session.folder.path, r->json ? stderr : stdout));
		command.ci.tests.declared = true;
		if (verb_ci_wanted(&command.ci))
			sink_tests_add_folder(&command.ci.tests, session.folder.path);
	}
	bench_plan_free(&plan);
	return code;
}

static int run(struct opt_line *line)
{
	struct bench_options o;
	struct topo *topo;
	int code = verb_load_topo(&topo, NULL, NULL);

	began = clock_raw_ns();
	if (code)
		return code;
	verb_study_choose(&o, &command);
	code = verb_ci_begin(&command.ci, "run", command.json);
	if (!code)
		code = verb_ci_end(&command.ci, study(&command, &o, topo, line->argc, line->argv));
	topo_free(topo);
	return code;
}

const struct verb verb_run = { &verb_study_table, &command, run };
