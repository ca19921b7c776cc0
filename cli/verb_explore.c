// SPDX-License-Identifier: GPL-2.0-or-later
/* kickbench explore: verdicts about backends, with a proof up to a stated bound or an interleaving. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <cjson/cJSON.h>

#include "cli/exit_code.h"
#include "cli/explore_judge.h"
#include "cli/explore_litmus.h"
#include "cli/explore_matrix.h"
#include "cli/explore_options.h"
#include "cli/explore_output.h"
#include "cli/explore_parts.h"
#include "cli/explore_run.h"
#include "cli/explore_watch.h"
#include "cli/explore_weaken.h"
#include "cli/verbs.h"
#include "results/schema.h"

const char verb_explore_summary[] = "prove that a kick cannot get lost, or show how it does";

/* What one run of the verb keeps. */
struct run {
	struct explore_command command;
	struct explore_folder folder;
	cJSON *json;
	int code;
};

static void report(void *arg, const struct explore_row *row)
{
	struct run *run = arg;
	struct explore_command *c = &run->command;
	int code;

	if (c->json)
		cJSON_AddItemToArray(run->json, explore_json(row));
	else if (!c->matrix)
		explore_print(row, c->all_steps);
	if (c->out) {
		code = explore_folder_write(&run->folder, row);
		if (code)
			run->code = exit_code_worst(run->code, code);
	}
	if (c->svg && row->cell->has_example) {
		code = explore_write_svg(c->svg, row->cell);
		if (code)
			run->code = exit_code_worst(run->code, code);
	}
}

static void run_cells(struct run *run)
{
	static struct xp_cell cell;
	struct explore_command *c = &run->command;
	struct explore_row row;
	size_t b, p, m;

	for (b = 0; b < c->n_backends; b++)
		for (p = 0; p < c->n_presets; p++)
			for (m = 0; m < c->n_models && !watch_caught(); m++) {
				explore_begin(c, c->backend[b], c->preset[p], c->model[m], &cell, &row);
				run->code = exit_code_worst(run->code, explore_run(c, &cell, &row));
				report(run, &row);
			}
	if (watch_caught())
		run->code = 128 + watch_caught();
}

static void run_replay(struct run *run)
{
	static struct xp_cell cell;
	struct explore_row row = { .cell = &cell };
	char err[300];
	int failed = xp_example_replay(run->command.replay, &cell, err, sizeof(err));

	if (failed == -EINVAL) {
		run->code = usage_error("--replay: %s", err);
		return;
	}
	if (failed) {
		run->code = env_error("--replay: %s", err);
		return;
	}
	cell.status = XP_BUDGET;
	cell.executions = 1;
	snprintf(cell.reason, sizeof(cell.reason), "replayed and verified");
	run->code = explore_judge(&row);
	report(run, &row);
}

static void list_presets(void)
{
	const struct xp_scenario *s;

	for (s = xp_presets; s->name; s++)
		printf("%-26s %s%s\n", s->name, s->doc, s->quick ? " (quick tier)" : "");
	puts("Start: each vCPU was loaded on a pCPU, is outside guest mode, no request is pending. Before\n"
	     "each migration it may enter the guest once and leave by itself; its last stint ends by an\n"
	     "IPI only. Where vCPUs share no pCPUs, only the first migrates. Kickers run on pCPUs of their\n"
	     "own. A pCPU takes IPIs at once unless its interrupts are off (form core: they stay pending,\n"
	     "and the exits are fixed).");
}

/* Does every scenario that was asked for make sense? */
static int check(const struct explore_command *c)
{
	size_t p;

	for (p = 0; p < c->n_presets; p++) {
		struct xp_scenario s = explore_scenario(c, c->preset[p]);
		const char *wrong = xp_scenario_check(&s);

		if (wrong)
			return usage_error("explore: %s takes %s", s.name, wrong);
	}
	return 0;
}

static int explore(struct run *run, int argc, char **argv)
{
	struct explore_command *c = &run->command;
	char *text;

	if (c->out) {
		int code = explore_folder_open(&run->folder, &schema_explore, c->out, argc, argv,
					       c->options.seed);

		if (code)
			return code;
	}
	watch_signals();
	run->json = c->json ? cJSON_CreateArray() : NULL;
	run->code = EXIT_SKIPPED;
	if (c->replay)
		run_replay(run);
	else if (c->matrix)
		run->code = exit_code_worst(run->code, explore_matrix(c, report, run));
	else
		run_cells(run);
	if (c->json) {
		text = cJSON_Print(run->json);
		puts(text ? text : "null");
		free(text);
		cJSON_Delete(run->json);
	}
	return c->out ? explore_folder_close(&run->folder, run->code) : run->code;
}

int verb_explore(int argc, char **argv)
{
	static struct run run;
	int code = explore_command_parse(&run.command, argc, argv);

	if (code)
		return code;
	if (run.command.help) {
		fputs(explore_command_help, stdout);
		return EXIT_AS_STATED;
	}
	if (run.command.list) {
		list_presets();
		return EXIT_AS_STATED;
	}
	code = check(&run.command);
	if (!code)
		code = explore_parts_check(&run.command);
	if (code)
		return code;
	if (run.command.litmus)
		return explore_litmus(&run.command);
	return run.command.weaken ? explore_weaken(&run.command, argc, argv) : explore(&run, argc, argv);
}
