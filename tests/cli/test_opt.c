// SPDX-License-Identifier: GPL-2.0-or-later
/* Option arguments: what is taken, what is refused and how, and which exit code wins. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/exit_code.h"
#include "cli/opt.h"

struct sample {
	const char *text;
	int error;
	uint64_t value;
};

static const struct sample numbers[] = {
	{ "0", 0, 0 },
	{ "12", 0, 12 },
	{ "007", 0, 7 },
	{ "1k", 0, 1000 },
	{ "2M", 0, 2000000 },
	{ "3G", 0, 3000000000 },
	{ "18446744073709551615", 0, UINT64_MAX },
	{ "18446744073709551616", -ERANGE, 0 },
	{ "18446744073709552k", -ERANGE, 0 },
	{ "", -EINVAL, 0 },
	{ "-1", -EINVAL, 0 },
	{ "+1", -EINVAL, 0 },
	{ " 1", -EINVAL, 0 },
	{ "1 ", -EINVAL, 0 },
	{ "1K", -EINVAL, 0 },
	{ "1.5k", -EINVAL, 0 },
	{ "0x10", -EINVAL, 0 },
	{ "k", -EINVAL, 0 },
	{ "18446744073709551616x", -EINVAL, 0 },
};

static const struct sample durations[] = {
	{ "500ns", 0, 500 },
	{ "10us", 0, 10000 },
	{ "50ms", 0, 50000000 },
	{ "2s", 0, 2000000000 },
	{ "3m", 0, 180000000000 },
	{ "0s", 0, 0 },
	{ "5", -EINVAL, 0 },
	{ "-50ms", -EINVAL, 0 },
	{ "50 ms", -EINVAL, 0 },
	{ "1h", -EINVAL, 0 },
	{ "ms", -EINVAL, 0 },
	{ "", -EINVAL, 0 },
	{ "307445735m", -ERANGE, 0 },
};

static void parse_all(int (*parse)(const char *, uint64_t *), const struct sample *sample, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		uint64_t value = 4711;
		int error = parse(sample[i].text, &value);

		if (error != sample[i].error || value != (error ? 4711 : sample[i].value))
			fail_msg("'%s': %d, %ju", sample[i].text, error, (uintmax_t)value);
	}
}

static void numbers_are_whole_strings(void **state)
{
	(void)state;
	parse_all(opt_u64, numbers, sizeof(numbers) / sizeof(numbers[0]));
}

static void durations_need_a_unit(void **state)
{
	(void)state;
	parse_all(opt_duration_ns, durations, sizeof(durations) / sizeof(durations[0]));
}

static void doubles_are_finite(void **state)
{
	static const char *const refused[] = { "", " 1", "1x", "nan", "inf", "-inf" };
	double v = 4711;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		assert_int_equal(opt_double(refused[i], &v), -EINVAL);
	assert_int_equal(opt_double("1e999", &v), -ERANGE);
	assert_float_equal(v, 4711, 0);
	assert_int_equal(opt_double("-2.5e1", &v), 0);
	assert_float_equal(v, -25, 0);
}

static void lists_have_no_empty_items(void **state)
{
	static const char *const refused[] = { "", ",", "a,", ",a", "a,,b" };
	struct opt_list list;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		assert_int_equal(opt_list_parse(refused[i], &list), -EINVAL);
	assert_int_equal(opt_list_parse("old", &list), 0);
	assert_int_equal(list.n, 1);
	opt_list_free(&list);
	assert_int_equal(opt_list_parse("old,patched,x y", &list), 0);
	assert_int_equal(list.n, 3);
	assert_string_equal(list.item[0], "old");
	assert_string_equal(list.item[1], "patched");
	assert_string_equal(list.item[2], "x y");
	opt_list_free(&list);
	assert_int_equal(list.n, 0);
	opt_list_free(&list);
}

static void the_worst_exit_code_wins(void **state)
{
	static const int order[] = {
		EXIT_SKIPPED,	  EXIT_AS_STATED, EXIT_UNDECIDED, EXIT_VIOLATED,
		EXIT_ENVIRONMENT, EXIT_USAGE,	  128 + 2,
	};
	size_t i, j;

	(void)state;
	for (i = 0; i < sizeof(order) / sizeof(order[0]); i++)
		for (j = 0; j <= i; j++) {
			assert_int_equal(exit_code_worst(order[i], order[j]), order[i]);
			assert_int_equal(exit_code_worst(order[j], order[i]), order[i]);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_whole_strings),
		cmocka_unit_test(durations_need_a_unit),
		cmocka_unit_test(doubles_are_finite),
		cmocka_unit_test(lists_have_no_empty_items),
		cmocka_unit_test(the_worst_exit_code_wins),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
