// SPDX-License-Identifier: GPL-2.0-or-later
/* What a row costs besides its window, here and now: a busy machine multiplies it. */
#include <errno.h>

#include "bench/run/run.h"
#include "machine/clock.h"

/* Both kinds of rows: those of one thread, and those that two threads start together. */
static int plan_some(struct bench_plan *plan, const struct bench_options *asked, struct bench_options *o,
		     const struct topo *topo, char *err, size_t err_size)
{
	*o = (struct bench_options){ .backend = { asked->backend[0] },
				     .n_backends = 1,
				     .scenario = { bench_scenario_find("fastpath"),
						   bench_scenario_find("roundtrip") },
				     .n_scenarios = 2,
				     .pairs_per_class = 1,
				     .kicker_pu = -1,
				     .vcpu_pu = -1,
				     .kickers = { 1 },
				     .n_kickers = 1,
				     .rate_per_s = 10000,
				     .repetitions = 2,
				     .window_ns = 200000,
				     .seed = 1 };
	return bench_plan_make(plan, o, topo, err, err_size);
}

int bench_row_cost(const struct bench_options *asked, const struct topo *topo, uint64_t *row_ns,
		   char *err, size_t err_size)
{
	const struct bench_run_options run = { .run_id = "" };
	struct bench_options options;
	struct bench_summary summary;
	struct bench_plan plan;
	uint64_t began, took;
	size_t rows;
	int failed = plan_some(&plan, asked, &options, topo, err, err_size);

	if (failed)
		return failed;
	clock_init();
	began = clock_raw_ns();
	failed = bench_run(&plan, &run, &summary, err, err_size);
	took = clock_raw_ns() - began;
	rows = plan.n_turns - summary.n[VERDICT_NA];
	if (!failed && rows)
		*row_ns = took > plan.windows_ns ? (took - plan.windows_ns) / rows + 1 : 1;
	bench_plan_free(&plan);
	return failed;
}
