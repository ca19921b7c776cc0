// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Exact counts are exact: what a search that knows no states and no dependences counts one by one,
 * what combinatorics says of programs that only take steps, and what a random walk meets.
 * Needs every backend: a build with some of them leaves this out.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "explore/engine/engine.h"
#include "explore/cell/explore.h"
#include "explore/engine/fiber.h"

static const char *text(xp_u128 n)
{
	static char text[2][XP_U128_TEXT];
	static int turn;

	turn = !turn;
	xp_u128_text(n, text[turn]);
	return text[turn];
}

/* Every interleaving, one by one. */
static int naive_pick(uint32_t enabled)
{
	struct xp_level *l = &xp.level[xp.depth];

	l->todo = enabled;
	l->done = 0;
	return xp_first(enabled);
}

static void naive_take(int level, int agent)
{
	(void)agent;
	xp.event[level].slot = -1;
}

static bool naive_next(void)
{
	int i = xp.depth - 1;

	while (i >= 0 && !xp_another(&xp.level[i]))
		i--;
	xp.replay = i;
	xp.forced = true;
	return i >= 0;
}

static const struct xp_search naive = { .name = "naive", .pick = naive_pick, .take = naive_take,
					.next = naive_next };

static double probability(void)
{
	double p = 1;
	int i;

	for (i = 0; i < xp.depth; i++)
		p /= xp.level[i].choices ? xp.level[i].choices : __builtin_popcount(xp.level[i].enabled);
	return p;
}

static const struct xp_odds *odds_of(const struct xp_counts *counts, unsigned int violation)
{
	static const struct xp_odds none;
	int i;

	for (i = 0; i < counts->n; i++)
		if (counts->odds[i].violation == violation)
			return &counts->odds[i];
	return &none;
}

static void count_naively(const struct xp_program *program, const struct xp_model *model,
			  struct xp_counts *counts)
{
	struct xp_odds *odds = counts->odds;
	unsigned int bit;

	memset(counts, 0, sizeof(*counts));
	xp_begin(program, model, &naive);
	do {
		assert_true(xp_execute());
		counts->executions++;
		for (bit = 0; bit < XP_ODDS; bit++)
			if (bit ? xp.found >> (bit - 1) & 1 : xp.found) {
				odds[bit].violation = bit ? 1u << (bit - 1) : 0;
				odds[bit].n++;
				odds[bit].p += probability();
			}
	} while (naive.next());
	counts->n = XP_ODDS;
}

static void count(const struct xp_program *program, const struct xp_model *model,
		  struct xp_counts *counts)
{
	xp.memory_limit = 0;
	xp_begin(program, model, &xp_count);
	do {
		assert_true(xp_execute());
	} while (xp_count.next());
	assert_string_equal(xp.error, "");
	xp_count_result(counts);
	xp_count.fini();
}

static void compare(const char *what, const struct xp_counts *a, const struct xp_counts *b)
{
	int i, known = 0;

	if (a->executions != b->executions)
		fail_msg("%s: %s interleavings, one by one %s", what, text(a->executions),
			 text(b->executions));
	for (i = 0; i < b->n; i++) {
		const struct xp_odds *one = &b->odds[i], *other = odds_of(a, one->violation);

		known += one->n > 0;
		if (one->n && (one->n != other->n || fabs(one->p - other->p) > 1e-9 * one->p))
			fail_msg("%s, 0x%x: %s with p %.9g, one by one %s with %.9g", what,
				 one->violation, text(other->n), other->p, text(one->n), one->p);
	}
	if (known != (a->odds[0].n ? a->n : 0))
		fail_msg("%s: %d sorts of violations, one by one %d", what, a->n, known);
}

static void counts_are_those_of_an_enumeration(void **state)
{
	static const struct {
		const char *backend, *preset;
		int migrations;
	} cases[] = {
		{ "old", "one-kick", 1 },	       { "patched", "one-kick", 1 },
		{ "busted_nofence", "one-kick", 0 },   { "busted_relaxed_cpu", "one-kick", 1 },
		{ "locked_mutex", "one-kick", 1 },     { "busted_wake", "wake", 0 },
		{ "packed", "one-kick", 1 },	       { "old", "dirty-log", 0 },
	};
	static struct xp_program program;
	const struct xp_model *model;
	struct xp_counts exact, one_by_one;
	unsigned int violating = 0;
	size_t i;

	(void)state;
	xp_for_each_model(model) if (!model->ahead)
		for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
			struct xp_scenario scenario = *xp_preset(cases[i].preset);

			scenario.form = XP_CORE;
			scenario.migrations = cases[i].migrations;
			scenario.kickers = 1;
			xp_scenario_program(xp_backend(cases[i].backend), &scenario, &program);
			count(&program, model, &exact);
			count_naively(&program, model, &one_by_one);
			compare(cases[i].backend, &exact, &one_by_one);
			violating += exact.odds[0].n > 0;
		}
	assert_true(violating >= 4);
}

/* The full form has choices, and stints that others end. */
static void choices_are_counted(void **state)
{
	static struct xp_program program;
	struct xp_scenario scenario = *xp_preset("one-kick");
	struct xp_counts exact, one_by_one;

	(void)state;
	xp_scenario_program(xp_backend("old"), &scenario, &program);
	count(&program, &xp_sc, &exact);
	count_naively(&program, &xp_sc, &one_by_one);
	compare("old, full form", &exact, &one_by_one);
	assert_true(exact.odds[0].n > 0);
}

