/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The statistics of two sets of repetitions: no distribution is assumed, everything random is
 * seeded. Functions of samples return NaN for an empty sample, or when out of memory; samples must
 * be finite.
 */
#ifndef RESULTS_STATS_H
#define RESULTS_STATS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* xoshiro256**, seeded through splitmix64: the same numbers on every machine. */
struct stats_random {
	uint64_t s[4];
};

void stats_random_init(struct stats_random *random, uint64_t seed);
uint64_t stats_random_next(struct stats_random *random);
uint64_t stats_random_below(struct stats_random *random, uint64_t n); /* 0..n-1, n > 0 */

double stats_median(const double *x, size_t n);
double stats_mad(const double *x, size_t n); /* median distance from the median, unscaled */
double stats_quantile(const double *x, size_t n,
		      double q); /* linear between order statistics (R's type 7) */

struct stats_mann_whitney {
	double u;   /* of the first sample: pairs it wins, ties half */
	double p;   /* two-sided */
	bool exact; /* counted out (midranks where there are ties); else the normal approximation */
};

/*
 * Exact up to STATS_EXACT_PAIRS = na * nb, beyond that the normal approximation with tie and
 * continuity correction. -EINVAL: an empty sample; -ENOMEM.
 */
enum { STATS_EXACT_PAIRS = 2500 };
int stats_mann_whitney(const double *a, size_t na, const double *b, size_t nb,
		       struct stats_mann_whitney *result);

/* The smallest two-sided p that samples of these sizes can give: 2 / C(na + nb, na). */
double stats_mann_whitney_floor(size_t na, size_t nb);

struct stats_interval {
	double low, high;
};

/*
 * Percentile bootstrap of median(b) / median(a), `level` e.g. 0.95. -EINVAL: an empty sample, or a
 * value that is not positive; -ENOMEM.
 */
int stats_ratio_interval(const double *a, size_t na, const double *b, size_t nb, double level,
			 size_t n_resamples, uint64_t seed, struct stats_interval *interval);

/* The same of median(b) - median(a), whatever the signs. -EINVAL: an empty sample; -ENOMEM. */
int stats_difference_interval(const double *a, size_t na, const double *b, size_t nb, double level,
			      size_t n_resamples, uint64_t seed, struct stats_interval *interval);

/* Wilson's of a share at 95 %: `hits` of n > 0 independent tries. */
struct stats_interval stats_wilson(uint64_t hits, uint64_t n);

/* Holm's step-down adjustment, in place: reject where the adjusted p <= alpha. -ENOMEM. */
int stats_holm(double *p, size_t n);

/*
 * Robust coefficient of variation: 1.4826 * MAD, which is a normal sample's deviation, over the
 * median.
 */
double stats_spread(const double *x, size_t n);

/*
 * The smallest relative change that a two-sided Mann-Whitney test at `alpha` finds with 80 % power
 * between samples of these sizes and spreads: 0.03 = 3 %. INFINITY if no result could reach alpha.
 */
double stats_detectable(double spread_a, size_t na, double spread_b, size_t nb, double alpha);

#endif
