// SPDX-License-Identifier: GPL-2.0-or-later
/* The gaps of open loops: constant, or exponential: mean, deviation, tail and independence. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "bench/loop/arrivals.h"

enum { N = 200000 };

static void fixed_gaps_are_the_mean(void **state)
{
	struct bench_arrivals a = { .mean_ns = 12345 };

	(void)state;
	for (int i = 0; i < 10; i++)
		assert_true(bench_arrivals_gap_ns(&a) == 12345);
}

static void near(double got, double expected, double relative)
{
	if (fabs(got - expected) > relative * fabs(expected))
		fail_msg("%g is not about %g", got, expected);
}

/* Of exponential gaps: deviation = mean, P(gap > t) = exp(-t / mean), neighbours uncorrelated. */
static void poisson_gaps_are_exponential(void **state)
{
	struct bench_arrivals a = { .mean_ns = 1000, .poisson = true, .state = 1 };
	double sum = 0, squares = 0, neighbours = 0, last = 0;
	int beyond[5] = { 0 };

	(void)state;
	for (int i = 0; i < N; i++) {
		double gap = bench_arrivals_gap_ns(&a);

		assert_true(gap >= 0 && isfinite(gap));
		sum += gap;
		squares += gap * gap;
		neighbours += i ? (gap - 1000) * (last - 1000) : 0;
		last = gap;
		for (int k = 0; k < 5; k++)
			beyond[k] += gap > 1000 * (k + 1);
	}
	near(sum / N, 1000, 0.01);
	near(sqrt(squares / N - sum / N * (sum / N)), 1000, 0.015);
	assert_true(fabs(neighbours / N) < 0.01 * 1000 * 1000);
	for (int k = 0; k < 5; k++)
		near((double)beyond[k] / N, exp(-(k + 1)), 0.1);
}

/* The number that fall into a window of 10 means has variance 10, too: it is no jittered grid. */
static void counts_are_poisson(void **state)
{
	struct bench_arrivals a = { .mean_ns = 1000, .poisson = true, .state = 7 };
	double sum = 0, squares = 0, due = 0;
	int windows = 20000;

	(void)state;
	due = bench_arrivals_gap_ns(&a);
	for (int w = 1; w <= windows; w++) {
		int n = 0;

		for (; due < 10000.0 * w; due += bench_arrivals_gap_ns(&a))
			n++;
		sum += n;
		squares += (double)n * n;
	}
	near(sum / windows, 10, 0.02);
	near(squares / windows - sum / windows * (sum / windows), 10, 0.05);
}

static void seeds_repeat(void **state)
{
	struct bench_arrivals a = { 1000, true, 5 }, b = { 1000, true, 5 }, c = { 1000, true, 6 };
	int same = 0;

	(void)state;
	for (int i = 0; i < 100; i++) {
		double gap = bench_arrivals_gap_ns(&a);

		assert_true(gap == bench_arrivals_gap_ns(&b));
		same += gap == bench_arrivals_gap_ns(&c);
	}
	assert_int_equal(same, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fixed_gaps_are_the_mean),
		cmocka_unit_test(poisson_gaps_are_exponential),
		cmocka_unit_test(counts_are_poisson),
		cmocka_unit_test(seeds_repeat),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
