// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/loop/arrivals.h"

#include <math.h>

#include "results/random.h"

/* The next number as 53 bits in (0, 1]: its logarithm is finite. */
static double uniform(struct bench_arrivals *a)
{
	return (double)((random_next(&a->state) >> 11) + 1) * 0x1p-53;
}

double bench_arrivals_gap_ns(struct bench_arrivals *a)
{
	return a->poisson ? -log(uniform(a)) * a->mean_ns : a->mean_ns;
}
