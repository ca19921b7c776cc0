// SPDX-License-Identifier: GPL-2.0-or-later
/* Statistics against published values, textbook examples, and what must hold for any data. */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "results/stats.h"

static void assert_near(double got, double expected, double relative)
{
	if (!(fabs(got - expected) <= fabs(expected) * relative))
		fail_msg("got %.12g, expected %.12g", got, expected);
}

/* In (0, 1), never 0. */
static double uniform(struct stats_random *random)
{
	return ((double)(stats_random_next(random) >> 11) + 0.5) * 0x1p-53;
}

static double normal(struct stats_random *random)
{
	return sqrt(-2 * log(uniform(random))) * cos(2 * M_PI * uniform(random));
}

/* The authors' reference outputs: splitmix64 of seed 1234567, xoshiro256** of state 1, 2, 3, 4. */
static void random_numbers_are_the_published_ones(void **state)
{
	static const uint64_t expected[] = { 11520, 0, 1509978240, 1215971899390074240u };
	struct stats_random random;

	(void)state;
	stats_random_init(&random, 1234567);
	assert_true(random.s[0] == 6457827717110365317u);
	assert_true(random.s[1] == 3203168211198807973u);
	random = (struct stats_random){ { 1, 2, 3, 4 } };
	for (int i = 0; i < 4; i++)
		assert_true(stats_random_next(&random) == expected[i]);
	for (int i = 0; i < 1000; i++)
		assert_true(stats_random_below(&random, 7) < 7);
}

static void quantiles_are_those_of_a_textbook(void **state)
{
	static const double x[] = { 7, 1, 3, 9, 5 }, even[] = { 4, 1, 3, 2 };

	(void)state;
	assert_near(stats_median(x, 5), 5, 0);
	assert_near(stats_median(even, 4), 2.5, 0);
	assert_near(stats_quantile(x, 5, 0.25), 3, 0);
	assert_near(stats_quantile(even, 4, 0.1), 1.3, 1e-15);
	assert_near(stats_quantile(x, 5, 1), 9, 0);
	assert_near(stats_quantile(x, 1, 0.9), 7, 0);
	assert_near(stats_mad(x, 5), 2, 0);
	assert_near(stats_spread(x, 5), 1.4826 * 2 / 5, 1e-15);
	assert_true(isnan(stats_median(x, 0)) && isnan(stats_mad(x, 0)));
}

static double separate_p(size_t n)
{
	struct stats_mann_whitney test;
	double a[32], b[32];

	for (size_t i = 0; i < n; i++) {
		a[i] = (double)i;
		b[i] = (double)(n + i);
	}
	assert_int_equal(stats_mann_whitney(a, n, b, n, &test), 0);
	assert_true(test.exact && test.u == 0);
	assert_near(stats_mann_whitney_floor(n, n), test.p, 1e-9);
	return test.p;
}

static void smallest_p_values_are_the_published_ones(void **state)
{
	(void)state;
	assert_near(separate_p(3), 0.1, 1e-12);
	assert_near(separate_p(6), 2.0 / 924, 1e-12);
	assert_near(separate_p(9), 2.0 / 48620, 1e-12);
	assert_near(separate_p(30), 2.0 / 118264581564861424.0, 1e-9);
}

/*
 * A rank order of n + n values in which the first sample's U is u: shift its top values up one by
 * one.
 */
static double p_of_u(size_t n, size_t u)
{
	struct stats_mann_whitney test;
	double a[32], b[32];

	for (size_t i = 0; i < n; i++) {
		size_t passed = u < n ? u : n;

		/* a's largest passes `passed` of b's values, which stand at 100, 101, ... */
		a[n - 1 - i] = passed ? 99.5 + (double)passed - (double)i * 1e-3 : (double)(n - i);
		b[i] = 100 + (double)i;
		u -= passed;
	}
	assert_int_equal(stats_mann_whitney(a, n, b, n, &test), 0);
	return test.p;
}

/*
 * The printed tables: the largest U that a two-sided test rejects at the level, for n + n values.
 */
