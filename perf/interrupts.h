/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel's count of IPIs of a PU that anybody may read. */
#ifndef PERF_INTERRUPTS_H
#define PERF_INTERRUPTS_H

#include <stdint.h>

struct perf_interrupts {
	uint64_t resched, call;
};

/* Taken by that PU since the system's start, by /proc/interrupts.  -errno, -ENOENT: it does not say. */
int perf_interrupts_read(int os_cpu, struct perf_interrupts *taken);

#endif
