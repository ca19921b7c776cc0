// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Kickers that are alike: one order of their first steps stands for all.  If they really are, exchanging
 * their names maps the executions in which one begins first to those in which the other does, so exactly
 * one in k! of all interleavings is left, and of those that violate anything; and the prover finds the same.
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
#include "tests/explore/deep.h"

static struct xp_counts count(const struct xp_backend *backend, const struct xp_scenario *scenario,
			      const struct xp_model *model, bool symmetric)
{
	static struct xp_program program;
	struct xp_search search = xp_count;
	struct xp_counts counts;

	search.symmetric = symmetric;
	xp_scenario_program(backend, scenario, &program);
	assert_int_equal(program.twins, scenario->vcpus);
	xp.memory_limit = 0;
	xp_begin(&program, model, &search);
	do {
		assert_true(xp_execute());
	} while (search.next());
	assert_string_equal(xp.error, "");
	xp_count_result(&counts);
	search.fini();
	return counts;
}

static struct xp_cell prove(const struct xp_backend *backend, const struct xp_scenario *scenario,
			    const struct xp_model *model, bool all_orders)
{
	const struct xp_options options = { .bound = -1, .no_example = true };
	struct xp_cell cell = { .backend = backend, .scenario = *scenario, .model = model->name,
				.all_orders = all_orders };

	xp_cell_run(&cell, &options);
	assert_int_equal(cell.status, XP_EXHAUSTIVE);
	assert_int_equal(cell.alike, all_orders ? 0 : scenario->kickers);
	return cell;
}

/* One in `share` is left of everything. */
static void check_counts(const char *what, const struct xp_counts *all, const struct xp_counts *some,
			 unsigned int share)
{
	int i, j;

	if (all->executions != share * some->executions || all->n != some->n)
		fail_msg("%s: the kickers are not alike", what);
	for (i = 0; i < all->n; i++) {
		for (j = 0; j < some->n && some->odds[j].violation != all->odds[i].violation; j++)
			;
		if (j == some->n || all->odds[i].n != share * some->odds[j].n)
			fail_msg("%s, 0x%x: the kickers are not alike", what, all->odds[i].violation);
	}
}

static void check(const struct xp_backend *backend, const struct xp_scenario *scenario, unsigned int share)
{
	const struct xp_model *model;

	if (xp_na(backend, scenario))
		return;
	xp_for_each_model(model) if (!model->ahead) {
		if (deep_model(model))
			continue;
		struct xp_counts all = count(backend, scenario, model, false);
		struct xp_counts some = count(backend, scenario, model, true);
		struct xp_cell in_all = prove(backend, scenario, model, true);
		struct xp_cell in_some = prove(backend, scenario, model, false);

		check_counts(backend->name, &all, &some, share);
		if (in_all.found != in_some.found || in_some.executions > in_all.executions ||
		    share * in_some.executions < in_all.executions)
			fail_msg("%s %s %s: found 0x%x of 0x%x, %llu of %llu executions", backend->name,
				 scenario->name, model->name, in_some.found, in_all.found,
				 (unsigned long long)in_some.executions,
				 (unsigned long long)in_all.executions);
	}
}

static void two_that_are_alike_count_once(void **state)
{
	static const char *const presets[] = { "dirty-log", "wait" };
	static const struct {
		const char *name;
		bool many; /* interleavings of `wait`: with EXPLORE_ALL only */
	} backends[] = {
		{ "old", true },     { "patched", true },     { "mainline", true },
		{ "packed", true },  { "always", false },     { "locked_mcs", false },
		{ "kvm_2011", false }, { "busted_noclaim", true },
	};
	size_t i, b;

	(void)state;
	for (i = 0; i < sizeof(presets) / sizeof(presets[0]); i++) {
		struct xp_scenario scenario = *xp_preset(presets[i]);

		scenario.form = scenario.wait ? XP_FULL : XP_CORE; /* there hosts take no calls */
		for (b = 0; b < sizeof(backends) / sizeof(backends[0]); b++)
			if (!scenario.wait || !backends[b].many || deep())
				check(xp_backend(backends[b].name), &scenario, 2);
	}
}

static void six_orders_of_three_count_once(void **state)
{
	struct xp_scenario scenario = *xp_preset("dirty-log");

	(void)state;
	scenario.form = XP_CORE;
	scenario.kickers = 3;
	scenario.migrations = 0;
	check(xp_backend("patched"), &scenario, 6);
	check(xp_backend("old"), &scenario, 6);
}

static void others_are_not_alike(void **state)
{
	struct xp_scenario scenario = *xp_preset("two-kicks");

	(void)state;
	assert_false(xp_kickers_alike(&scenario));
	assert_false(xp_kickers_alike(xp_preset("mask")));
	scenario.same = true;
	assert_true(xp_kickers_alike(&scenario));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_that_are_alike_count_once),
		cmocka_unit_test(six_orders_of_three_count_once),
		cmocka_unit_test(others_are_not_alike),
	};

#ifdef FIBER_TSAN
	puts("skipped: there is one thread, and TSan's fibers take minutes here");
	return 4;
#endif
	return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
