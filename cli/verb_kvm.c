// SPDX-License-Identifier: GPL-2.0-or-later
/* kickbench kvm: the same questions put to the running kernel. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cjson/cJSON.h>

#include "cli/exit_code.h"
#include "cli/kvm_options.h"
#include "cli/kvm_report.h"
#include "cli/open_folder.h"
#include "cli/opt.h"
#include "cli/session.h"
#include "cli/verbs.h"
#include "kvm/kick.h"
#include "results/schema.h"

const char verb_kvm_summary[] = "the same questions put to the running kernel through /dev/kvm";

struct run {
	const struct kvm_command *command;
	const struct topo *topo;
	int argc;
	char **argv;
	struct folder folder;
	struct csv_writer csv;
	struct csv_row row;
	cJSON *rows; /* with --json */
	int code;    /* what went wrong beside the measuring */
};

static bool stop(void)
{
	return session_signal() != 0;
}

static cJSON *plan_json(const struct kvm_options *o)
{
	cJSON *json = cJSON_CreateObject(), *kicks = cJSON_AddArrayToObject(json, "kicks");

	for (size_t i = 0; i < o->n_kicks; i++)
		cJSON_AddItemToArray(kicks, cJSON_CreateString(o->kick[i]->name));
	cJSON_AddNumberToObject(json, "seconds", o->seconds);
	cJSON_AddBoolToObject(json, "only_migrate", o->only_migrate);
	return json;
}

/* Only now there is something to keep. */
static int on_begin(void *arg, const struct kvm_host *host)
{
	struct run *run = arg;
	const struct open_folder of = { .out = run->command->out,
					.argc = run->argc,
					.argv = run->argv,
					.seed = run->command->kvm.seed,
					.plan = plan_json(&run->command->kvm),
					.topo = run->topo,
					.schema = &schema_kvm };

	run->code = open_folder(&run->folder, &run->csv, &of);
	if (!run->code && !run->command->json) {
		kvm_report_host(stdout, host);
		kvm_report_head(stdout);
	}
	return run->code;
}

static void on_row(void *arg, const struct kvm_row *row)
{
	struct run *run = arg;
	int failed = kvm_report_csv(&run->row, run->folder.run_id, row);

	if (!failed)
		failed = csv_write(&run->csv, &run->row);
	if (failed && !run->code)
		run->code = env_error("cannot write %s: %s", run->folder.path, strerror(-failed));
	if (run->rows)
		cJSON_AddItemToArray(run->rows, csv_row_json(&run->row));
	else
		kvm_report_row(stdout, row);
	fflush(stdout);
}

static void print_result(struct run *run, const struct kvm_result *result)
{
	cJSON *json = kvm_report_json(result);
	char *text;

	if (run->rows) {
		cJSON_AddItemToObject(json, "rows", run->rows);
		text = cJSON_Print(json);
		puts(text ? text : "null");
		free(text);
		cJSON_DetachItemFromObject(json, "rows");
	} else {
		kvm_report_verdict(stdout, result);
	}
	if (folder_set(&run->folder, "kvm", json))
		run->code = exit_code_worst(run->code, env_error("out of memory"));
}

static int code_of(const struct run *run, int failed, const struct kvm_result *result,
		   const char *err)
{
	static const int code[] = { EXIT_AS_STATED, EXIT_UNDECIDED, EXIT_SKIPPED, EXIT_VIOLATED };

	if (run->code)
		return run->code;
	if (failed == -EOPNOTSUPP)
		return skipped("%s", err);
	if (failed && failed != -EINTR)
		return env_error("%s", err);
	if (!failed && result->verdict == VERDICT_NA)
		return skipped("%s", result->reason);
	return session_signal() ? 128 + session_signal() : code[result->verdict];
}

static int close_folder(struct run *run, int code)
{
	char err[256];

	csv_writer_close(&run->csv);
	fprintf(stderr, "results: %s\n", run->folder.path);
	if (folder_close(&run->folder,
			 code > 128		    ? "interrupted"
			 : code == EXIT_ENVIRONMENT ? "failed"
						    : "complete",
			 err, sizeof(err)))
		return exit_code_worst(code, env_error("%s", err));
	return code;
}

static int measure(struct run *run)
{
	struct kvm_options o = run->command->kvm;
	struct kvm_result result;
	char err[256];
	int failed, code;

	o.begin = on_begin;
	o.row = on_row;
	o.stop = stop;
	o.arg = run;
	if (csv_row_init(&run->row, &schema_kvm))
		return env_error("out of memory");
	run->rows = run->command->json ? cJSON_CreateArray() : NULL;
	failed = kvm_measure(&o, run->topo, &result, err, sizeof(err));
	if (!failed || failed == -EINTR)
		print_result(run, &result);
	code = code_of(run, failed, &result, err);
	if (run->folder.run)
		code = close_folder(run, code);
	cJSON_Delete(run->rows);
	csv_row_fini(&run->row);
	return code;
}

static int run_lab(const struct kvm_lab_options *given, struct csv_writer *csv, struct csv_row *row,
		   const struct topo *topo)
{
	static struct kvm_lab_row result;
	struct kvm_lab_options lab = *given;
	char err[256];
	int failed;

	lab.stop = stop;
	failed = kvm_lab(&lab, topo, &result, err, sizeof(err));
	if (failed == -ENOENT || failed == -EOPNOTSUPP)
		return skipped("%s", err);
	if (failed == -ERANGE) {
		fprintf(stderr, "kickbench: %s\n", err);
		return EXIT_UNDECIDED;
	}
	if (failed && failed != -EINTR)
		return env_error("%s", err);
	if (lab.free_ns)
		fprintf(stderr, "kickbench: free run: %llu kicks, %llu migrations\n",
			(unsigned long long)result.rounds, (unsigned long long)result.migrations);
	failed = kvm_report_lab(row, &lab, &result);
	if (!failed && !csv->schema)
		failed = csv_writer_stream(csv, STDOUT_FILENO, &schema_kernel_lab);
	if (!failed)
		failed = csv_write(csv, row);
	if (failed)
		return env_error("cannot write to stdout: %s", strerror(-failed));
	return session_signal() ? 128 + session_signal() : EXIT_AS_STATED;
}

/* What old loses is not judged here: the rows are data for those who know which module runs. */
static int run_labs(const struct kvm_command *c, const struct topo *topo)
{
	struct csv_writer csv = { .fd = -1 };
	struct csv_row row;
	int code = EXIT_SKIPPED;

	if (csv_row_init(&row, &schema_kernel_lab))
		return env_error("out of memory");
	/* After a failure a kicker may still be held: the next row would not be the first one's. */
	for (size_t i = 0; i < c->n_labs && code < 128 && code != EXIT_ENVIRONMENT; i++)
		code = exit_code_worst(code, run_lab(&c->lab[i], &csv, &row, topo));
	csv_row_fini(&row);
	return code;
}

int verb_kvm(int argc, char **argv)
{
	static struct kvm_command command;
	static struct run run;
	struct topo *topo = NULL;
	int code = kvm_command_parse(&command, argc, argv);

	if (!code && command.help)
		fputs(kvm_command_help, stdout);
	else if (!code)
		code = session_topo(&topo, NULL, NULL);
	if (topo) {
		session_catch_signals();
		run = (struct run){
			.command = &command, .topo = topo, .argc = argc, .argv = argv, .csv.fd = -1
		};
		code = command.n_labs ? run_labs(&command, topo) : measure(&run);
	}
	topo_free(topo);
	return code;
}
