// SPDX-License-Identifier: GPL-2.0-or-later
/* What `run` asks of explore: the quick verdict matrix, and which orders of patched carry weight. */
#include "cli/verdicts.h"

#include <stdio.h>
#include <string.h>

#include "cli/exit_code.h"
#include "cli/opt.h"
#include "cli/signals.h"
#include "cli/view_explore.h"
#include "cli/view_weaken.h"
#include "explore/study/weaken_rows.h"
#include "results/schema.h"

/* A cell, or all weakenings, that take longer are undecided, and say so. */
enum { CELL_LIMIT_S = 5, WEAKEN_LIMIT_S = 10 };

static const char *const models[] = { "sc", "tso", "pso", "rc11" };
enum { N_PRESETS = 2, N_MODELS = 4, N_WEAKEN_MODELS = 3 };

static bool stopped(void *arg)
{
	(void)arg;
	return verb_signal();
}

static const struct xp_watcher watcher = { .stopped = stopped };

static void presets(struct xp_scenario scenario[N_PRESETS])
{
	scenario[0] = *xp_preset("one-kick");
	scenario[1] = *xp_preset("two-kicks");
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

int verdicts_explore(const struct folder *folder)
{
	struct xp_scenario scenario[N_PRESETS];
	struct xp_ask ask = { .backend = xp_backends, .scenario = scenario, .n_scenarios = N_PRESETS,
			      .model = models, .n_models = N_MODELS, .options.bound = -1,
			      .seconds = CELL_LIMIT_S, .expect = true, .run_id = folder->run_id,
			      .watcher = &watcher };
	struct sink_folder files;
	struct sink_only only;
	struct view_quick table;
	struct view_code code;
	struct view_svg pictures;
	struct sink *to[] = { &code.sink, &table.sink, &only.sink, &pictures.sink };
	struct sink_tee tee;
	int failed;

	presets(scenario);
	while (xp_backends[ask.n_backends])
		ask.n_backends++;
	sink_folder_init(&files, folder);
	sink_only_init(&only, &files.sink, &schema_explore);
	only.lanes = XP_EXAMPLE;
	view_svg_init(&pictures, NULL, folder);
	view_code_init(&code);
	view_quick_init(&table, N_PRESETS * N_MODELS);
	sink_tee_init(&tee, to, 4);
	print_title();
	failed = xp_run(&ask, &tee.sink);
	if (table.done % table.n_cells)
		putchar('\n');
	code.code = judge_files(&files, failed, code.code);
	sink_folder_close(&files);
	return verb_signal() ? 128 + verb_signal() : code.code;
}

static void print_line(void *arg, const struct xp_barriers *b)
{
	view_weaken_line(stdout, b, arg);
}

int verdicts_weaken(const struct folder *folder)
{
	const struct xp_backend *backend = xp_backend("patched");
	struct xp_scenario scenario[N_PRESETS];
	const struct xp_ask cells = { .backend = &backend, .n_backends = 1, .scenario = scenario,
				      .n_scenarios = N_PRESETS, .model = models,
				      .n_models = N_WEAKEN_MODELS, .options.bound = -1,
				      .seconds = WEAKEN_LIMIT_S, .run_id = folder->run_id,
				      .watcher = &watcher };
	struct view_weaken table;
	const struct xp_weaken_ask ask = { .cells = &cells, .together = true, .ended = print_line,
					   .arg = &table };
	struct sink_folder files;
	struct sink_only only;
	struct sink *to[] = { &table.sink, &only.sink };
	struct sink_tee tee;
	int code;

	if (!backend)
		return EXIT_SKIPPED;
	presets(scenario);
	sink_folder_init(&files, folder);
	sink_only_init(&only, &files.sink, &schema_weaken);
	view_weaken_init(&table);
	sink_tee_init(&tee, to, 2);
	code = judge_files(&files, xp_run_weaken(&ask, &tee.sink), EXIT_AS_STATED);
	view_weaken_clear(&table);
	sink_folder_close(&files);
	return code;
}
