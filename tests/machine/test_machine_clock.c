// SPDX-License-Identifier: GPL-2.0-or-later
/* The counter tells the same time as the kernel's clock, however late either is read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <time.h>

#include "machine/clock.h"

/* One pair of readings within the other: late readings only make the outer one longer. */
static void ticks_and_nanoseconds_agree_within_one_percent(void **state)
{
	const struct timespec ms20 = { 0, 20000000 };
	uint64_t ticks0, inner0, outer0, ticks1, inner1, outer1;

	(void)state;
	clock_init();
	outer0 = clock_raw_ns();
	ticks0 = clock_now();
	inner0 = clock_raw_ns();
	nanosleep(&ms20, NULL);
	inner1 = clock_raw_ns();
	ticks1 = clock_now();
	outer1 = clock_raw_ns();
	assert_true((double)clock_to_ns(ticks1 - ticks0) > 0.99 * (double)(inner1 - inner0));
	assert_true((double)clock_to_ns(ticks1 - ticks0) < 1.01 * (double)(outer1 - outer0));
}

static void a_stated_frequency_is_the_clocks(void **state)
{
	(void)state;
#if defined(__aarch64__)
	uint64_t hz;

	__asm__("mrs %0, cntfrq_el0" : "=r"(hz));
	print_message("cntfrq: %lu Hz; %.9g ns per tick\n", (unsigned long)hz, machine_clock.ns_per_tick);
	assert_string_equal(machine_clock.source, "cntvct");
	assert_true(fabs(machine_clock.ns_per_tick * (double)hz - 1e9) < 1);
#else
	print_message("skipped: only arm64 states it\n");
	skip();
#endif
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ticks_and_nanoseconds_agree_within_one_percent),
		cmocka_unit_test(a_stated_frequency_is_the_clocks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
