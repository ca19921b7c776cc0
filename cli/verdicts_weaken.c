// SPDX-License-Identifier: GPL-2.0-or-later
/* Which orders of patched carry weight, in the presets of the quick matrix: weaken.csv of a run. */
#include "cli/verdicts.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "cli/exit_code.h"
#include "cli/opt.h"
#include "cli/session.h"
#include "cli/weaken_rows.h"
#include "explore/study/barriers.h"
#include "results/schema.h"

enum { LIMIT_S = 10, MAX_SITES = 64 };

/* What was tried until now. */
struct trials {
	struct csv_writer csv;
	struct csv_row row;
	const char *run_id;
	const struct xp_ordered *broken[MAX_SITES];
	size_t n_broken, n_undecided;
	time_t limit;
	int failed;
};

static time_t now_s(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec;
}

static bool tick(void *arg, uint64_t executions)
{
	const struct trials *t = arg;

	(void)executions;
	return !session_signal() && now_s() < t->limit;
}

static bool stopped(void *arg)
{
	(void)arg;
	return session_signal() != 0;
}

static void note_broken(struct trials *t, const struct xp_ordered *site)
{
	for (size_t i = 0; i < t->n_broken; i++)
		if (t->broken[i] == site)
			return;
	if (t->n_broken < MAX_SITES)
		t->broken[t->n_broken++] = site;
}

static void tried(void *arg, const struct xp_trial *trial)
{
	struct trials *t = arg;
	int failed;

	csv_row_clear(&t->row);
	weaken_fill(&t->row, t->run_id, trial);
	failed = csv_write(&t->csv, &t->row);
	if (!t->failed)
		t->failed = failed;
	if (trial->round == XP_SINGLE && trial->came == XP_BREAKS)
		note_broken(t, trial->site[0]);
	t->n_undecided += trial->came == XP_UNDECIDED;
}

static int study(struct trials *t, const struct xp_backend *backend)
{
	static const char *const models[] = { "sc", "tso", "pso" };
	const struct xp_scenario scenarios[] = { *xp_preset("one-kick"), *xp_preset("two-kicks") };
	struct xp_barriers b = { .backend = backend,
				 .scenario = scenarios,
				 .n_scenarios = 2,
				 .model = models,
				 .n_models = 3,
				 .options = { .bound = -1, .tick = tick, .arg = t },
				 .tried = tried,
				 .stopped = stopped,
				 .arg = t };
	int failed = xp_barriers_study(&b);

	if (!failed)
		printf("\nOrders of %s, each weakened by itself (explore --weaken), in our model:"
		       " %zu of %d carry weight%s\n",
		       backend->name, t->n_broken, b.n_sites,
		       t->n_undecided ? ";\nnot all was explored to its end" : "");
	xp_barriers_fini(&b);
	return failed ? failed : t->failed;
}

int verdicts_weaken(const struct folder *folder)
{
	struct trials t = { .csv.fd = -1, .run_id = folder->run_id, .limit = now_s() + LIMIT_S };
	const struct xp_backend *backend = NULL;
	char err[256];
	int failed;

	for (size_t i = 0; xp_backends[i]; i++)
		if (!strcmp(xp_backends[i]->name, "patched"))
			backend = xp_backends[i];
	if (!backend)
		return EXIT_SKIPPED;
	if (folder_csv(folder, &schema_weaken, &t.csv, err, sizeof(err)))
		return env_error("%s", err);
	failed = csv_row_init(&t.row, &schema_weaken);
	if (!failed)
		failed = study(&t, backend);
	csv_row_fini(&t.row);
	csv_writer_close(&t.csv);
	return failed ? env_error("weaken.csv: %s", strerror(-failed)) : EXIT_AS_STATED;
}
