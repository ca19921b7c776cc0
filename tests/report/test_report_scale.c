// SPDX-License-Identifier: GPL-2.0-or-later
/* Scales of the report: values stay inside, ticks are round, rising and few, whatever the data are. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "report/draw/scale.h"
#include "results/stats.h"

enum { ROUNDS = 2000 };

/* Anything from 1e-3 to 1e12. */
static double any(struct stats_random *random)
{
	return pow(10, (double)stats_random_below(random, 15001) / 1000 - 3);
}

static void check_ticks(const struct scale *s, size_t most)
{
	double tick[SCALE_MAX_TICKS];
	size_t n = scale_ticks(s, tick, most);

	assert_in_range(n, 1, most);
	for (size_t i = 0; i < n; i++) {
		double digits = tick[i] / pow(10, floor(log10(fmax(fabs(tick[i]), 1e-300)) + 1e-9));

		assert_true(!i || tick[i] > tick[i - 1]);
		assert_true(tick[i] >= s->low * (1 - 1e-6) - 1e-9 && tick[i] <= s->high * (1 + 1e-6));
		/* One digit, or a multiple of a half: 1, 2, 5, 1.5, ... */
		assert_true(tick[i] == 0 || fabs(digits * 20 - round(digits * 20)) < 1e-6);
	}
}

static void linear_scales_hold_their_values_and_have_round_ticks(void **state)
{
	struct stats_random random;

	(void)state;
	stats_random_init(&random, 1);
	for (int i = 0; i < ROUNDS; i++) {
		double high = any(&random);
		struct scale s = scale_linear(0, high, 10, 400);

		assert_true(s.low == 0 && s.high >= high);
		assert_true(scale_at(&s, 0) == 10 && scale_at(&s, high) <= 400);
		check_ticks(&s, 8);
	}
}

static void logarithmic_scales_hold_their_values_and_have_round_ticks(void **state)
{
	struct stats_random random;

	(void)state;
	stats_random_init(&random, 2);
	for (int i = 0; i < ROUNDS; i++) {
		double a = any(&random), b = any(&random);
		struct scale s = scale_log(fmin(a, b), fmax(a, b), 300, 20);

		assert_true(s.low <= fmin(a, b) * (1 + 1e-9) && s.high >= fmax(a, b) * (1 - 1e-9));
		assert_true(scale_at(&s, fmax(a, b)) <= scale_at(&s, fmin(a, b)));
		check_ticks(&s, 8);
	}
}

static void nothing_and_a_single_value_have_a_scale_too(void **state)
{
	struct scale s = scale_log(INFINITY, 0, 0, 100);

	(void)state;
	assert_true(s.low > 0 && s.high > s.low && isfinite(s.high));
	s = scale_log(7, 7, 0, 100);
	assert_true(s.low <= 7 && s.high >= 7 && s.high > s.low);
	s = scale_linear(3, 3, 0, 100);
	assert_true(s.low <= 3 && s.high > s.low);
	assert_true(scale_at(&s, 1e30) == 100 && scale_at(&s, -1e30) == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(linear_scales_hold_their_values_and_have_round_ticks),
		cmocka_unit_test(logarithmic_scales_hold_their_values_and_have_round_ticks),
		cmocka_unit_test(nothing_and_a_single_value_have_a_scale_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
