// SPDX-License-Identifier: GPL-2.0-or-later
/* kickbench run: the default study. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cjson/cJSON.h>

#include "cli/bench_options.h"
#include "cli/exit_code.h"
#include "cli/opt.h"
#include "cli/session.h"
#include "cli/verbs.h"
#include "cli/verdicts.h"
#include "cli/view_report.h"

const char verb_run_summary[] = "the default study: measures, prints the headline, keeps the results";

static const char help[] =
	"usage: kickbench run [--quick | --full] [--out DIR] [--seed S] [--perf LIST]\n"
	"                     [--json]\n"
	"  --quick    about 20 seconds: shorter windows\n"
	"  --full     everything bench has: all backends, lines and forms, long windows\n"
	"  --out DIR  results folder (default results/runs/<UTC>-<host>)\n"
	"  --seed S   of everything random (default 1)\n"
	"  --perf LIST  auto kernel off, or events: what perf counts in every window (default auto)\n"
	"  --json     the summary of all cells as JSON instead of the tables\n";

enum size { QUICK, DEFAULT, FULL };

struct run_command {
	enum size size;
	const char *out;
	uint64_t seed;
	struct perf_set perf;
	const struct perf_set *counted; /* NULL: the defaults */
	bool json, help;
};

static int parse(struct run_command *r, int argc, char **argv)
{
	static const struct option longopts[] = { { "quick", no_argument, NULL, 'q' },
						  { "full", no_argument, NULL, 'f' },
						  { "out", required_argument, NULL, 'o' },
						  { "seed", required_argument, NULL, 's' },
						  { "perf", required_argument, NULL, 'p' },
						  { "json", no_argument, NULL, 'j' },
						  { "help", no_argument, NULL, 'h' },
						  { 0 } };
	int option;

	*r = (struct run_command){ .size = DEFAULT, .seed = 1 };
	optind = 1;
	opterr = 0;
	while ((option = getopt_long(argc, argv, ":", longopts, NULL)) != -1) {
		if (option == 'q' || option == 'f')
			r->size = option == 'q' ? QUICK : FULL;
		else if (option == 'o')
			r->out = optarg;
		else if (option == 'j')
			r->json = true;
		else if (option == 'h')
			r->help = true;
		else if (option == 's' && opt_u64(optarg, &r->seed))
			return usage_error("run: --seed '%s': expected a number", optarg);
		else if (option == 'p' && bench_take_perf(optarg, &r->perf, &r->counted))
			return EXIT_USAGE;
		else if (option == '?')
			return usage_error("run: unknown option '%s' (see --help)", argv[optind - 1]);
		else if (option == ':')
			return usage_error("run: option '%s' wants a value", argv[optind - 1]);
	}
	if (optind < argc)
		return usage_error("run: unexpected argument '%s'", argv[optind]);
	return EXIT_AS_STATED;
}

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
static void choose(struct bench_command *command, const struct run_command *r)
{
	static const double rates[] = { 1e3, 1e4, 1e5, 1e6 };
	struct bench_options *o = &command->bench;

	bench_command_init(command);
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
static int running_kernel(const struct run_command *r, struct session *session, const struct bench_plan *plan)
{
	int code = verdicts_kvm(&session->folder, plan->topo, r->seed);

	return code == EXIT_UNDECIDED ? EXIT_SKIPPED : code;
}

/* The judges that follow bench print beside its tables; with --json their rows are in the files. */
static int judge(const struct run_command *r, struct session *session, const struct bench_plan *plan)
{
	const char *left_out = bench_plan_left_out(plan->options);
	int code = EXIT_SKIPPED;

	if (r->json ? view_cells(session, true) : view_tables(session->folder.path))
		return EXIT_ENVIRONMENT;
	if (r->json)
		return code;
	if (!session_signal())
		code = exit_code_worst(code, verdicts_explore(&session->folder));
	if (!session_signal())
		code = exit_code_worst(code, verdicts_weaken(&session->folder));
	if (!session_signal())
		code = exit_code_worst(code, verdicts_stress(&session->folder, plan->topo, r->seed));
	if (!session_signal())
		code = exit_code_worst(code, running_kernel(r, session, plan));
	if (left_out[0])
		printf("\n%s\n", left_out);
	printf("results: %s\n", session->folder.path);
	return code;
}

static int study(const struct run_command *r, struct bench_command *command, const struct topo *topo,
		 int argc, char **argv)
{
	static struct session session;
	struct bench_plan plan;
	char err[256];
	int code;

	if (bench_plan_make(&plan, &command->bench, topo, err, sizeof(err)))
		return env_error("%s", err);
	code = session_open(&session, r->out, argc, argv, &plan, topo);
	if (!code) {
		fprintf(stderr, "%zu rows, about %.0f s\n", plan.n_turns, (double)plan.duration_ns * 1e-9);
		session_catch_signals();
		code = session_bench(&session, &plan);
		code = exit_code_worst(code, judge(r, &session, &plan));
		code = session_close(&session, code);
		code = exit_code_worst(code, view_run(session.folder.path, r->json ? stderr : stdout));
	}
	bench_plan_free(&plan);
	return code;
}

int verb_run(int argc, char **argv)
{
	struct run_command r;
	struct bench_command command;
	struct topo *topo;
	int code = parse(&r, argc, argv);

	if (code || r.help) {
		if (!code)
			fputs(help, stdout);
		return code;
	}
	choose(&command, &r);
	code = session_topo(&topo, NULL, NULL);
	if (!code) {
		code = study(&r, &command, topo, argc, argv);
		topo_free(topo);
	}
	bench_command_fini(&command);
	return code;
}
