/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * When the kicks of an open loop are due: on a fixed grid, or as a Poisson process of the same rate,
 * whose gaps are exponential.  Requests of independent origin come like the latter.
 */
#ifndef BENCH_ARRIVALS_H
#define BENCH_ARRIVALS_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

#include "results/random.h"

struct bench_arrivals {
	double mean_ns;
	bool poisson;
	uint64_t state; /* of the gaps; seeded per kicker and repetition */
};

/* The next number as 53 bits in (0, 1]: its logarithm is finite. */
static inline double bench_arrivals_uniform(struct bench_arrivals *a)
{
	return (double)((random_next(&a->state) >> 11) + 1) * 0x1p-53;
}

/* From one kick's intended time to the next one's. */
static inline double bench_arrivals_gap_ns(struct bench_arrivals *a)
{
	return a->poisson ? -log(bench_arrivals_uniform(a)) * a->mean_ns : a->mean_ns;
}

#endif
