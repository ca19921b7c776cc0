// SPDX-License-Identifier: GPL-2.0-or-later
/* A thread that cannot be pinned ends its window at once, and is what the error is about. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "machine/clock.h"
#include "machine/team.h"
#include "topo/topo.h"

enum { NO_SUCH_PU = 1 << 20 };

static int ran[2];

static void waits(struct team_member *m)
{
	ran[0]++;
	for (uint32_t turn = 1; machine_relax_bounded(turn); turn++)
		;
	(void)m;
}

static void never_runs(struct team_member *m)
{
	ran[1]++;
	(void)m;
}

static void a_failed_pin_ends_the_window(void **state)
{
	struct topo *topo;
	char err[256] = "";
	struct team_member m[2] = { { .pu = 0, .run = waits, .is_kicker = true },
				    { .pu = NO_SUCH_PU, .run = never_runs } };
	uint64_t began;

	(void)state;
	clock_init();
	assert_int_equal(topo_load(&topo, err, sizeof(err)), 0);
	began = clock_raw_ns();
	assert_true(team_run(topo, m, 2, 1000000, err, sizeof(err)) < 0);
	/* The watchdog would have taken ten seconds. */
	assert_true(clock_raw_ns() - began < 5000000000u);
	assert_non_null(strstr(err, "could not stay on PU 1048576"));
	assert_int_equal(ran[1], 0);
	assert_int_equal(machine_stop, MACHINE_GO);

	/* And the next window is a normal one. */
	m[0] = (struct team_member){ .pu = 0, .run = never_runs, .is_kicker = true };
	assert_int_equal(team_run(topo, m, 1, 1000000, err, sizeof(err)), 0);
	assert_int_equal(ran[1], 1);
	topo_free(topo);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(a_failed_pin_ends_the_window) };

	return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
