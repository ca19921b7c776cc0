// SPDX-License-Identifier: GPL-2.0-or-later
/* kickbench stress: real threads, real races, a verdict. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cjson/cJSON.h>

#include "cli/exit_code.h"
#include "cli/open_folder.h"
#include "cli/opt.h"
#include "cli/session.h"
#include "cli/stress_options.h"
#include "cli/stress_report.h"
#include "cli/verbs.h"
#include "results/schema.h"
#include "results/sink.h"
#include "topo/topo.h"

const char verb_stress_summary[] = "kick at random on real threads, with an oracle beside them";

struct run {
	const struct stress_command *command;
	const struct topo *topo;
	struct folder folder;
	struct csv_writer csv;
	cJSON *json; /* one object per backend */
	const char *backend;
	int argc;
	char **argv;
	char err[512];
};

static cJSON *plan_json(const struct stress_command *c)
{
	cJSON *json = cJSON_CreateObject(), *names = cJSON_AddArrayToObject(json, "backends");

	for (size_t i = 0; i < c->n_backends; i++)
		cJSON_AddItemToArray(names, cJSON_CreateString(c->backend[i]->name));
	cJSON_AddNumberToObject(json, "seconds_each", (double)c->stress.duration_ns * 1e-9);
	cJSON_AddNumberToObject(json, "windows", c->stress.windows);
	cJSON_AddNumberToObject(json, "faults", c->stress.faults);
	return json;
}

/* trace-BACKEND-KIND.txt and .json, for each kind that was found first in some phase. */
static int write_traces(struct run *run, const struct stress_backend *b,
			const struct stress_result *r)
{
	struct sink_folder to;
	int failed = 0;

	sink_folder_init(&to, &run->folder);
	for (int kind = 0; kind < STRESS_N_KINDS && !failed; kind++) {
		char name[128];

		snprintf(name, sizeof(name), "trace-%s-%s", b->name, stress_kind_name[kind]);
		if (r->trace[kind].n)
			failed = sink_lanes(&to.sink, name, &r->trace[kind]);
	}
	return failed;
}

/* The command that repeats script and delays, for a report of something found. */
static void print_again(const struct run *run, const struct stress_backend *b)
{
	const struct stress_options *o = &run->command->stress;

	printf("  again: kickbench stress --backend %s --seed %llu --seconds %g", b->name,
	       (unsigned long long)o->seed, (double)o->duration_ns * 1e-9);
	for (int i = 1; i < run->argc; i++) {
		static const char *const other[] = { "--windows", "--kickers", "--carriers",
						     "--vcpus",	  "--pcpus",   "--events",
						     "--think",	  "--delay",   "--weights",
						     "--faults" };

		for (size_t k = 0; k < sizeof(other) / sizeof(other[0]); k++) {
			size_t n = strlen(other[k]);

			if (!strncmp(run->argv[i], other[k], n) && run->argv[i][n] == '=')
				printf(" %s", run->argv[i]);
			else if (!strcmp(run->argv[i], other[k]) && i + 1 < run->argc)
				printf(" %s %s", other[k], run->argv[i + 1]);
		}
	}
	puts("\n         (the same script and delays; the threads do not repeat)");
}

static int code_of(const struct run *run, const struct stress_result *r)
{
	if (run->command->expect ? !r->as_declared : r->verdict == VERDICT_VIOLATED)
		return EXIT_VIOLATED;
	return r->verdict == VERDICT_INCONCLUSIVE ? EXIT_UNDECIDED : EXIT_AS_STATED;
}

static void on_progress(void *arg, double share)
{
	const struct run *run = arg;
	double s = (double)run->command->stress.duration_ns * 1e-9;

	if (isatty(STDERR_FILENO))
		fprintf(stderr, "\r\033[K%s: %.0f s left%s", run->backend,
			share < 1 ? s * (1 - share) : 0, share < 1 ? "" : "\r\033[K");
}

static int report(struct run *run, const struct stress_backend *b, const struct stress_result *r)
{
	const struct stress_options *o = &run->command->stress;
	int failed = stress_report_rows(&run->csv, run->folder.run_id, b, o, r);

	if (!failed)
		failed = write_traces(run, b, r);
	if (run->json) {
		cJSON_AddItemToArray(run->json, stress_report_json(b, o, r));
	} else {
		stress_report_print(stdout, b, o, r);
		if (r->bits)
			print_again(run, b);
		fflush(stdout);
	}
	if (failed)
		return env_error("cannot write %s: %s", run->folder.path, strerror(-failed));
	return EXIT_AS_STATED;
}

static int stress_one(struct run *run, const struct stress_backend *b)
{
	struct stress_options o = run->command->stress;
	static struct stress_result r;
	int failed, code;

	if (stress_na(b)) {
		fprintf(stderr, "%s: na: %s\n", b->name, stress_na(b));
		return EXIT_SKIPPED;
	}
	o.progress = on_progress;
	o.arg = run;
	run->backend = b->name;
	failed = stress_run(b, &o, run->topo, &r, run->err, sizeof(run->err));
	code = failed && failed != -EINTR ? env_error("%s", run->err) : report(run, b, &r);
	if (failed == -EINTR)
		code = session_signal() ? 128 + session_signal() : EXIT_ENVIRONMENT;
	else if (!code)
		code = code_of(run, &r);
	stress_result_fini(&r);
	return code;
}

static void print_json(cJSON *json)
{
	char *text = cJSON_Print(json);

	puts(text ? text : "null");
	free(text);
}

static int run_all(struct run *run)
{
	const struct open_folder of = { .out = run->command->out, .argc = run->argc, .argv = run->argv,
					.seed = run->command->stress.seed, .plan = plan_json(run->command),
					.topo = run->topo, .schema = &schema_stress };
	int code = open_folder(&run->folder, &run->csv, &of), all = EXIT_SKIPPED;

	if (code)
		return code;
	session_catch_signals();
	run->json = run->command->json ? cJSON_CreateArray() : NULL;
	for (size_t i = 0; i < run->command->n_backends && all < 128; i++)
		all = exit_code_worst(all, stress_one(run, run->command->backend[i]));
	if (run->json)
		print_json(run->json);
	cJSON_Delete(run->json);
	csv_writer_close(&run->csv);
	fprintf(stderr, "results: %s\n", run->folder.path);
	if (folder_close(&run->folder, all > 128 ? "interrupted" : "complete", run->err,
			 sizeof(run->err)))
		return exit_code_worst(all, env_error("%s", run->err));
	return all;
}

int verb_stress(int argc, char **argv)
{
	struct stress_command command;
	static struct run run;
	struct topo *topo = NULL;
	int code = stress_command_parse(&command, argc, argv);

	if (!code && command.help)
		fputs(stress_command_help, stdout);
	else if (!code)
		code = session_topo(&topo, NULL, NULL);
	if (topo) {
		run = (struct run){ .command = &command, .topo = topo, .argc = argc, .argv = argv };
		code = run_all(&run);
	}
	topo_free(topo);
	free(command.backend);
	return code;
}
