// SPDX-License-Identifier: GPL-2.0-or-later
/* --merge of damaged files of parts, --replay of damaged names: a verdict, or one line that says why not. */
#include <errno.h>
#include <limits.h>

#include "explore/cell/ask.h"
#include "explore/cell/explore.h"
#include "results/lanes.h"
#include "results/schema.h"
#include "results/sink.h"
#include "tests/fuzz.h"
#include "tests/scratch.h"

static char path[SCRATCH_SIZE], *parts, example[XP_NAME];

static int ask(const char *backend, const char *preset, const struct xp_division *division, struct sink *sink)
{
	static const char *const model = "tso";
	const struct xp_backend *of = xp_backend(backend);
	struct xp_ask ask = { .backend = &of, .n_backends = 1, .scenario = xp_preset(preset),
			      .n_scenarios = 1, .model = &model, .n_models = 1, .options.bound = -1 };

	if (division)
		ask.division = *division;
	return xp_run(&ask, sink);
}

static void merge(struct fuzz *f)
{
	char *file[] = { path }, *text = fuzz_mutate(f, parts), err[512];
	struct xp_division division = { .merge = file, .n_merge = 1 };
	struct sink_rows rows;

	fuzz_put(path, text);
	free(text);
	if (xp_parts_mergeable(path, err, sizeof(err)))
		return;
	sink_rows_init(&rows);
	ask("old", "one-kick", &division, &rows.sink);
	sink_rows_fini(&rows);
}

static void replay(struct fuzz *f)
{
	static struct xp_cell cell;
	struct lanes lanes = { 0 };
	char err[512], *name = fuzz_mutate(f, example);

	if (!xp_example_replay(name, &cell, err, sizeof(err)) && !xp_lanes(&cell, true, &lanes))
		lanes_fini(&lanes);
	free(name);
}

static void one(struct fuzz *f)
{
	if (!fuzz_below(f, 3))
		merge(f);
	else
		replay(f);
}

int main(void)
{
	struct xp_division division = { .resume = scratch_path(path, "parts.csv") };
	struct sink_rows rows;
	const char *text = NULL;
	size_t length;

	sink_rows_init(&rows);
	if (ask("old", "one-kick", &division, &rows.sink) || ask("old", "two-kicks", NULL, &rows.sink) ||
	    results_read(path, &parts, &length))
		return 1;
	for (size_t i = 0; i < rows.n; i++)
		text = csv_get(&rows.row[i], "replay") ? csv_get(&rows.row[i], "replay") : text;
	if (!text)
		return 1;
	snprintf(example, sizeof(example), "%s", text);
	sink_rows_fini(&rows);
	return fuzz_run("merge and replay", 2000, one);
}
