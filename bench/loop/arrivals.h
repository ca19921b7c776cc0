/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * When the kicks of an open loop are due: on a fixed grid, or as a Poisson process of the same rate,
 * whose gaps are exponential.  Requests of independent origin come like the latter.
 */
#ifndef BENCH_ARRIVALS_H
#define BENCH_ARRIVALS_H

#include <stdbool.h>
#include <stdint.h>

struct bench_arrivals {
	double mean_ns;
	bool poisson;
	uint64_t state; /* of the gaps; seeded per kicker and repetition */
};

/* From one kick's intended time to the next one's. */
double bench_arrivals_gap_ns(struct bench_arrivals *a);

#endif
