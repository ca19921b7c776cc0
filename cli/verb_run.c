// SPDX-License-Identifier: GPL-2.0-or-later
/* kickbench run: the default study. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cjson/cJSON.h>

#include "bench/plan/plan.h"
#include "cli/exit_code.h"
#include "cli/opt_perf.h"
#include "cli/session.h"
#include "cli/signals.h"
#include "cli/verbs.h"
#include "cli/verdicts.h"
#include "cli/view_report.h"

enum size { QUICK = 1, FULL };

static struct run_command {
	enum size size; /* 0: in between */
	const char *out;
	uint64_t seed;
	struct perf_set perf;
	const struct perf_set *counted; /* NULL: the defaults */
	bool json;
} command;

static int take_perf(void *arg, const struct opt_value *v)
{
	struct run_command *r = arg;

	return opt_take_perf("run", v->text, &r->perf, &r->counted);
}

static const struct opt options[] = {
	{ .name = "quick", .kind = OPT_FLAG, .store = QUICK, .doc = "about 20 seconds: shorter windows",
	  OPT_TO(struct run_command, size) },
	{ .name = "full", .kind = OPT_FLAG, .store = FULL,
	  .doc = "everything bench has: all backends, lines and forms, long windows",
	  OPT_TO(struct run_command, size) },
	{ .name = "out", .kind = OPT_DIR, .doc = "results folder, by default results/runs/<UTC>-<host>",
	  OPT_TO(struct run_command, out) },
	{ .name = "seed", .kind = OPT_NUMBER, .preset = "1", .doc = "of everything random",
	  OPT_TO(struct run_command, seed) },
	{ .name = "perf", .kind = OPT_LIST, OPT_NAMES_OF(opt_perf_words), .preset = "auto",
	  .take = take_perf,
	  .doc = "events that perf counts in every window, or", .more = "As for bench." },
	{ .name = "json", .kind = OPT_FLAG,
	  .doc = "the summary of all cells as JSON instead of the tables",
	  OPT_TO(struct run_command, json) },
	{ 0 },
};

static const struct opt_table table = {
	.verb = "run",
	.summary = "the default study: measures, prints the headline, keeps the results",
	.usage = "[--quick | --full] [options]",
	.about = "Measures what a kick costs, puts the protocols to every judge, and prints the headline.",
	.after = "Exit: the worst of bench, explore, stress and kvm.",
	.option = options,
	.size = sizeof(struct run_command),
};

/* The other generations of KVM's kick are left to --full. */
static void leave_out_generations(struct bench_options *o)
{
	size_t kept = 0;

	for (size_t i = 0; i < o->n_backends; i++)
		if (strncmp(o->backend[i]->name, "kvm_", 4) && strcmp(o->backend[i]->name, "patched_515"))
			o->backend[kept++] = o->backend[i];
	o->n_backends = kept;
}

/* The plan of each size; windows are short, since repetitions matter more. */
static void choose(struct bench_options *o, const struct run_command *r)
{
	static const double rates[] = { 1e3, 1e4, 1e5, 1e6 };

	bench_options_init(o);
	o->seed = r->seed;
	o->perf = r->counted;
	if (r->size == FULL) {
		o->n_backends = bench_n_backends < BENCH_MAX_LIST ? bench_n_backends : BENCH_MAX_LIST;
		for (size_t i = 0; i < o->n_backends; i++)
			o->backend[i] = &bench_backends[i];
		o->pairs_per_class = 4;
		return;
	}
	for (size_t i = 0; i < 4; i++)
		o->migrations[i] = rates[i];
	o->n_migrations = 4;
	o->vcpus[0] = 64;
	o->vcpus[1] = 1024;
	o->n_vcpus = 2;
	o->in_guest_pct[0] = 0;
	o->in_guest_pct[1] = 100;
	o->n_in_guest_pct = 2;
	o->scenario[o->n_scenarios++] = bench_scenario_find("broadcast");
	leave_out_generations(o);
	o->reduced = true;
	o->window_ns = r->size == QUICK ? 1000000 : 4000000;
	o->live_window_ns = r->size == QUICK ? 5000000 : 25000000;
}

/* That /dev/kvm shows nothing here, with one PU or in that short time, leaves the study what it is. */
static int running_kernel(const struct run_command *r, struct bench_session *session,
			  const struct bench_plan *plan)
{
	int code = verdicts_kvm(&session->folder, plan->topo, r->seed);

	return code == EXIT_UNDECIDED ? EXIT_SKIPPED : code;
}

/* The judges that follow bench print beside its tables; with --json their rows are in the files. */
static int judge(const struct run_command *r, struct bench_session *session, const struct bench_plan *plan)
{
	const char *left_out = bench_plan_left_out(plan->options);
	int code = EXIT_SKIPPED;

	if (r->json ? view_cells(session, true) : view_tables(session->folder.path))
		return EXIT_ENVIRONMENT;
	if (r->json)
		return code;
	if (!verb_signal())
		code = exit_code_worst(code, verdicts_explore(&session->folder));
	if (!verb_signal())
		code = exit_code_worst(code, verdicts_weaken(&session->folder));
	if (!verb_signal())
		code = exit_code_worst(code, verdicts_stress(&session->folder, plan->topo, r->seed));
	if (!verb_signal())
		code = exit_code_worst(code, running_kernel(r, session, plan));
	if (left_out[0])
		printf("\n%s\n", left_out);
	printf("results: %s\n", session->folder.path);
	return code;
}

static int study(const struct run_command *r, struct bench_options *o, const struct topo *topo,
		 int argc, char **argv)
{
	static struct bench_session session;
	struct bench_plan plan;
	char err[256];
	int code;

	if (bench_plan_make(&plan, o, topo, err, sizeof(err)))
		return env_error("%s", err);
	code = session_opened(&session, bench_session_open(&session, r->out, argc, argv, &plan));
	if (!code) {
		fprintf(stderr, "%zu rows, about %.0f s\n", plan.n_turns, (double)plan.duration_ns * 1e-9);
		verb_catch_signals();
		code = session_measure(&session, false);
		code = exit_code_worst(code, judge(r, &session, &plan));
		code = session_close(&session, code);
		code = exit_code_worst(code, view_run(session.folder.path, r->json ? stderr : stdout));
	}
	bench_plan_free(&plan);
	return code;
}

static int run(struct opt_line *line)
{
	struct bench_options o;
	struct topo *topo;
	int code = session_topo(&topo, NULL, NULL);

	if (code)
		return code;
	choose(&o, &command);
	code = study(&command, &o, topo, line->argc, line->argv);
	topo_free(topo);
	return code;
}

const struct verb verb_run = { &table, &command, run };