static void critical_values_are_those_of_the_tables(void **state)
{
	static const struct {
		size_t n, u;
		double level;
	} table[] = {
		{ 4, 0, 0.05 },	  { 5, 2, 0.05 },    { 6, 5, 0.05 },	{ 7, 8, 0.05 },
		{ 8, 13, 0.05 },  { 9, 17, 0.05 },   { 10, 23, 0.05 },	{ 12, 37, 0.05 },
		{ 15, 64, 0.05 }, { 20, 127, 0.05 }, { 5, 0, 0.01 },	{ 6, 2, 0.01 },
		{ 7, 4, 0.01 },	  { 8, 7, 0.01 },    { 9, 11, 0.01 },	{ 10, 16, 0.01 },
		{ 12, 27, 0.01 }, { 15, 51, 0.01 },  { 20, 105, 0.01 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		assert_true(p_of_u(table[i].n, table[i].u) <= table[i].level);
		assert_true(p_of_u(table[i].n, table[i].u + 1) > table[i].level);
	}
}

static void ties_are_counted_out(void **state)
{
	static const double a[] = { 1, 2, 2 }, b[] = { 2, 3, 3 }, same[] = { 5, 5, 5, 5 };
	struct stats_mann_whitney test;

	(void)state;
	/*
	 * By hand: of the 20 sets of three of {1, 2, 2, 2, 3, 3}, one in ten is as far off the
	 * mean.
	 */
	assert_int_equal(stats_mann_whitney(a, 3, b, 3, &test), 0);
	assert_near(test.u, 1, 0);
	assert_near(test.p, 0.3, 1e-12);
	assert_int_equal(stats_mann_whitney(same, 4, same, 4, &test), 0);
	assert_near(test.u, 8, 0);
	assert_near(test.p, 1, 0);
	assert_int_equal(stats_mann_whitney(a, 0, b, 3, &test), -EINVAL);
}

static void swapping_the_samples_changes_nothing_but_u(void **state)
{
	struct stats_mann_whitney ab, ba;
	struct stats_random random;
	double a[20], b[20];

	(void)state;
	stats_random_init(&random, 5);
	for (int round = 0; round < 200; round++) {
		size_t na = 1 + stats_random_below(&random, 12),
		       nb = 1 + stats_random_below(&random, 12);

		for (size_t i = 0; i < na; i++)
			a[i] = (double)stats_random_below(&random, 20);
		for (size_t i = 0; i < nb; i++)
			b[i] = (double)stats_random_below(&random, 20);
		assert_int_equal(stats_mann_whitney(a, na, b, nb, &ab), 0);
		assert_int_equal(stats_mann_whitney(b, nb, a, na, &ba), 0);
		assert_near(ab.p, ba.p, 1e-12);
		assert_near(ab.u + ba.u, (double)(na * nb), 0);
		assert_true(ab.p > 0 && ab.p <= 1);
	}
}

/* At the border between the two: they must not disagree where it matters. */
static void the_normal_approximation_meets_the_exact_one(void **state)
{
	struct stats_mann_whitney exact, approximate;
	struct stats_random random;
	double a[51], b[51];

	(void)state;
	stats_random_init(&random, 6);
	for (int i = 0; i < 51; i++) {
		a[i] = normal(&random);
		b[i] = normal(&random) + 0.5;
	}
	assert_int_equal(stats_mann_whitney(a, 50, b, 50, &exact), 0);
	assert_int_equal(stats_mann_whitney(a, 51, b, 51, &approximate), 0);
	assert_true(exact.exact && !approximate.exact);
	assert_true(fabs(log(exact.p / approximate.p)) < 0.7);
	a[50] = a[49];
	b[50] = b[49];
	assert_int_equal(stats_mann_whitney(a, 1, b, 51, &exact), 0);
	assert_true(exact.exact);
}

static void intervals_cover_the_true_ratio(void **state)
{
	struct stats_random random;
	int n_covered = 0, n = 400;
	double a[9], b[9];

	(void)state;
	stats_random_init(&random, 7);
	for (int round = 0; round < n; round++) {
		struct stats_interval interval;

		for (int i = 0; i < 9; i++) {
			a[i] = 1 + 0.03 * normal(&random);
			b[i] = 1.5 * (1 + 0.03 * normal(&random));
		}
		assert_int_equal(
			stats_ratio_interval(a, 9, b, 9, 0.95, 500, (uint64_t)round, &interval), 0);
		n_covered += interval.low <= 1.5 && 1.5 <= interval.high;
	}
	/* .97 published for 9; three standard errors below .95 at the least. */
	assert_in_range(n_covered, 367, 400);
}

static void intervals_are_reproducible_and_sane(void **state)
{
	static const double a[] = { 1, 1.1, 0.9, 1.05 }, b[] = { 2, 2.1, 1.9, 2.05 },
			    zero[] = { 0, 1 };
	struct stats_interval x, y;

	(void)state;
	assert_int_equal(stats_ratio_interval(a, 4, b, 4, 0.95, 1000, 1, &x), 0);
	assert_int_equal(stats_ratio_interval(a, 4, b, 4, 0.95, 1000, 1, &y), 0);
	assert_memory_equal(&x, &y, sizeof(x));
	assert_true(x.low >= 1.9 / 1.1 && x.low < 2 && x.high > 2 && x.high <= 2.1 / 0.9);
	assert_int_equal(stats_ratio_interval(b, 1, a, 1, 0.95, 10, 1, &x), 0);
	assert_near(x.low, 0.5, 0);
	assert_near(x.high, 0.5, 0);
	assert_int_equal(stats_ratio_interval(zero, 2, a, 4, 0.95, 10, 1, &x), -EINVAL);
	assert_int_equal(stats_ratio_interval(a, 4, a, 0, 0.95, 10, 1, &x), -EINVAL);
}

/* R: p.adjust(c(.01, .04, .03, .005), "holm") = .03 .06 .06 .02 */
static void holm_is_that_of_r(void **state)
{
	static const double expected[] = { 0.03, 0.06, 0.06, 0.02 };
	double p[] = { 0.01, 0.04, 0.03, 0.005 }, large[] = { 0.9, 0.8 };

	(void)state;
	assert_int_equal(stats_holm(p, 4), 0);
	for (int i = 0; i < 4; i++)
		assert_near(p[i], expected[i], 1e-12);
	assert_int_equal(stats_holm(large, 2), 0);
	assert_true(large[0] == 1 && large[1] == 1);
	assert_int_equal(stats_holm(p, 0), 0);
}

static double power(size_t n, double spread, double effect, struct stats_random *random)
{
	struct stats_mann_whitney test;
	double a[32], b[32];
	int found = 0, rounds = 600;

	for (int round = 0; round < rounds; round++) {
		for (size_t i = 0; i < n; i++) {
			a[i] = 1 + spread * normal(random);
			b[i] = (1 + effect) * (1 + spread * normal(random));
		}
		assert_int_equal(stats_mann_whitney(a, n, b, n, &test), 0);
		found += test.p <= 0.05;
	}
	return (double)found / rounds;
}

static void the_detectable_effect_is_detected(void **state)
{
	struct stats_random random;

	(void)state;
	stats_random_init(&random, 8);
	/* Published: 1.1 % with 15 repetitions at a coefficient of variation of 1 %. */
	assert_near(stats_detectable(0.01, 15, 0.01, 15, 0.05), 0.011, 0.03);
	for (size_t n = 9; n <= 15; n += 6) {
		double effect = stats_detectable(0.02, n, 0.02, n, 0.05);
		double found = power(n, 0.02, effect, &random);

		if (found < 0.70 || found > 0.87)
			fail_msg("n %zu: power %.3f, not about 0.8", n, found);
	}
	assert_true(isinf(stats_detectable(0.01, 3, 0.01, 3, 0.05)));
	assert_true(isinf(stats_detectable(0.01, 6, 0.01, 6, 0.05 / 30)));
	assert_true(isfinite(stats_detectable(0.01, 9, 0.01, 9, 0.05 / 30)));
}

/* Published: Newcombe 1998, table I, method 3. */
static void wilson_is_the_published_one(void **state)
{
	struct stats_interval some = stats_wilson(81, 263), few = stats_wilson(15, 148);

	(void)state;
	assert_near(some.low, 0.2553, 2e-4);
	assert_near(some.high, 0.3662, 2e-4);
	assert_near(few.low, 0.0624, 1e-3);
	assert_near(few.high, 0.1605, 1e-3);
	assert_true(stats_wilson(0, 20).low == 0);
	assert_near(stats_wilson(0, 20).high, 0.1611, 1e-3);
	assert_true(stats_wilson(10, 10).high == 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_numbers_are_the_published_ones),
		cmocka_unit_test(quantiles_are_those_of_a_textbook),
		cmocka_unit_test(smallest_p_values_are_the_published_ones),
		cmocka_unit_test(critical_values_are_those_of_the_tables),
		cmocka_unit_test(ties_are_counted_out),
		cmocka_unit_test(swapping_the_samples_changes_nothing_but_u),
		cmocka_unit_test(the_normal_approximation_meets_the_exact_one),
		cmocka_unit_test(intervals_cover_the_true_ratio),
		cmocka_unit_test(intervals_are_reproducible_and_sane),
		cmocka_unit_test(holm_is_that_of_r),
		cmocka_unit_test(wilson_is_the_published_one),
		cmocka_unit_test(the_detectable_effect_is_detected),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
