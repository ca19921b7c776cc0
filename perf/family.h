/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which raw event of which CPU family tells what a kick costs. */
#ifndef PERF_FAMILY_H
#define PERF_FAMILY_H

#include <stddef.h>
#include <stdint.h>

/* Raw codes as in rHEX; 0: no event of this family tells that. */
struct perf_family {
	const char *name;
	uint64_t locked_loads, hitm, hitm_remote, machine_clears;
};

/* This machine's, by /proc/cpuinfo; never NULL. */
const struct perf_family *perf_family(void);

#endif
