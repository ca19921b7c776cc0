// SPDX-License-Identifier: GPL-2.0-or-later
/* explore --weaken: runs the study of each backend, and hands its trials to rows, JSON and the table. */
#include "cli/explore_weaken.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <cjson/cJSON.h>

#include "cli/exit_code.h"
#include "cli/explore_output.h"
#include "cli/explore_watch.h"
#include "cli/weaken_table.h"
#include "results/schema.h"

struct run {
	struct explore_command *command;
	struct watch watch;
	struct explore_folder folder;
	struct csv_row row;
	struct weaken_rows rows;
	cJSON *json;
	int code;
};

static void failed(struct run *run, const char *what, int code)
{
	run->code = exit_code_worst(run->code, env_error("%s: %s", what, strerror(-code)));
}

static void tried(void *arg, const struct xp_trial *trial)
{
	struct run *run = arg;
	int code = weaken_keep(&run->rows, trial);

	if (code)
		failed(run, "--weaken", code);
	csv_row_clear(&run->row);
	weaken_fill(&run->row, run->folder.folder.run_id, trial);
	if (run->json)
		cJSON_AddItemToArray(run->json, csv_row_json(&run->row));
	code = run->command->out ? csv_write(&run->folder.csv, &run->row) : 0;
	if (code)
		failed(run, run->folder.folder.path, code);
	run->code = exit_code_worst(run->code, trial->came == XP_UNDECIDED ? EXIT_UNDECIDED : EXIT_AS_STATED);
}

static void begins(void *arg)
{
	struct run *run = arg;

	watch_end(&run->watch);
	watch_begin(&run->watch, run->command->seconds);
}

static bool stopped(void *arg)
{
	(void)arg;
	return watch_caught();
}

/* On stdout, and with --out in the folder. */
static void print(struct run *run, const struct xp_barriers *b)
{
	char file[160], path[PATH_MAX];
	FILE *out;

	if (!run->json)
		weaken_table(stdout, b, &run->rows);
	fflush(stdout);
	if (!run->command->out)
		return;
	snprintf(file, sizeof(file), "weaken-%s.txt", b->backend->name);
	out = folder_file(&run->folder.folder, file, path, sizeof(path)) ? NULL : fopen(path, "w");
	if (out)
		weaken_table(out, b, &run->rows);
	if (!out || fclose(out))
		failed(run, run->folder.folder.path, -errno);
}

static void study(struct run *run, const struct xp_backend *backend, const struct xp_scenario *scenario)
{
	struct explore_command *c = run->command;
	struct xp_barriers b = { .backend = backend, .scenario = scenario, .n_scenarios = c->n_presets,
				 .model = c->model, .n_models = c->n_models, .options = c->options,
				 .pairs = c->pairs, .begins = begins, .tried = tried,
				 .stopped = stopped, .arg = run };
	int code;

	b.options.tick = watch_tick;
	b.options.arg = &run->watch;
	watch_begin(&run->watch, c->seconds);
	code = xp_barriers_study(&b);
	watch_end(&run->watch);
	if (code)
		failed(run, "--weaken", code);
	else if (b.n_bases)
		print(run, &b);
	else if (!run->json)
		printf("%s: na: it has none of these presets\n", backend->name);
	xp_barriers_fini(&b);
	weaken_rows_fini(&run->rows);
}

static void studies(struct run *run)
{
	static struct xp_scenario scenario[EXPLORE_MAX_LIST];
	struct explore_command *c = run->command;
	size_t i;

	for (i = 0; i < c->n_presets; i++)
		scenario[i] = explore_scenario(c, c->preset[i]);
	for (i = 0; i < c->n_backends && !watch_caught(); i++)
		study(run, c->backend[i], scenario);
	if (watch_caught())
		run->code = 128 + watch_caught();
}

int explore_weaken(struct explore_command *c, int argc, char **argv)
{
	static struct run run;
	char *text;

	run.command = c;
	run.code = EXIT_SKIPPED;
	if (csv_row_init(&run.row, &schema_weaken))
		return env_error("--weaken: %s", strerror(ENOMEM));
	if (c->out) {
		int code = explore_folder_open(&run.folder, &schema_weaken, c->out, argc, argv,
					       c->options.seed);

		if (code)
			return code;
	}
	run.json = c->json ? cJSON_CreateArray() : NULL;
	watch_signals();
	studies(&run);
	csv_row_fini(&run.row);
	if (c->json) {
		text = cJSON_Print(run.json);
		puts(text ? text : "null");
		free(text);
		cJSON_Delete(run.json);
	}
	return c->out ? explore_folder_close(&run.folder, run.code) : run.code;
}
