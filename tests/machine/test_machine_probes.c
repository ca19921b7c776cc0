// SPDX-License-Identifier: GPL-2.0-or-later
/* While a static probe is watched, a row is refused: it says so and has no figure. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "bench/run/run.h"
#include "machine/clock.h"
#include "machine/probes.h"
#include "results/schema.h"

#ifdef KICK_HAVE_SDT
static enum verdict verdict;
static const char *reason;
static bool has_figures;

static void on_row(void *arg, size_t cell, const struct bench_case *c, const struct bench_result *r,
		   const struct csv_row *row)
{
	(void)arg;
	(void)cell;
	(void)c;
	verdict = r->verdict;
	reason = r->why[0] ? "given" : NULL;
	has_figures = csv_get(row, "ns_per_op") || csv_get(row, "ops") || csv_get(row, "overlap");
}

/* One row of the empty floor, under the plan's first turn. */
static void measure(struct topo *topo)
{
	struct bench_options options = { .kicker_pu = -1, .vcpu_pu = -1, .repetitions = 1,
					 .scenario = { bench_scenario_find("floor") }, .n_scenarios = 1,
					 .path = { "empty" }, .n_path = 1, .window_ns = 100000 };
	struct bench_run_options run = { .row = on_row };
	struct bench_summary summary;
	struct bench_plan plan;
	char err[256];

	assert_int_equal(bench_plan_make(&plan, &options, topo, err, sizeof(err)), 0);
	assert_int_equal(bench_run(&plan, &run, &summary, err, sizeof(err)), 0);
	bench_plan_free(&plan);
}

static void a_watched_row_is_refused(void **state)
{
	struct topo *topo;
	char err[256];

	(void)state;
	clock_init();
	assert_int_equal(topo_load(&topo, err, sizeof(err)), 0);
	measure(topo);
	assert_int_equal(verdict, VERDICT_OK);
	assert_true(has_figures);
	kickbench_receive_semaphore = 1; /* as the kernel does */
	measure(topo);
	kickbench_receive_semaphore = 0;
	assert_int_equal(verdict, VERDICT_INCONCLUSIVE);
	assert_non_null(reason);
	assert_false(has_figures);
	topo_free(topo);
}
#endif

static void nobody_watches(void **state)
{
	(void)state;
	assert_false(machine_probed());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nobody_watches),
#ifdef KICK_HAVE_SDT
		cmocka_unit_test(a_watched_row_is_refused),
#endif
	};

	return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
