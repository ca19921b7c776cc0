// SPDX-License-Identifier: GPL-2.0-or-later
/* The C interface to Google Benchmark: misuse is an error with a name, never abort() or exit(). */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "bench/gbench.h"
#include "tests/scratch.h"

static char errors[4][80];
static size_t n_errors;
static uint64_t n_iterated;

static void keep_error(void *arg, const struct gbench_run_result *run)
{
	(void)arg;
	assert_true(n_errors < 4);
	snprintf(errors[n_errors++], sizeof(errors[0]), "%s", run->error ? run->error : "");
}

static const struct gbench_reporter reporter = { .run = keep_error };

static int forget(void **state)
{
	(void)state;
	n_errors = 0;
	n_iterated = 0;
	return gbench_clear();
}

static void count_body(struct gbench_state *state, void *arg)
{
	uint64_t n;

	(void)arg;
	while (gbench_next(state, &n))
		n_iterated += n;
}

static void skip_body(struct gbench_state *state, void *arg)
{
	uint64_t n;

	(void)arg;
	gbench_skip_with_error(state, "not today");
	while (gbench_next(state, &n))
		n_iterated += n;
}

static void lazy_body(struct gbench_state *state, void *arg)
{
	(void)state;
	(void)arg;
}

static void hasty_body(struct gbench_state *state, void *arg)
{
	uint64_t n;

	(void)arg;
	gbench_next(state, &n);
}

static void bad_bodies_become_errors(void **state)
{
	(void)state;
	gbench_register("skip", skip_body, NULL);
	gbench_register("lazy", lazy_body, NULL);
	gbench_register("hasty", hasty_body, NULL);
	assert_int_equal(gbench_run(NULL, &reporter, NULL), 3);
	assert_int_equal(n_iterated, 0);
	assert_string_equal(errors[0], "not today");
	assert_non_null(strstr(errors[1], "gbench_next()"));
	assert_non_null(strstr(errors[2], "gbench_next()"));
}

/* Every line here is an abort() in the library, or an endless loop. */
static void refuses_what_the_library_aborts_over(void **state)
{
	struct gbench_case *c = gbench_register("refuse", count_body, NULL);
	const int64_t pair[] = { 1, 2 }, backwards[1][2] = { { 2, 1 } };

	(void)state;
	assert_int_equal(gbench_range(c, 2, 1), -EINVAL);
	assert_int_equal(gbench_ranges(c, backwards, 1), -EINVAL);
	assert_int_equal(gbench_dense_range(c, 1, 2, 0), -EINVAL);
	assert_int_equal(gbench_range_multiplier(c, 1), -EINVAL);
	assert_int_equal(gbench_args(c, pair, 0), -EINVAL);
	assert_int_equal(gbench_arg(c, 1), 0);
	assert_int_equal(gbench_args(c, pair, 2), -EINVAL);
	assert_int_equal(gbench_iterations(c, 0), -EINVAL);
	assert_int_equal(gbench_repetitions(c, 0), -EINVAL);
	assert_int_equal(gbench_threads(c, 0), -EINVAL);
	assert_int_equal(gbench_thread_range(c, 2, 1), -EINVAL);
	assert_int_equal(gbench_min_time(c, 0), -EINVAL);
	assert_int_equal(gbench_min_time(c, 0.01), 0);
	assert_int_equal(gbench_iterations(c, 1), -EINVAL);
	assert_int_equal(gbench_use_real_time(c), 0);
	assert_int_equal(gbench_use_manual_time(c), -EINVAL);
	assert_int_equal(gbench_unit(c, 4), -EINVAL);
	assert_int_equal(gbench_unit(NULL, GBENCH_NS), -EINVAL);
	assert_true(strlen(gbench_error()) > 0);
}

static void bad_runs_are_told_apart(void **state)
{
	char path[SCRATCH_SIZE];

	(void)state;
	gbench_iterations(gbench_register("one", count_body, NULL), 1);
	assert_int_equal(gbench_run("another", &reporter, NULL), -ENOENT);
	assert_int_equal(gbench_run("(", &reporter, NULL), -EINVAL);
	assert_int_equal(gbench_run(NULL, &reporter, scratch_path(path, "missing/out.json")), -ENOENT);
	if (have_dev_full())
		assert_int_equal(gbench_run(NULL, &reporter, "/dev/full"), -ENOSPC);
	assert_int_equal(gbench_run("^one", &reporter, NULL), 1);
}

static void after_shutdown_everything_is_refused(void **state)
{
	(void)state;
	assert_int_equal(gbench_shutdown(), 0);
	assert_int_equal(gbench_shutdown(), -ESHUTDOWN);
	assert_int_equal(gbench_add_context("late", "x"), -ESHUTDOWN);
	assert_null(gbench_register("late", count_body, NULL));
	assert_int_equal(gbench_run(NULL, &reporter, NULL), -ESHUTDOWN);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(bad_bodies_become_errors, forget),
		cmocka_unit_test_setup(refuses_what_the_library_aborts_over, forget),
		cmocka_unit_test_setup(bad_runs_are_told_apart, forget),
		cmocka_unit_test(after_shutdown_everything_is_refused),
	};

	if (gbench_init(&argc, argv))
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
