// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What is promised of the engine: the same arguments give the same counts, a schedule that is printed
 * runs again and is verified, bounds and budgets are named, and a backend that depends on anything
 * but the schedule is refused by name.
 * Needs every backend: a build with some of them leaves this out.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "explore/cell/explore.h"
#include "explore/engine/fiber.h"

extern const struct xp_backend xp_backend_nondeterministic, xp_backend_budget_first;
int nondeterministic_calls(void);

int nondeterministic_calls(void)
{
	static int calls;

	return ++calls;
}

static struct xp_cell run(const struct xp_backend *backend, const char *preset, const char *model,
			  struct xp_options options)
{
	static struct xp_cell cell;

	memset(&cell, 0, sizeof(cell));
	cell.backend = backend;
	cell.scenario = *xp_preset(preset);
	cell.model = model;
	assert_int_equal(xp_cell_run(&cell, &options), 0);
	return cell;
}

static const struct xp_options prove = { .bound = -1 };

static void same_arguments_give_same_counts(void **state)
{
	struct xp_cell a = run(xp_backend("old"), "two-kicks", "tso", prove);
	struct xp_cell b = run(xp_backend("old"), "two-kicks", "tso", prove);

	(void)state;
	assert_int_equal(a.executions, b.executions);
	assert_int_equal(a.pruned, b.pruned);
	assert_int_equal(a.steps, b.steps);
	assert_string_equal(a.example.schedule, b.example.schedule);
	assert_int_equal(a.example.op_hash, b.example.op_hash);
}

static void old_loses_with_one_preemption(void **state)
{
	struct xp_cell cell = run(xp_backend("old"), "two-kicks", "sc", prove);

	(void)state;
	assert_int_equal(cell.status, XP_EXHAUSTIVE);
	assert_int_equal(cell.found, KICK_V_LOST | KICK_V_POISONED);
	assert_true(cell.example.found & KICK_V_LOST);
	assert_int_equal(cell.example.preemptions, 1);
	assert_true(cell.example.steps <= 32);
}

static void schedules_are_replayed_and_verified(void **state)
{
	static const char *const cases[][3] = { { "old", "two-kicks", "sc" },
						{ "busted_nofence", "one-kick", "tso" },
						{ "busted_relaxed_cpu", "one-kick", "pso" },
						{ "busted_skipset", "wait", "sc" },
						{ "busted_wake", "wake", "tso" },
						{ "busted_relaxed_mode", "one-kick", "rc11" },
						{ "busted_relaxed_claim", "one-kick", "rc11" },
						{ "busted_relaxed_cpu", "one-kick", "rc11" } };
	char name[XP_NAME], err[300], *hash;
	struct xp_cell cell, again;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		cell = run(xp_backend(cases[i][0]), cases[i][1], cases[i][2], prove);
		assert_true(cell.has_example);
		xp_example_name(&cell, name, sizeof(name));
		if (xp_example_replay(name, &again, err, sizeof(err)))
			fail_msg("%s: %s", name, err);
		assert_int_equal(again.found, cell.example.found);
		/* Another hash: the operations are not those that it was made from. */
		hash = strrchr(name, '/') - 1;
		*hash = *hash == '0' ? '1' : '0';
		assert_int_equal(xp_example_replay(name, &again, err, sizeof(err)), -ESTALE);
	}
	assert_int_equal(xp_example_replay("old/two-kicks/sc", &again, err, sizeof(err)), -EINVAL);
	assert_int_equal(xp_example_replay("old/two-kicks/sc/full/2x1v1m1p2e1so/0/?0.b9", &again, err,
					   sizeof(err)), -ESTALE);
}

