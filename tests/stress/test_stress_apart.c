// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A backend that crashes, ends the program or never returns is FAILED, by name and with what it did; this
 * process goes on, and judges the next one.  The backends are in tests/explore/refused/.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <cmocka.h>

#include "machine/team.h"
#include "stress/stress.h"
#include "topo/topo.h"

extern const struct stress_backend stress_backend_crash, stress_backend_leaves, stress_backend_aborts;
extern const struct stress_backend stress_backend_hang, stress_backend_schedules;

static int run(const struct stress_backend *backend, struct stress_result *result, char err[256])
{
	struct stress_options o;
	struct topo *topo = NULL;
	int failed;

	assert_int_equal(topo_load(&topo, err, 256), 0);
	stress_options_init(&o);
	o.duration_ns = 100000000;
	failed = stress_run_apart(backend, &o, topo, result, err, 256);
	topo_free(topo);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1); /* no child is left */
	return failed;
}

static void fails(const struct stress_backend *backend, const char *says)
{
	static struct stress_result result;
	char err[256] = "";

	assert_int_equal(run(backend, &result, err), -ECHILD);
	assert_true(result.failed);
	assert_int_equal(result.verdict, VERDICT_INCONCLUSIVE);
	assert_string_equal(result.why, err);
	if (!strstr(err, says) || strncmp(err, backend->name, strlen(backend->name)))
		fail_msg("%s: %s", backend->name, err);
	stress_result_fini(&result);
}

static void whoever_takes_the_process_down_has_failed(void **state)
{
	const uint64_t as_ever = team_watchdog_ns, chance_as_ever = team_last_chance_ns;

	(void)state;
	fails(&stress_backend_leaves, "ends the program, with code 0");
	fails(&stress_backend_schedules, "calls kick_schedule(), in which only a vCPU's own thread sleeps");
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
	fails(&stress_backend_crash, "died of signal 11");
	fails(&stress_backend_aborts, "died of signal 6");
#endif
#ifdef __SANITIZE_THREAD__
	return; /* it holds the watchdog's signals back, so that what hangs is only slow, for ten seconds */
#endif
	team_watchdog_ns = 500000000;
	team_last_chance_ns = 100000000; /* it takes none */
	fails(&stress_backend_hang, "does not come back in time");
	team_watchdog_ns = as_ever;
	team_last_chance_ns = chance_as_ever;
}

static void the_next_one_is_judged(void **state)
{
	static struct stress_result result;
	char err[256] = "";

	(void)state;
	assert_int_equal(run(stress_backend_find("patched"), &result, err), 0);
	assert_false(result.failed);
	assert_true(result.n[STRESS_KICKS] > 0);
	assert_int_equal(result.bits, 0);
	stress_result_fini(&result);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whoever_takes_the_process_down_has_failed),
		cmocka_unit_test(the_next_one_is_judged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
