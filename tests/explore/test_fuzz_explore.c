// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * --merge of damaged files of parts, --replay of damaged names, --litmus-file of damaged tests: a verdict, or
 * one line that says why not.
 */
#include <errno.h>
#include <limits.h>

#include "explore/cell/ask.h"
#include "explore/cell/explore.h"
#include "explore/litmus/ask.h"
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

static const char litmus[] =
	"C t\n(* Result: Never *)\n{ int x = 0; int *p = &y; spinlock_t l; 1:r3=2; }\n"
	"P0(int *x, int *y, spinlock_t *l, int **p)\n{\n\tint r0;\n\tspin_lock(l);\n"
	"\tWRITE_ONCE(*x, 1 + 2 * 3);\n"
	"\tif (READ_ONCE(*y) == 1 && !(3 == 1)) { *x = 2; } else r0 = xchg_release(y, 3);\n"
	"\tspin_unlock(l);\n}\n"
	"P1(int *x, int *y, int **p)\n{\n\tint *q = rcu_dereference(*p);\n"
	"\tint r1 = cmpxchg(q, 0, 1) ? *x : -4;\n"
	"\tsmp_mb();\n\tatomic_inc(y);\n\tint r2 = atomic_dec_and_test(x);\n}\n"
	"locations [x; 1:r1]\nfilter (1:r2=0)\n"
	"exists (0:r0=1 /\\ ~(1:q=y \\/ x=2) /\\ not 1:r1=0)\n";

static void observe(struct fuzz *f)
{
	static const char *const model[] = { "sc", "rc11" };
	char *file[] = { path }, *text = fuzz_mutate(f, litmus), err[512];
	const struct xp_litmus_ask ask = { .file = file, .n_files = 1, .model = model, .n_models = 2 };
	struct sink_rows rows;

	fuzz_put(path, text);
	free(text);
	sink_rows_init(&rows);
	xp_run_litmus_files(&ask, &rows.sink, err, sizeof(err));
	sink_rows_fini(&rows);
}

static void one(struct fuzz *f)
{
	unsigned int what = fuzz_below(f, 6);

	if (what < 2)
		merge(f);
	else if (what < 4)
		observe(f);
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
	return fuzz_run("merge, replay and litmus files", 1000, one);
}