static void bounds_and_budgets_are_named(void **state)
{
	struct xp_options bound = { .bound = 2 }, budget = { .bound = -1, .executions = 1 };
	struct xp_cell cell = run(xp_backend("patched"), "two-kicks", "sc", bound);
	char line[600];

	(void)state;
	xp_verdict(&cell, line, sizeof(line));
	assert_int_equal(cell.status, XP_BOUND);
	assert_non_null(strstr(line, "HOLDS up to preemption bound 2"));
	cell = run(xp_backend("patched"), "two-kicks", "sc", budget);
	xp_verdict(&cell, line, sizeof(line));
	assert_int_equal(cell.status, XP_BUDGET);
	assert_non_null(strstr(line, "UNDECIDED"));
	budget = (struct xp_options){ .bound = -1, .strategy = XP_STATEFUL, .memory = 30000 };
	cell = run(xp_backend("patched"), "two-kicks", "sc", budget);
	assert_int_equal(cell.status, XP_BUDGET);
	cell = run(xp_backend("patched"), "two-kicks", "sc", prove);
	xp_verdict(&cell, line, sizeof(line));
	assert_non_null(strstr(line, "HOLDS (exhaustive: sc, "));
}

static void random_searches_find_it_too(void **state)
{
	struct xp_options pct = { .bound = -1, .strategy = XP_PCT, .pct_depth = 4, .seed = 1,
				  .samples = 100000 };
	struct xp_options walk = { .bound = -1, .strategy = XP_WALK, .seed = 1, .samples = 20000 };
	struct xp_cell cell = run(xp_backend("old"), "two-kicks", "sc", pct);
	uint64_t hits = cell.hits;

	(void)state;
	assert_true(cell.found & KICK_V_LOST);
	assert_true(hits > 0 && hits < cell.executions);
	cell = run(xp_backend("old"), "two-kicks", "sc", pct);
	assert_int_equal(cell.hits, hits);
	cell = run(xp_backend("busted_nofence"), "one-kick", "tso", walk);
	assert_true(cell.found & KICK_V_LOST);
	cell = run(xp_backend("patched"), "two-kicks", "tso", walk);
	assert_int_equal(cell.found, 0);
	assert_int_equal(cell.executions, 20000);
}

static void nondeterminism_is_refused_by_name(void **state)
{
	struct xp_cell cell = run(&xp_backend_nondeterministic, "two-kicks", "sc", prove);

	(void)state;
	assert_int_equal(cell.status, XP_FAILED);
	if (!strstr(cell.reason, "nondeterministic is not deterministic"))
		fail_msg("%s", cell.reason);
	/* A name is not the reason. */
	cell = run(&xp_backend_budget_first, "two-kicks", "sc", prove);
	assert_int_equal(cell.status, XP_FAILED);
}

/* What the prover may not answer, and what does not fit. */
static void what_cannot_be_explored_is_refused(void **state)
{
	struct xp_backend large = *xp_backend("patched");
	struct xp_scenario immediate = *xp_preset("two-kicks");
	struct xp_cell cell = { .backend = xp_backend("patched"), .model = "sc" };

	(void)state;
	immediate.immediate = true;
	cell.scenario = immediate;
	assert_int_equal(xp_cell_run(&cell, &prove), 0);
	assert_int_equal(cell.status, XP_FAILED);
	assert_non_null(strstr(cell.reason, "stateful"));
	large.size = 1 << 20;
	cell = run(&large, "two-kicks", "sc", prove);
	assert_int_equal(cell.status, XP_FAILED);
	assert_non_null(strstr(cell.reason, "bytes of state"));
	assert_int_equal(cell.executions, 0);
}

static void what_a_backend_lacks_is_na(void **state)
{
	struct xp_cell cell = run(xp_backend("noop"), "one-kick", "sc", prove);

	(void)state;
	assert_int_equal(cell.status, XP_NA);
	cell = run(xp_backend("packed"), "walker", "sc", prove);
	assert_int_equal(cell.status, XP_NA);
	assert_true(cell.reason[0]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(same_arguments_give_same_counts),
		cmocka_unit_test(old_loses_with_one_preemption),
		cmocka_unit_test(schedules_are_replayed_and_verified),
		cmocka_unit_test(bounds_and_budgets_are_named),
		cmocka_unit_test(random_searches_find_it_too),
		cmocka_unit_test(nondeterminism_is_refused_by_name),
		cmocka_unit_test(what_cannot_be_explored_is_refused),
		cmocka_unit_test(what_a_backend_lacks_is_na),
	};

#ifdef FIBER_TSAN
	puts("skipped: there is one thread, and TSan's fibers take minutes here");
	return 4;
#endif
	return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
