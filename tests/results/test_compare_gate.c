// SPDX-License-Identifier: GPL-2.0-or-later
/* What a gate lets through, of A/A comparisons that are made up; its factors are what they are said to be. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "results/compare_gate.h"

enum { MOST = 16 };

static const char *columns[] = { "scenario", "cell" };
static bool varies[] = { false, true };
static const char *cells[MOST] = { "a", "b", "c", "d", "e", "f", "g", "h",
				   "i", "j", "k", "l", "m", "n", "o", "p" };
static const char *values[MOST][2];

/* n cases of one scenario with these ratios; the interval of each is a point. */
static struct compare_result made(struct compare_row row[MOST], size_t n, const double *ratio)
{
	for (size_t i = 0; i < n; i++) {
		values[i][0] = "fastpath";
		values[i][1] = cells[i];
		row[i] = (struct compare_row){ .value = values[i],
					       .ratio = ratio[i],
					       .interval = { .low = ratio[i], .high = ratio[i] },
					       .verdict = ratio[i] > 1 ? COMPARE_SLOWER : COMPARE_FASTER,
					       .comparable = true };
	}
	return (struct compare_result){
		.column = columns, .varies = varies, .n_columns = 2, .row = row, .n = n, .n_comparable = n
	};
}

/* The noise that a gate sees for a case whose own A/A is quiet, where the farthest of n looks was `ratio`. */
static double noise(size_t n, double ratio)
{
	struct compare_row aa_row[MOST], row[MOST];
	double ratios[MOST], changed = 1.5;
	struct compare_result aa, result;
	struct compare_gate gate = { .aa = { &aa }, .n = 1 };

	for (size_t i = 0; i < n; i++)
		ratios[i] = i ? 1 : ratio;
	aa = made(aa_row, n, ratios);
	result = made(row, 1, &changed);
	result.n_verdict[COMPARE_SLOWER] = 1;
	values[0][1] = "a";
	compare_gate(&result, &gate);
	return row[0].noise;
}

/* Of normal noise: how probable is it that one look is no farther than `factor` times the farthest of n? */
static double covered(unsigned int n, double factor)
{
	const double step = 1e-3;
	double sum = 0;

	/* Over the farthest, x: the density of the largest of n is the derivative of erf^n. */
	for (double x = step / 2; x < 8; x += step)
		sum += erf(factor * x / sqrt(2)) *
		       (pow(erf((x + step / 2) / sqrt(2)), n) - pow(erf((x - step / 2) / sqrt(2)), n));
	return sum;
}

/* The figures of results/compare_gate.c. */
static void the_factors_cover_what_they_are_said_to(void **state)
{
	static const struct {
		unsigned int looks;
		double covers;
	} said[] = { { 1, 0.92 }, { 2, 0.98 }, { 3, 0.99 } };
	(void)state;
	for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++) {
		double factor = log1p(noise(said[i].looks, 1.01)) / log(1.01);

		if (covered(said[i].looks, factor) < said[i].covers)
			fail_msg("%u looks, factor %g: covers %g, not %g", said[i].looks, factor,
				 covered(said[i].looks, factor), said[i].covers);
	}
	for (unsigned int n = 3; n <= MOST; n++)
		assert_true(covered(n, log1p(noise(n, 1.01)) / log(1.01)) >= 0.99);
}

/* One case that is slower by `ratio`, where nine A/A cases differed by `aa` at most, in those processes. */
static enum compare_verdict verdict(double ratio, double aa_ratio, const double *process, size_t n)
{
	static struct compare_row row[MOST], aa_row[MOST], each_row[4][MOST];
	static struct compare_result result, aa, each[4];
	struct compare_gate gate = { .aa = { &aa }, .n = 1, .margin = 0.05 };
	double ratios[9] = { aa_ratio, 1, 1, 1, 1, 1, 1, 1, 1 };

	aa = made(aa_row, 9, ratios);
	for (size_t i = 0; i < n; i++) {
		each[i] = made(each_row[i], 1, &process[i]);
		gate.each[gate.n_each++] = &each[i];
	}
	result = made(row, 1, &ratio);
	result.n_verdict[row[0].verdict] = 1;
	compare_gate(&result, &gate);
	assert_true(result.gated);
	assert_int_equal(result.n_verdict[row[0].verdict], 1);
	assert_true((row[0].reason != NULL) == (row[0].verdict == COMPARE_INCONCLUSIVE));
	return row[0].verdict;
}

static void a_change_within_the_noise_is_none(void **state)
{
	(void)state;
	assert_int_equal(verdict(1.30, 1.02, NULL, 0), COMPARE_SLOWER);
	assert_int_equal(verdict(0.70, 1.02, NULL, 0), COMPARE_FASTER);
	assert_int_equal(verdict(1.30, 1.20, NULL, 0), COMPARE_INCONCLUSIVE);
	assert_int_equal(verdict(0.70, 1.25, NULL, 0), COMPARE_INCONCLUSIVE);
	/* Of the case's own A/A the far end counts, and twice the farthest of all. */
	assert_int_equal(verdict(1.039, 1.02, NULL, 0), COMPARE_INCONCLUSIVE);
	assert_int_equal(verdict(1.042, 1.02, NULL, 0), COMPARE_SLOWER);
}

static void each_process_must_say_so(void **state)
{
	static const double both[] = { 1.3, 1.25 }, one[] = { 1.6, 1.01 }, against[] = { 1.6, 0.8 };

	(void)state;
	assert_int_equal(verdict(1.30, 1.01, both, 2), COMPARE_SLOWER);
	assert_int_equal(verdict(1.30, 1.01, one, 2), COMPARE_INCONCLUSIVE);
	assert_int_equal(verdict(1.30, 1.01, against, 2), COMPARE_INCONCLUSIVE);
}

/* The margin, the noise, and what so few repetitions could have shown: the largest of them. */
static void sees_the_largest_of_three(void **state)
{
	const struct compare_options options = { .margin = 0.05 };
	struct compare_row row = { .noise = 0.02, .detectable = 0.03 };

	(void)state;
	assert_true(compare_gate_sees(&row, &options) == 0.05);
	row.noise = 0.08;
	assert_true(compare_gate_sees(&row, &options) == 0.08);
	row.detectable = 0.12;
	assert_true(compare_gate_sees(&row, &options) == 0.12);
	row.detectable = NAN;
	assert_true(compare_gate_sees(&row, &options) == 0.08);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_factors_cover_what_they_are_said_to),
		cmocka_unit_test(a_change_within_the_noise_is_none),
		cmocka_unit_test(each_process_must_say_so),
		cmocka_unit_test(sees_the_largest_of_three),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
