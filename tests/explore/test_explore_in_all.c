// SPDX-License-Identifier: GPL-2.0-or-later
/* A time for all cells together: whatever comes after it has a moment, and a row that says so. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "explore/cell/ask.h"
#include "results/sink.h"

static void every_cell_has_a_row(void **state)
{
	static const char *const models[] = { "sc", "tso", "pso", "rc11" };
	const struct xp_backend *patched = xp_backend("patched");
	struct xp_scenario kicks = *xp_preset("two-kicks");
	const struct xp_ask ask = { .backend = &patched, .n_backends = 1, .scenario = &kicks,
				    .n_scenarios = 1, .model = models, .n_models = 4, .seconds = 600,
				    .seconds_in_all = 1e-3,
				    .options = { .strategy = XP_PROVE, .bound = -1 } };
	struct sink_rows rows;

	(void)state;
	kicks.kicks = 9; /* nobody is through with these in a moment */
	sink_rows_init(&rows);
	assert_int_equal(xp_run(&ask, &rows.sink), 0);
	assert_int_equal(rows.n, 4);
	for (size_t i = 0; i < rows.n; i++)
		assert_string_equal(csv_get(&rows.row[i], "status"), "budget");
	sink_rows_fini(&rows);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_cell_has_a_row),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
