// SPDX-License-Identifier: GPL-2.0-or-later
/* A kick whose outcome is not what it did: every row of it is violated, and says so. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#define KICK_BACKEND says_sent
#define KICK_BACKEND_FILE "tests/protocols/says_sent.h"
#include "bench/loop/count_tmpl.c"

#include "bench/window/rig.h"

static void a_counted_kick_is_caught(void **state)
{
	struct bench_result r = { .verdict = VERDICT_OK };
	struct kick_counts counts;
	enum kick_outcome outcome;

	(void)state;
	assert_int_equal(kick(BENCH_OUTSIDE, BENCH_KICK, false, &counts, &outcome), -EPROTO);
	assert_int_equal(kick(BENCH_IN_GUEST, BENCH_KICK, false, &counts, &outcome), 0);
	assert_int_equal(outcome, KICK_SENT);
	bench_counted_kick(&r, 0);
	assert_int_equal(r.verdict, VERDICT_OK);
	bench_counted_kick(&r, -EPROTO);
	assert_int_equal(r.verdict, VERDICT_VIOLATED);
	assert_non_null(strstr(r.why, "CONTRACT"));
}

static void a_window_of_them_is_caught(void **state)
{
	struct bench_case c = { .backend = bench_backend_find("patched") };
	struct bench_result r = { .untrue = true, .exits = 1 };

	(void)state;
	assert_non_null(c.backend);
	bench_rig_judge(&c, &r);
	assert_int_equal(r.verdict, VERDICT_VIOLATED);
	assert_non_null(strstr(r.why, "CONTRACT"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_counted_kick_is_caught),
		cmocka_unit_test(a_window_of_them_is_caught),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
