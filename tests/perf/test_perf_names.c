// SPDX-License-Identifier: GPL-2.0-or-later
/* From words to what the kernel is asked for: names of events, CPU families, /proc/interrupts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "perf/perf.h"
#include "perf/set.h"
#include "perf/sys.h"
#include "tests/scratch.h"

static struct perf_set set_of(const char *list)
{
	struct perf_set set = { 0 };
	char err[512] = "";

	if (perf_set_add(&set, list, err, sizeof(err)))
		fail_msg("%s", err);
	return set;
}

static void names_become_events(void **state)
{
	struct perf_set set = set_of("cycles,instructions:uk,context-switches,r21d0,locks=rF25:k");

	(void)state;
	assert_int_equal(set.n, 5);
	assert_int_equal(set.event[0].type, PERF_TYPE_HARDWARE);
	assert_true(set.event[0].user && !set.event[0].kernel);
	assert_true(set.event[1].user && set.event[1].kernel);
	assert_string_equal(set.event[1].column, "instructions_uk");
	/* Such a one happens in the kernel: counting user mode alone would read 0. */
	assert_true(set.event[2].kernel);
	assert_string_equal(set.event[2].column, "context_switches");
	assert_int_equal(set.event[3].type, PERF_TYPE_RAW);
	assert_int_equal(set.event[3].config, 0x21d0);
	assert_string_equal(set.event[4].column, "locks");
	assert_int_equal(set.event[4].config, 0xf25);
	assert_true(!set.event[4].user && set.event[4].kernel);
}

static void a_wrong_list_is_refused_in_one_line(void **state)
{
	static const char *const wrong[] = { "",	       "cycles,",	  "nonsense", "r",    "rxyz",
					     "cycles,cycles",  "x=cycles,x=r1",	  "=cycles",  "x=",
					     "r12345678901234567", "no:such_tracepoint", "../a:b" };

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct perf_set set = { 0 };
		char err[512] = "";

		if (!perf_set_add(&set, wrong[i], err, sizeof(err)))
			fail_msg("'%s' was taken", wrong[i]);
		assert_true(err[0] && !strchr(err, '\n'));
	}
}

/* A root with one file in it, /proc/NAME. */
static void write_root(const char *name, const char *text)
{
	char path[SCRATCH_SIZE + 64];
	FILE *out;

	snprintf(path, sizeof(path), "%s/proc", scratch());
	mkdir(path, 0700);
	snprintf(path, sizeof(path), "%s/proc/%s", scratch(), name);
	out = fopen(path, "we");
	assert_non_null(out);
	fputs(text, out);
	fclose(out);
	perf_sys.root = scratch();
}

static void remove_root(void)
{
	scratch_empty(NULL);
	perf_sys.root = "";
}

static void each_cpu_family_has_its_codes(void **state)
{
	static const struct {
		const char *cpuinfo;
		uint64_t locked, hitm, clears;
	} cpu[] = {
		{ "processor\t: 0\nvendor_id\t: GenuineIntel\ncpu family\t: 6\nmodel\t\t: 106\n"
		  "model name\t: X\n",
		  0x21d0, 0x4d2, 0x2c3 },
		{ "vendor_id\t: AuthenticAMD\ncpu family\t: 23\nmodel\t\t: 1\n", 0x225, 0, 0 },
		{ "vendor_id\t: AuthenticAMD\ncpu family\t: 23\nmodel\t\t: 49\n", 0xf25, 0x243, 0 },
		{ "vendor_id\t: AuthenticAMD\ncpu family\t: 25\nmodel\t\t: 1\n", 0xf25, 0x643, 0 },
		{ "vendor_id\t: AuthenticAMD\ncpu family\t: 25\nmodel\t\t: 17\n", 0xf25, 0x643, 0x96 },
		{ "vendor_id\t: AuthenticAMD\ncpu family\t: 26\nmodel\t\t: 2\n", 0xf25, 0x643, 0x96 },
		{ "processor\t: 0\nCPU implementer\t: 0x41\n", 0x6c, 0, 0 },
		{ "processor\t: 0\nhart\t\t: 2\n", 0, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cpu) / sizeof(cpu[0]); i++) {
		struct perf_set set = { 0 };

		write_root("cpuinfo", cpu[i].cpuinfo);
		assert_int_equal(perf_family()->locked_loads, cpu[i].locked);
		assert_int_equal(perf_family()->hitm, cpu[i].hitm);
		assert_int_equal(perf_family()->machine_clears, cpu[i].clears);
		perf_set_default(&set);
		for (size_t k = 0; k < set.n; k++)
			if (set.event[k].type == PERF_TYPE_RAW && !set.event[k].config)
				assert_int_equal(set.event[k].state, PERF_NONE);
		remove_root();
	}
}

static void interrupts_are_read_by_their_words(void **state)
{
	struct perf_interrupts taken;

	(void)state;
	/* CPU1 is offline. */
	write_root("interrupts",
		   "           CPU0       CPU2       \n"
		   "  1:         10         20   IO-APIC   1-edge      i8042\n"
		   "RES:        111        222   Rescheduling interrupts\n"
		   "CAL:        333        444   Function call interrupts\n");
	assert_int_equal(perf_interrupts_read(2, &taken), 0);
	assert_int_equal(taken.resched, 222);
	assert_int_equal(taken.call, 444);
	assert_int_equal(perf_interrupts_read(1, &taken), -ENOENT);
	remove_root();
	write_root("interrupts",
		   "           CPU0\nIPI0:       111       Rescheduling interrupts\n"
		   "IPI1:        333       Function call interrupts\n");
	assert_int_equal(perf_interrupts_read(0, &taken), 0);
	assert_int_equal(taken.call, 333);
	remove_root();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_become_events),
		cmocka_unit_test(a_wrong_list_is_refused_in_one_line),
		cmocka_unit_test(each_cpu_family_has_its_codes),
		cmocka_unit_test(interrupts_are_read_by_their_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
