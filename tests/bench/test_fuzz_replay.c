// SPDX-License-Identifier: GPL-2.0-or-later
/* --replay and --resume of folders whose run.json or bench.csv was damaged: a row's turn, or one line. */
#include <limits.h>

#include "bench/plan/plan.h"
#include "bench/session/done.h"
#include "bench/session/recorded.h"
#include "tests/fuzz.h"
#include "tests/scratch.h"

static struct topo *topo;
static struct bench_plan plan;
static struct bench_options options;
static unsigned char *done;
static struct {
	const char *name;
	size_t step;
	char *text;
} file[] = { { "run.json", 1, NULL }, { "bench.csv", 20, NULL } };

static void put(int i, const char *text)
{
	char path[SCRATCH_SIZE];

	fuzz_put(scratch_path(path, file[i].name), text);
}

static void found(void *arg, size_t turn, size_t row)
{
	(void)arg;
	(void)turn;
	(void)row;
}

static void look(struct fuzz *f, const char *dir, const char *row)
{
	char bench[] = "bench", *argv[] = { bench, NULL }, err[PATH_MAX + 128], path[PATH_MAX + 32];
	struct bench_recorded recorded;
	struct csv_table table;
	bool elsewhere;
	size_t turn;

	if (!bench_recorded_load(&recorded, dir, 1, argv, err, sizeof(err))) {
		bench_recorded_drop(&recorded, "--seed");
		bench_recorded_value(&recorded, "--perf");
		if (!bench_recorded_row(dir, row, &plan, &turn, &elsewhere, err, sizeof(err)) &&
		    turn >= plan.n_turns)
			abort();
	}
	bench_recorded_fini(&recorded);
	snprintf(path, sizeof(path), "%s/bench.csv", dir);
	if (fuzz_below(f, 4) || csv_read(path, &table, err, sizeof(err)))
		return;
	bench_done(&plan, &table, 0, done, found, NULL);
	csv_table_fini(&table);
}

static void one(struct fuzz *f)
{
	int i = (int)fuzz_below(f, 2);
	char *text = fuzz_mutate(f, file[i].text), number[32], where[1024], dir[PATH_MAX];
	char err[PATH_MAX + 128];
	const char *row = number;

	put(i, text);
	free(text);
	snprintf(number, sizeof(number), "%zu", fuzz_below(f, 40));
	snprintf(where, sizeof(where), "%s:%s", scratch(), fuzz_below(f, 4) ? number : fuzz_word(f));
	if (!bench_recorded_split(where, dir, sizeof(dir), &row, err, sizeof(err)))
		look(f, dir, row);
	put(i, file[i].text);
}

int main(void)
{
	const char *src = getenv("SRC");
	char path[PATH_MAX], err[512];

	for (int i = 0; i < 2; i++) {
		snprintf(path, sizeof(path), "%s/results/reference/%s", src ? src : ".", file[i].name);
		file[i].text = fuzz_lines(path, file[i].step);
		if (!file[i].text) {
			perror(path);
			return 1;
		}
		put(i, file[i].text);
	}
	bench_options_init(&options);
	options.n_scenarios = 2; /* floor and fastpath */
	options.n_backends = 2;
	if (topo_load_synthetic(&topo, "pu:2", err, sizeof(err)) ||
	    bench_plan_make(&plan, &options, topo, err, sizeof(err)))
		return 1;
	done = calloc(plan.n_turns, 1);
	return done ? fuzz_run("replay of folders", 600, one) : 1;
}
