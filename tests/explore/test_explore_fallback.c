// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The default strategy: what the prover is through with in its share is as it has always been, in number too;
 * what it is not, the stateful walk decides, within so many states; and where neither does, the verdict says
 * what to try.  The share is counted in executions here, so that nothing depends on a clock.
 * Needs every backend: a build with some of them leaves this out.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "explore/engine/engine.h"
#include "explore/cell/explore.h"
#include "explore/engine/fiber.h"
#include "explore/search/search.h"

enum { PROVER = 1 << XP_PROVE, WALK = 1 << XP_STATEFUL };

extern const struct xp_backend xp_backend_four_looks, xp_backend_cas_lock, xp_backend_takes_nothing;

/* The prover's share; and the walk's, if it has one. */
static uint64_t walk_share;

static bool after(void *share, uint64_t executions)
{
	return xp.search == &xp_dpor ? executions >= *(const uint64_t *)share :
				       walk_share && xp.states >= walk_share;
}

static struct xp_cell explore_kicks(const struct xp_backend *backend, const char *preset, int kicks,
				    const char *model, struct xp_options options, uint64_t share)
{
	struct xp_cell cell = { .backend = backend, .scenario = *xp_preset(preset), .model = model };

	cell.scenario.kicks = kicks;
	options.bound = -1;
	options.no_example = true;
	options.late = after;
	options.arg = &share;
	assert_int_equal(xp_cell_run(&cell, &options), 0);
	return cell;
}

static struct xp_cell explore(const struct xp_backend *backend, const char *preset, const char *model,
			      struct xp_options options, uint64_t share)
{
	return explore_kicks(backend, preset, 1, model, options, share);
}

static const struct xp_options automatic = { .strategy = XP_AUTO }, prove = { .strategy = XP_PROVE };

static void what_the_prover_decides_stays(void **state)
{
	static const char *const models[] = { "sc", "tso", "pso", "rc11" };

	(void)state;
	for (size_t m = 0; m < 4; m++) {
		struct xp_cell a = explore(xp_backend("patched"), "one-kick", models[m], automatic, 1 << 20);
		struct xp_cell b = explore(xp_backend("patched"), "one-kick", models[m], prove, 0);

		assert_int_equal(a.status, XP_EXHAUSTIVE);
		assert_int_equal(a.tried, PROVER);
		assert_int_equal(b.tried, PROVER);
		assert_int_equal(a.executions, b.executions);
		assert_false(xp_by_states(&a));
	}
}

static void what_is_read_again_is_walked(void **state)
{
	static const struct {
		const char *preset, *model;
		int kicks;
		uint64_t most; /* states */
	} cells[] = { { "one-kick", "sc", 2, 20000 },   { "one-kick", "tso", 2, 40000 },
		      { "one-kick", "pso", 2, 40000 },	{ "one-kick", "rc11", 2, 50000 },
		      { "one-kick", "rc11", 3, 150000 }, { "two-kicks", "sc", 1, 300000 } };
	char line[600];

	(void)state;
	for (size_t i = 0; i < sizeof(cells) / sizeof(cells[0]); i++) {
		struct xp_cell c = explore_kicks(&xp_backend_four_looks, cells[i].preset, cells[i].kicks,
						 cells[i].model, automatic, 1024);

		xp_verdict(&c, line, sizeof(line));
		print_message("four_looks, %s, %d kicks: %s\n", cells[i].preset, cells[i].kicks, line);
		assert_int_equal(c.status, XP_EXHAUSTIVE);
		assert_int_equal(c.found, 0);
		assert_true(xp_by_states(&c));
		/* Where a sanitizer keeps locals elsewhere, a fiber is told apart by all that it was told. */
		assert_true(!XP_STACKS_TELL || c.states <= cells[i].most);
		assert_non_null(strstr(line, "stateful"));
	}
}

/* A loop that claims in vain does nothing and is a wait: else this is executions without an end. */
static void who_claims_in_vain_waits(void **state)
{
	static const char *const models[] = { "sc", "tso", "pso", "rc11", "lkmm", "armv8" };

	(void)state;
	for (size_t m = 0; m < sizeof(models) / sizeof(models[0]); m++)
		for (int whole = 0; whole <= (m < 3); whole++) {
			const struct xp_options options = { .strategy = whole ? XP_STATEFUL : XP_PROVE,
							    .bound = -1, .no_example = true };
			struct xp_cell cell = { .backend = &xp_backend_cas_lock, .model = models[m],
						.scenario = *xp_preset("one-kick"), .all_orders = whole };

			cell.scenario.migrations = cell.scenario.exits = 0;
			xp_cell_run(&cell, &options);
			if (cell.status != XP_EXHAUSTIVE || cell.found)
				fail_msg("%s: %s", models[m], cell.reason);
		}
}

static void what_is_broken_is_found_by_it(void **state)
{
	const struct xp_backend *old = xp_backend("old");
	struct xp_cell walked = explore(old, "two-kicks", "tso", automatic, 1);
	struct xp_cell proved = explore(old, "two-kicks", "tso", prove, 0);

	(void)state;
	assert_int_equal(walked.status, XP_EXHAUSTIVE);
	assert_true(xp_by_states(&walked));
	assert_int_equal(walked.found, proved.found);
}