static void two_kickers_are_counted(void **state)
{
	static struct xp_program program;
	struct xp_scenario scenario = *xp_preset("two-kicks");
	struct xp_counts exact, one_by_one;

	(void)state;
	scenario.form = XP_CORE;
	xp_scenario_program(xp_backend("patched"), &scenario, &program);
	count(&program, &xp_sc, &exact);
	count_naively(&program, &xp_sc, &one_by_one);
	compare("patched, two kickers", &exact, &one_by_one);
	assert_true(exact.executions > 100000);
}

/* Programs that only take steps: the count is a multinomial coefficient. */
static uint64_t arena;
static int n_steps;

static void nothing(void)
{
}

static void run_steps(int self)
{
	static const struct xp_site site = { "step", "", 0 };
	int i;

	(void)self;
	for (i = 0; i < n_steps; i++)
		xp_step(&site);
}

static unsigned int judge_last(void)
{
	return xp_owner(xp.last) == 0 ? KICK_V_LOST : 0;
}

static struct xp_program steps(int fibers, int n)
{
	n_steps = n;
	return (struct xp_program){ .name = "steps", .arena = &arena, .size = sizeof(arena),
				    .n_fibers = fibers, .n_pcpus = 1, .setup = nothing,
				    .run = run_steps, .judge = judge_last };
}

static void counts_are_those_of_combinatorics(void **state)
{
	struct xp_program two = steps(2, 30), three;
	struct xp_counts counts;

	(void)state;
	count(&two, &xp_sc, &counts);
	assert_string_equal(text(counts.executions), "118264581564861424"); /* C(60, 30) */
	three = steps(3, 22);
	count(&three, &xp_sc, &counts);
	/* 66! / 22!^3: more than 64 bits. */
	assert_string_equal(text(counts.executions), "383331414957648741501332688000");
}

static void more_than_128_bits_is_an_error(void **state)
{
	struct xp_program three = steps(3, 30);

	(void)state;
	xp.memory_limit = 0;
	xp_begin(&three, &xp_sc, &xp_count);
	while (xp_execute() && xp_count.next())
		;
	assert_non_null(strstr(xp.error, "2^128"));
	xp_count.fini();
}

static struct xp_cell cell_of(enum xp_strategy strategy, size_t memory)
{
	const struct xp_options options = { .strategy = strategy, .bound = -1, .no_example = true,
					    .samples = 200000, .seed = 1, .memory = memory };
	struct xp_cell cell = { .backend = xp_backend("old"), .scenario = *xp_preset("two-kicks"),
				.model = "sc" };

	xp_cell_run(&cell, &options);
	return cell;
}

/* Five standard deviations: wrong once in two million, but the seed is fixed. */
static void a_random_walk_meets_the_odds(void **state)
{
	struct xp_cell exact = cell_of(XP_COUNT, 0), walk = cell_of(XP_WALK, 0);
	double p = exact.counts.odds[0].p, n = (double)walk.executions;

	(void)state;
	assert_int_equal(exact.status, XP_EXHAUSTIVE);
	assert_true(fabs((double)walk.hits - n * p) < 5 * sqrt(n * p * (1 - p)));
}

static void a_spent_budget_counts_nothing(void **state)
{
	struct xp_cell cell = cell_of(XP_COUNT, 100000);

	(void)state;
	assert_int_equal(cell.status, XP_BUDGET);
	assert_int_equal(cell.counts.n, 0);
	assert_non_null(strstr(cell.reason, "memory"));
}

/* The walks through the prover's tree come, in the mean, to the number of its executions. */
static void an_estimate_is_near(void **state)
{
	static const char *const models[] = { "sc", "tso", "rc11", "lkmm" };
	const struct xp_options prove = { .strategy = XP_PROVE, .bound = -1, .no_example = true };
	struct xp_options guess = {
		.strategy = XP_ESTIMATE, .bound = -1, .samples = 1000000, .no_example = true
	};

	(void)state;
	for (size_t m = 0; m < sizeof(models) / sizeof(models[0]); m++) {
		struct xp_cell cell = { .backend = xp_backend("patched"), .scenario = *xp_preset("one-kick"),
					.model = models[m] };
		struct xp_cell about = cell;

		xp_cell_run(&cell, &prove);
		xp_cell_run(&about, &guess);
		assert_int_equal(about.status, XP_SAMPLED);
		if (fabs(about.estimated.ends - (double)cell.executions) > 2 * about.estimated.error)
			fail_msg("%s: %g +- %g executions by the estimate, not %llu", models[m],
				 about.estimated.ends, about.estimated.error,
				 (unsigned long long)cell.executions);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_are_those_of_an_enumeration),
		cmocka_unit_test(choices_are_counted),
		cmocka_unit_test(two_kickers_are_counted),
		cmocka_unit_test(counts_are_those_of_combinatorics),
		cmocka_unit_test(more_than_128_bits_is_an_error),
		cmocka_unit_test(a_random_walk_meets_the_odds),
		cmocka_unit_test(a_spent_budget_counts_nothing),
		cmocka_unit_test(an_estimate_is_near),
	};

#ifdef FIBER_TSAN
	puts("skipped: there is one thread, and TSan's fibers take minutes here");
	return 4;
#endif
	return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
