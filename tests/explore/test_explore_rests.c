// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What rests on a dependency says so, and names what must be free to change places, whichever way it comes
 * about; what was not looked at for it says that, too.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "explore/cell/explore.h"

extern const struct xp_backend xp_backend_two_ways;

static const char *const models[] = { "lkmm", "armv8" };

static struct xp_cell ask(const char *model, struct xp_options options)
{
	struct xp_cell cell = { .backend = &xp_backend_two_ways, .scenario = *xp_preset("one-kick"),
				.model = model };

	cell.scenario.migrations = cell.scenario.exits = 0;
	options.bound = -1;
	options.no_example = true;
	assert_int_equal(xp_cell_run(&cell, &options), 0);
	return cell;
}

static void all_ways_are_named(void **state)
{
	static const char *const pairs[] = { "READ_ONCE(vcpu->a) -> WRITE_ONCE(vcpu->b, 1)",
					     "READ_ONCE(vcpu->b) -> WRITE_ONCE(vcpu->a, b ? 2 : 0)",
					     "READ_ONCE(vcpu->c) -> WRITE_ONCE(vcpu->d, 1)",
					     "READ_ONCE(vcpu->d) -> WRITE_ONCE(vcpu->c, d ? 2 : 0)" };
	char line[2000];

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct xp_cell cell = ask(models[i], (struct xp_options){ 0 });

		xp_verdict(&cell, line, sizeof(line));
		assert_int_equal(cell.found, KICK_V_LOST);
		for (size_t k = 0; k < sizeof(pairs) / sizeof(pairs[0]); k++)
			if (!strstr(line, pairs[k]))
				fail_msg("no %s in %s", pairs[k], line);
		assert_null(strstr(line, "perhaps"));
	}
}

/* Nothing was asked about dependencies before that; then not all that there is. */
static void what_is_not_known_is_said(void **state)
{
	char line[2000];

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct xp_cell cell = ask(models[i], (struct xp_options){ .executions = 300 });

		xp_verdict(&cell, line, sizeof(line));
		assert_int_equal(cell.found, KICK_V_LOST);
		assert_int_equal(cell.status, XP_BUDGET);
		if (!strstr(line, "whether it rests on a dependency was not asked"))
			fail_msg("%s", line);
	}
	for (int i = 0; i < 4; i++) {
		static const char *const others[] = { "sc", "tso", "pso", "rc11" };
		struct xp_cell cell = ask(others[i], (struct xp_options){ 0 });

		assert_int_equal(cell.found, 0);
		assert_int_equal(cell.status, XP_EXHAUSTIVE);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_ways_are_named),
		cmocka_unit_test(what_is_not_known_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