/* There is no limit of time: the prover goes on. */
static void without_memory_the_prover_goes_on(void **state)
{
	const struct xp_options little = { .strategy = XP_AUTO, .memory = 30000 };
	struct xp_cell a = explore(xp_backend("patched"), "two-kicks", "sc", little, 1);
	struct xp_cell b = explore(xp_backend("patched"), "two-kicks", "sc", prove, 0);

	(void)state;
	assert_int_equal(a.status, XP_EXHAUSTIVE);
	assert_int_equal(a.tried, PROVER | WALK);
	assert_false(xp_by_states(&a));
	assert_int_equal(a.executions, b.executions);
}

/* Nor is there anything else that the walk lacks: it has had its share, and the rest is the prover's. */
static void without_time_for_the_walk_it_does_too(void **state)
{
	struct xp_cell a, b = explore(xp_backend("patched"), "two-kicks", "sc", prove, 0);

	(void)state;
	walk_share = 1;
	a = explore(xp_backend("patched"), "two-kicks", "sc", automatic, 1);
	walk_share = 0;
	assert_int_equal(a.status, XP_EXHAUSTIVE);
	assert_int_equal(a.tried, PROVER | WALK);
	assert_false(xp_by_states(&a));
	assert_int_equal(a.executions, b.executions);
}

/* A VMM's threads under rc11 are walked with weaker orders first: without a share of it, without memory. */
static void behind_weaker_orders_the_prover_goes_on(void **state)
{
	const struct xp_options options[] = { automatic, { .strategy = XP_AUTO, .memory = 30000 } };
	const struct xp_backend *chv = xp_backend("chv_pause");
	struct xp_cell walked = explore(chv, "pause-exit", "rc11", automatic, 0);
	struct xp_cell proved = explore(chv, "pause-exit", "rc11", prove, 0);

	(void)state;
	assert_true(walked.weaker);
	for (uint64_t i = 0; i < 2; i++) {
		struct xp_cell cell;

		walk_share = 1 - i;
		cell = explore(chv, "pause-exit", "rc11", options[i], 0);
		walk_share = 0;
		assert_int_equal(cell.status, XP_EXHAUSTIVE);
		assert_int_equal(cell.tried, PROVER | WALK);
		assert_false(cell.weaker || xp_by_states(&cell));
		assert_int_equal(cell.executions, proved.executions);
	}
}

static void undecided_says_what_to_try(void **state)
{
	struct xp_options few = { .strategy = XP_AUTO, .executions = 1024 };
	struct xp_cell cell = explore(xp_backend("patched"), "two-kicks", "rc11", few, 1);
	char line[600];

	(void)state;
	assert_int_equal(cell.status, XP_BUDGET);
	assert_int_equal(cell.tried, PROVER | WALK);
	xp_verdict(&cell, line, sizeof(line));
	assert_non_null(strstr(line, "try more --time, --jobs"));
	few.strategy = XP_PROVE;
	cell = explore(xp_backend("patched"), "two-kicks", "sc", few, 1);
	xp_verdict(&cell, line, sizeof(line));
	assert_non_null(strstr(line, "try --strategy stateful"));
}

/* The time is spent at once: how much is done since then? */
static uint64_t steps_at_the_end;

static bool time_is_spent(void *unused, uint64_t executions)
{
	(void)unused;
	(void)executions;
	steps_at_the_end = xp.steps;
	return false;
}

/* Executions without an end are long ones, and there may be no others: neither search goes on with them. */
static void time_is_time_for_what_goes_on_for_ever(void **state)
{
	const struct xp_options options = { .bound = -1, .strategy = XP_PROVE, .tick = time_is_spent };
	static const char *const models[] = { "sc", "rc11" };

	(void)state;
	for (size_t m = 0; m < 2; m++) {
		struct xp_cell cell = { .backend = &xp_backend_takes_nothing,
					.scenario = *xp_preset("two-kicks"), .model = models[m] };

		assert_int_equal(xp_cell_run(&cell, &options), 0);
		assert_int_equal(cell.status, XP_BUDGET);
		assert_true(cell.too_long && cell.steps < 100 * XP_LEVELS);
		/* The last of the searches for an example. */
		assert_true(xp.steps < steps_at_the_end + 16 * XP_LEVELS);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_the_prover_decides_stays),
		cmocka_unit_test(what_is_read_again_is_walked),
		cmocka_unit_test(who_claims_in_vain_waits),
		cmocka_unit_test(what_is_broken_is_found_by_it),
		cmocka_unit_test(without_memory_the_prover_goes_on),
		cmocka_unit_test(without_time_for_the_walk_it_does_too),
		cmocka_unit_test(behind_weaker_orders_the_prover_goes_on),
		cmocka_unit_test(undecided_says_what_to_try),
		cmocka_unit_test(time_is_time_for_what_goes_on_for_ever),
	};

#ifdef FIBER_TSAN
	puts("skipped: there is one thread, and TSan's fibers take minutes here");
	return 4;
#endif
	return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
