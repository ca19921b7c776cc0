// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A walk that goes on from states that are kept comes to the same states, ends and findings as one that
 * begins each execution at the start, by count; and executes less.
 * Needs every backend: a build with some of them leaves this out.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "explore/cell/explore.h"
#include "explore/engine/checkpoint.h"
#include "explore/engine/fiber.h"
#include "explore/world/weaken.h"

static struct xp_cell walk(const struct xp_backend *backend, const char *preset, const char *model,
			   bool all_orders, int bound, bool from_the_start)
{
	const struct xp_options options = { .strategy = XP_STATEFUL, .bound = bound, .no_example = true };
	struct xp_cell cell = { .backend = backend, .scenario = *xp_preset(preset), .model = model,
				.all_orders = all_orders };

	xp_from_the_start = from_the_start;
	assert_int_equal(xp_cell_run(&cell, &options), 0);
	xp_from_the_start = false;
	return cell;
}

/*
 * What touches a word for the first time leaves more on a thread's stack than later, and more is touched
 * anew in an execution from the start: where threads stand by their stacks these may come to more states.
 */
static void is_the_same(const struct xp_cell *a, const struct xp_cell *b)
{
	assert_int_equal(a->status, b->status);
	assert_int_equal(a->found, b->found);
	assert_int_equal(a->executions, b->executions);
	assert_int_equal(a->max_stale, b->max_stale);
	if (a->scenario.play == XP_KERNEL) {
		assert_int_equal(a->states, b->states);
		assert_int_equal(a->pruned, b->pruned);
		assert_int_equal(a->hits, b->hits);
	} else {
		assert_in_range(b->states, a->states - a->states / 100, a->states);
	}
	assert_true(b->steps < a->steps);
}

static void compare(const char *backend, const char *preset, const char *model, bool all_orders, int bound)
{
	struct xp_cell a = walk(xp_backend(backend), preset, model, all_orders, bound, true);
	struct xp_cell b = walk(xp_backend(backend), preset, model, all_orders, bound, false);

	print_message("%s, %s, %s: %llu and %llu states, %llu and %llu steps\n", backend, preset, model,
		      (unsigned long long)a.states, (unsigned long long)b.states, (unsigned long long)a.steps,
		      (unsigned long long)b.steps);
	is_the_same(&a, &b);
}

static const char *const models[] = { "sc", "tso", "pso", "rc11" };

static void it_is_the_same_walk(void **state)
{
	static const struct {
		const char *backend, *preset;
	} cells[] = {
		{ "old", "one-kick" }, { "patched", "two-kicks" }, { "patched", "wait" },
		{ "mainline", "mask-bare" }, { "packed", "two-kicks" }, { "patched", "wake" },
		{ "patched", "claims" }, { "patched", "view" }, { "patched", "one-walker" },
		{ "locked_mcs", "one-kick" }, { "xen_kick", "one-kick" }, { "chv_7427", "run" },
		{ "s390_block_sie", "run" }, { "crosvm_kick", "run-twice" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cells) / sizeof(cells[0]); i++)
		for (size_t m = 0; m < 4; m++)
			compare(cells[i].backend, cells[i].preset, models[m], false, -1);
	for (size_t m = 0; m < 3; m++)
		compare("chv_pause", "pause-exit", models[m], false, -1);
}

static void so_is_that_of_all_orders(void **state)
{
	(void)state;
	for (size_t m = 0; m < 3; m++) {
		compare("old", "one-kick", models[m], true, -1);
		compare("locked_mcs", "one-kick", models[m], true, -1);
	}
}

static void so_are_those_of_few_preemptions(void **state)
{
	(void)state;
	for (int bound = 0; bound < 3; bound++)
		compare("patched", "two-kicks", "tso", false, bound);
}

/* What a thread has stored itself is noted by execution, and no part of a state. */
static void a_look_left_out_is_left_out(void **state)
{
	const struct xp_weakenings own = { .n = 1, .one = { { "kvm.h:81:READ_ONCE", XP_OWN } } };
	const struct xp_options options = { .strategy = XP_STATEFUL, .bound = -1, .no_example = true };
	struct xp_cell cell[2];

	(void)state;
	for (int i = 0; i < 2; i++) {
		cell[i] = (struct xp_cell){ .backend = xp_backend("patched"), .scenario = *xp_preset("self"),
					    .model = "sc", .weak = &own };
		xp_from_the_start = i;
		assert_int_equal(xp_cell_run(&cell[i], &options), 0);
	}
	xp_from_the_start = false;
	assert_null(xp_weaken_missed(&own, "patched"));
	assert_true(cell[1].found & KICK_V_SELF);
	assert_int_equal(cell[0].found, cell[1].found);
	assert_int_equal(cell[0].states, cell[1].states);
	print_message("own: %llu and %llu states, 0x%x and 0x%x\n", (unsigned long long)cell[0].states,
		      (unsigned long long)cell[1].states, cell[0].found, cell[1].found);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_the_same_walk),
		cmocka_unit_test(so_is_that_of_all_orders),
		cmocka_unit_test(so_are_those_of_few_preemptions),
		cmocka_unit_test(a_look_left_out_is_left_out),
	};

	if (!XP_STACKS_MOVE) {
		puts("skipped: stacks stay where they are here");
		return 4;
	}
	return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
