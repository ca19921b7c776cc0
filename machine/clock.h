/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The clock of all measurements: a counter that all PUs share, read in a few nanoseconds. */
#ifndef MACHINE_CLOCK_H
#define MACHINE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

/* Set by clock_init(), read-only afterwards. */
struct clock {
	bool counter;	     /* the hardware counter; else CLOCK_MONOTONIC_RAW in nanoseconds */
	double ns_per_tick;
	double error_ppm;    /* how far the calibration windows were apart */
	double step_ns;	     /* the least time that the clock can tell from none */
	const char *source;  /* "tsc", "cntvct", "monotonic_raw" */
};
extern struct clock machine_clock;

/*
 * Calibrates against CLOCK_MONOTONIC_RAW in nine windows of 5 ms and takes the median.  The TSC is
 * used only where the kernel itself calls it constant and nonstop and uses it as a clock source;
 * aarch64's counter has a stated frequency, which is taken where it is within 1 % of that median.
 */
void clock_init(void);

static inline uint64_t clock_raw_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC_RAW, &ts);
	return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}

/* Ticks.  Not ordered with the loads around it; fine against what takes 20 ns and more. */
static inline uint64_t clock_now(void)
{
#if defined(__x86_64__)
	if (__builtin_expect(machine_clock.counter, 1))
		return __builtin_ia32_rdtsc(); /* x86intrin.h would cost each file 0.3 s to compile */
#elif defined(__aarch64__)
	if (__builtin_expect(machine_clock.counter, 1)) {
		uint64_t ticks;

		__asm__ __volatile__("isb; mrs %0, cntvct_el0" : "=r"(ticks)::"memory");
		return ticks;
	}
#endif
	return clock_raw_ns();
}

/*
 * Ticks once all loads before it have their values: for the end of a short batch of loads that
 * miss, whose last ones would otherwise still be under way, untimed.
 */
static inline uint64_t clock_now_after(void)
{
#if defined(__x86_64__)
	__builtin_ia32_lfence();
#elif defined(__aarch64__)
	__asm__ __volatile__("dsb ld" ::: "memory");
#else
	__atomic_thread_fence(__ATOMIC_SEQ_CST); /* pairs with nothing: for this thread's own loads */
#endif
	return clock_now();
}

/* For ever stays for ever: what does not fit is the largest there is. */
static inline uint64_t clock_rounded(double n)
{
	return n < 0x1p64 ? (uint64_t)n : UINT64_MAX;
}

static inline uint64_t clock_to_ns(uint64_t ticks)
{
	return clock_rounded((double)ticks * machine_clock.ns_per_tick);
}

static inline uint64_t clock_from_ns(uint64_t ns)
{
	return clock_rounded((double)ns / machine_clock.ns_per_tick);
}

#endif
