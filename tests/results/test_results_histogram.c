// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The histogram: its error bound over the whole range, and that merging is the same as recording
 * together.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "results/histogram.h"
#include "results/stats.h"

enum { N = 20000 };

static struct histogram whole, part[3];

/* Spread evenly over the powers of two: most of the range is rare otherwise. */
static uint64_t any_latency(struct stats_random *random)
{
	return stats_random_next(random) >>
	       (64 - HISTOGRAM_VALUE_BITS + stats_random_below(random, 40));
}

static void the_buckets_tile_the_range(void **state)
{
	uint64_t expected_low = 0;
	struct histogram_bucket b = { 0 };

	(void)state;
	histogram_init(&whole);
	for (size_t i = 0; i < HISTOGRAM_BUCKETS; i++)
		whole.count[i] = i + 1;
	for (size_t i = 0; i < HISTOGRAM_BUCKETS; i++) {
		assert_true(histogram_next(&whole, &b));
		assert_int_equal(b.count, i + 1);
		assert_true(b.low_ns == expected_low);
		assert_true(b.high_ns > b.low_ns);
		assert_true(b.high_ns - b.low_ns == 1 || (b.high_ns - b.low_ns) * 128 <= b.low_ns);
		assert_int_equal(histogram_index(b.low_ns), i);
		assert_int_equal(histogram_index(b.high_ns - 1), i);
		expected_low = b.high_ns;
	}
	assert_false(histogram_next(&whole, &b));
	assert_true(expected_low == HISTOGRAM_MAX_NS + 1);
}

static int compare_u64(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static void quantiles_are_within_the_bound(void **state)
{
	static const double q[] = { 0, 0.001, 0.1, 0.5, 0.9, 0.99, 0.999, 1 };
	static uint64_t x[N];
	struct stats_random random;

	(void)state;
	stats_random_init(&random, 1);
	histogram_init(&whole);
	for (int i = 0; i < N; i++) {
		x[i] = any_latency(&random);
		histogram_record(&whole, x[i]);
	}
	qsort(x, N, sizeof(*x), compare_u64);
	for (size_t i = 0; i < sizeof(q) / sizeof(q[0]); i++) {
		size_t rank = (size_t)ceil(q[i] * N);
		double exact = (double)x[rank ? rank - 1 : 0];

		assert_true(fabs(histogram_quantile(&whole, q[i]) - exact) <= exact / 256 + 0.5);
	}
	assert_true(whole.n == N && whole.min_ns == x[0] && whole.max_ns == x[N - 1]);
}

static void small_values_are_exact(void **state)
{
	(void)state;
	histogram_init(&whole);
	for (uint64_t ns = 0; ns < 256; ns++)
		histogram_record(&whole, ns);
	for (int i = 1; i <= 256; i++)
		assert_true(histogram_quantile(&whole, i / 256.0) == i - 1);
}

static void merging_is_recording_together(void **state)
{
	struct stats_random random;

	(void)state;
	stats_random_init(&random, 2);
	histogram_init(&whole);
	for (int p = 0; p < 3; p++)
		histogram_init(&part[p]);
	for (int i = 0; i < N; i++) {
		uint64_t ns = any_latency(&random);

		histogram_record(&whole, ns);
		histogram_record(&part[1 + i % 2], ns);
	}
	for (int p = 1; p < 3; p++)
		histogram_merge(&part[0], &part[p]);
	assert_memory_equal(&part[0], &whole, sizeof(whole));
}

static void too_large_values_are_counted_apart(void **state)
{
	struct histogram_bucket b = { 0 };

	(void)state;
	histogram_init(&whole);
	histogram_record(&whole, HISTOGRAM_MAX_NS);
	histogram_record(&whole, HISTOGRAM_MAX_NS + 1);
	histogram_record(&whole, UINT64_MAX);
	assert_int_equal(whole.n_over, 2);
	assert_true(whole.max_ns == UINT64_MAX);
	assert_true(histogram_next(&whole, &b));
	assert_int_equal(b.count, 3);
	assert_true(b.high_ns == HISTOGRAM_MAX_NS + 1);
}

static void an_empty_one_has_no_quantiles(void **state)
{
	struct histogram_bucket b = { 0 };

	(void)state;
	histogram_init(&whole);
	assert_true(isnan(histogram_quantile(&whole, 0.5)));
	assert_false(histogram_next(&whole, &b));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_buckets_tile_the_range),
		cmocka_unit_test(quantiles_are_within_the_bound),
		cmocka_unit_test(small_values_are_exact),
		cmocka_unit_test(merging_is_recording_together),
		cmocka_unit_test(too_large_values_are_counted_apart),
		cmocka_unit_test(an_empty_one_has_no_quantiles),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
