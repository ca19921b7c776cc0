// SPDX-License-Identifier: GPL-2.0-or-later
/* The quick verdict matrix. */
#include "cli/verdicts.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "cli/exit_code.h"
#include "cli/explore_judge.h"
#include "cli/explore_output.h"
#include "cli/session.h"
#include "cli/terminal.h"

static const char *const presets[] = { "one-kick", "two-kicks" };
static const char *const models[] = { "sc", "tso", "pso", "rc11" };
enum { N_PRESETS = 2, N_MODELS = 4, CELL_LIMIT_S = 5 };

static double now_s(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec * 1e-9;
}

/* A cell that takes longer is undecided, and says so. */
static bool tick(void *arg, uint64_t executions)
{
	const double *limit = arg;

	(void)executions;
	return !session_signal() && now_s() < *limit;
}

/* One word for a cell of the table. */
static const char *word(const struct explore_row *row)
{
	const struct xp_cell *cell = row->cell;

	if (cell->status == XP_NA || cell->status == XP_FAILED)
		return cell->status == XP_NA ? "na" : "failed";
	if (cell->found)
		return xp_violation_name(xp_worst(cell->found));
	return cell->status == XP_EXHAUSTIVE ? "holds" : "undecided";
}

static int one_cell(struct explore_folder *out, const struct xp_backend *backend, const char *preset,
		    const char *model)
{
	static struct xp_cell cell;
	double began = now_s(), limit = began + CELL_LIMIT_S;
	struct xp_options options = { .bound = -1, .tick = tick, .arg = &limit };
	struct explore_row row = { .cell = &cell, .expected = true };
	int code, failed;

	memset(&cell, 0, sizeof(cell));
	cell.backend = backend;
	cell.scenario = *xp_preset(preset);
	cell.model = model;
	row.declared = xp_declared(backend, preset, xp_model_bit(model));
	xp_cell_run(&cell, &options);
	row.seconds = now_s() - began;
	code = explore_judge(&row);
	printf(" %s%-9s%s", cell.found ? terminal_bad(stdout) : "", word(&row),
	       cell.found ? terminal_plain(stdout) : "");
	failed = explore_folder_write(out, &row);
	return failed ? failed : code;
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
	struct explore_folder out;
	int code = explore_folder_join(&out, folder);

	if (code)
		return code;
	code = EXIT_SKIPPED;
	print_title();
	for (size_t b = 0; xp_backends[b] && !session_signal(); b++) {
		printf("%-20s", xp_backends[b]->name);
		for (int p = 0; p < N_PRESETS; p++)
			for (int m = 0; m < N_MODELS; m++)
				code = exit_code_worst(
					code, one_cell(&out, xp_backends[b], presets[p], models[m]));
		putchar('\n');
		fflush(stdout);
	}
	explore_folder_leave(&out);
	return session_signal() ? 128 + session_signal() : code;
}
