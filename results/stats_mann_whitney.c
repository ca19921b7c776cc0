// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Mann-Whitney U. The p value is that of the permutation distribution of the rank sum, counted out,
 * with midranks where values are tied: exact with and without ties.
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "results/stats.h"

struct ranked {
	double x;
	bool first;    /* of the first sample */
	size_t rank_2; /* twice the midrank: a whole number */
};

static int compare_ranked(const void *a, const void *b)
{
	double x = ((const struct ranked *)a)->x, y = ((const struct ranked *)b)->x;

	return (x > y) - (x < y);
}

/* Sorts, ranks; returns the sum of t^3 - t over the groups of t tied values. */
static double rank(struct ranked *all, size_t n)
{
	double ties = 0;
	size_t i, j, k;

	qsort(all, n, sizeof(*all), compare_ranked);
	for (i = 0; i < n; i = j) {
		for (j = i + 1; j < n && all[j].x == all[i].x; j++)
			;
		for (k = i; k < j; k++)
			all[k].rank_2 = i + 1 + j; /* ranks i + 1 .. j */
		ties += pow((double)(j - i), 3) - (double)(j - i);
	}
	return ties;
}

static size_t rank_sum_2(const struct ranked *all, size_t n)
{
	size_t sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += all[i].first ? all[i].rank_2 : 0;
	return sum;
}

/*
 * ways[k][s]: how many sets of k of the values have the doubled rank sum s. Counts stay positive
 * and are only added, so doubles keep them to 1e-14 beyond 2^53.
 */
static double exact_p(const struct ranked *all, size_t n, size_t na, size_t observed)
{
	size_t width = na * 2 * n + 1;
	double mean = (double)na * (double)(n + 1);
	double distance = fabs((double)observed - mean);
	double *ways = calloc((na + 1) * width, sizeof(*ways));
	double extreme = 0, total = 0;

	if (!ways)
		return NAN;
	ways[0] = 1;
	for (size_t i = 0; i < n; i++)
		for (size_t k = i + 1 < na ? i + 1 : na; k >= 1; k--)
			for (size_t s = all[i].rank_2; s < width; s++)
				ways[k * width + s] += ways[(k - 1) * width + s - all[i].rank_2];
	for (size_t s = 0; s < width; s++) {
		double w = ways[na * width + s];

		total += w;
		extreme += fabs((double)s - mean) >= distance ? w : 0;
	}
	free(ways);
	return extreme / total;
}

static double normal_p(double u, double na, double nb, double ties)
{
	double n = na + nb;
	double variance = na * nb / 12 * (n + 1 - ties / (n * (n - 1)));
	double distance = fmax(fabs(u - na * nb / 2) - 0.5, 0);

	return variance > 0 ? erfc(distance / sqrt(2 * variance)) : 1;
}

/* na <= nb: the count's table grows with the square of the first. */
static int compare_smaller_first(const double *a, size_t na, const double *b, size_t nb,
				 struct stats_mann_whitney *result)
{
	size_t n = na + nb, sum_2;
	struct ranked *all;
	double ties;

	all = malloc(n * sizeof(*all));
	if (!all)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++)
		all[i] = (struct ranked){ .x = i < na ? a[i] : b[i - na], .first = i < na };
	ties = rank(all, n);
	sum_2 = rank_sum_2(all, n);
	result->u = (double)sum_2 / 2 - (double)na * (double)(na + 1) / 2;
	result->exact = na * nb <= STATS_EXACT_PAIRS;
	result->p = result->exact ? exact_p(all, n, na, sum_2)
				  : normal_p(result->u, (double)na, (double)nb, ties);
	free(all);
	return isnan(result->p) ? -ENOMEM : 0;
}

int stats_mann_whitney(const double *a, size_t na, const double *b, size_t nb,
		       struct stats_mann_whitney *result)
{
	int ret;

	if (!na || !nb)
		return -EINVAL;
	if (na <= nb)
		return compare_smaller_first(a, na, b, nb, result);
	ret = compare_smaller_first(b, nb, a, na, result);
	result->u = (double)na * (double)nb - result->u;
	return ret;
}

double stats_mann_whitney_floor(size_t na, size_t nb)
{
	double sets = 1;

	for (size_t i = 1; i <= na; i++)
		sets *= (double)(nb + i) / (double)i;
	return fmin(2 / sets, 1);
}
