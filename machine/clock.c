// SPDX-License-Identifier: GPL-2.0-or-later
/* Calibration of the counter. */
#include "machine/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct clock machine_clock = { false, 1.0, 0.0, 0.0, "monotonic_raw" };

static bool file_has(const char *path, const char *word)
{
	char line[4096];
	bool found = false;
	FILE *f = fopen(path, "re");

	if (!f)
		return false;
	while (!found && fgets(line, sizeof(line), f))
		found = strstr(line, word) != NULL;
	fclose(f);
	return found;
}

static bool counter_is_usable(void)
{
#if defined(__x86_64__)
	const char *sources = "/sys/devices/system/clocksource/clocksource0/available_clocksource";

	return file_has("/proc/cpuinfo", " constant_tsc") &&
	       file_has("/proc/cpuinfo", " nonstop_tsc") && file_has(sources, "tsc");
#else
	(void)file_has;
#if defined(__aarch64__)
	return true;
#else
	return false;
#endif
#endif
}

/* A pair of readings as close together as a few tries allow: the least gap between two ticks. */
static void read_both(uint64_t *ticks, uint64_t *ns)
{
	uint64_t best = UINT64_MAX;

	for (int i = 0; i < 16; i++) {
		uint64_t before = clock_now(), now_ns = clock_raw_ns(), after = clock_now();

		if (after - before < best) {
			best = after - before;
			*ticks = before + (after - before) / 2;
			*ns = now_ns;
		}
	}
}

static double window(void)
{
	const struct timespec ms5 = { 0, 5000000 };
	uint64_t t0, n0, t1, n1;

	read_both(&t0, &n0);
	nanosleep(&ms5, NULL);
	read_both(&t1, &n1);
	return (double)(n1 - n0) / (double)(t1 - t0);
}

/* What the counter's hardware says of itself, in Hz; 0: nothing. */
static double stated_hz(void)
{
	uint64_t hz = 0;

#if defined(__aarch64__)
	__asm__("mrs %0, cntfrq_el0" : "=r"(hz));
#endif
	return (double)hz;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* The difference of two readings that one in ten stays below: one odd reading does not count. */
static double smallest_step(void)
{
	double step[1000];
	int n = 0;

	for (int i = 0; i < 1000; i++) {
		uint64_t t0 = clock_now(), t1 = clock_now();

		if (t1 > t0)
			step[n++] = (double)(t1 - t0);
	}
	qsort(step, (size_t)n, sizeof(step[0]), by_value);
	return n ? step[n / 10] * machine_clock.ns_per_tick : 1;
}

/* Firmware states the frequency, and not always truly: exact where the windows agree, else they count. */
static void calibrate(void)
{
	double ratio[9], stated = stated_hz();

	for (int i = 0; i < 9; i++)
		ratio[i] = window();
	qsort(ratio, 9, sizeof(ratio[0]), by_value);
	machine_clock.ns_per_tick = ratio[4];
	if (stated * ratio[4] > 0.99e9 && stated * ratio[4] < 1.01e9)
		machine_clock.ns_per_tick = 1e9 / stated;
	machine_clock.error_ppm = (ratio[7] - ratio[1]) / ratio[4] * 1e6;
#if defined(__aarch64__)
	machine_clock.source = "cntvct";
#else
	machine_clock.source = "tsc";
#endif
}

void clock_init(void)
{
	if (machine_clock.step_ns > 0)
		return;
	machine_clock.counter = counter_is_usable();
	if (machine_clock.counter)
		calibrate();
	machine_clock.step_ns = smallest_step();
}
