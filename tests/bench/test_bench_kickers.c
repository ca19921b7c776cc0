// SPDX-License-Identifier: GPL-2.0-or-later
/* Kickers are all as far from the vCPU as the row says, on PUs that the row names, or it is na. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "bench/plan/plan.h"
#include "bench/run/run.h"
#include "results/schema.h"

/* Two packages of four cores with two PUs each: per PU 1 sibling, 6 behind the L3, 8 elsewhere. */
static const char machine_text[] = "pack:2 l3:1 core:4 pu:2";

static struct topo *topo;

static const char *kickers_of(const struct bench_case *c, struct csv_row *row)
{
	csv_row_clear(row);
	bench_row_case(row, c, 0);
	return csv_get(row, "kicker_pu");
}

/* Each name in the row is another PU, none the vCPU's, and all are at the row's distance. */
static void check_names(const struct bench_case *c, const char *names)
{
	bool seen[64] = { false };
	int n = 0;

	for (char *at = (char *)names; *at; n++) {
		long pu = strtol(at, &at, 10);

		at += *at == '+';
		assert_in_range(pu, 0, topo_n_pus(topo) - 1);
		assert_false(seen[pu]);
		seen[pu] = true;
		assert_int_not_equal(pu, c->vcpu_pu);
		assert_int_equal(topo_distance(topo, (int)pu, c->vcpu_pu), c->distance);
	}
	assert_int_equal(n, c->kickers);
}

static void all_kickers_are_at_the_rows_distance(void **state)
{
	struct bench_options o = { .backend = { bench_backend_find("old") }, .n_backends = 1,
				   .scenario = { bench_scenario_find("contend"),
						 bench_scenario_find("migrate") },
				   .n_scenarios = 2, .pairs_per_class = 2, .kicker_pu = -1, .vcpu_pu = -1,
				   .kickers = { 3, 1, 2, 6, 7, 8 }, .n_kickers = 6, .migrations = { 1000 },
				   .n_migrations = 1, .repetitions = 1, .window_ns = 1000, .seed = 1 };
	int most[TOPO_N_DISTANCES] = { [TOPO_SMT] = 1, [TOPO_L3] = 6, [TOPO_REMOTE] = 8 };
	struct bench_plan plan;
	struct csv_row row;
	char err[200];
	int fit = 0, na = 0;

	(void)state;
	assert_int_equal(csv_row_init(&row, &schema_bench), 0);
	assert_int_equal(bench_plan_make(&plan, &o, topo, err, sizeof(err)), 0);
	for (size_t i = 0; i < plan.n_cells; i++) {
		const struct bench_case *c = &plan.cell[i];

		assert_int_not_equal(most[c->distance], 0);
		assert_int_equal(c->na != NULL, c->kickers > most[c->distance]);
		if (c->na) {
			assert_non_null(strstr(c->na, "distance"));
			na++;
			continue;
		}
		check_names(c, kickers_of(c, &row));
		fit++;
	}
	assert_true(fit > 10 && na > 10);
	bench_plan_free(&plan);
	csv_row_fini(&row);
}

/* More threads than PUs: they take turns, still at one distance, and the row says oversubscribed. */
static void a_crowd_stays_at_its_distance(void **state)
{
	struct bench_case c = { .topo = topo, .scenario = bench_scenario_find("contend"),
				.backend = bench_backend_find("old"), .kicker_pu = 1, .vcpu_pu = 0,
				.distance = TOPO_SMT, .kickers = 16 };
	struct csv_row row;

	(void)state;
	assert_int_equal(csv_row_init(&row, &schema_bench), 0);
	assert_true(bench_is_crowded(&c));
	assert_string_equal(kickers_of(&c, &row), "1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1");
	c.kickers = 15;
	assert_false(bench_is_crowded(&c));
	csv_row_fini(&row);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_kickers_are_at_the_rows_distance),
		cmocka_unit_test(a_crowd_stays_at_its_distance),
	};
	char err[200];

	if (topo_load_synthetic(&topo, machine_text, err, sizeof(err)))
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
