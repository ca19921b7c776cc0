// SPDX-License-Identifier: GPL-2.0-or-later
/* Medians, bootstrap, Mann-Whitney, Holm, and what a row could have shown. */
#include <errno.h>
#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "results/random.h"
#include "results/stats.h"

void stats_random_init(struct stats_random *random, uint64_t seed)
{
	for (int i = 0; i < 4; i++)
		random->s[i] = random_next(&seed);
}

static uint64_t rotl(uint64_t x, int k)
{
	return (x << k) | (x >> (64 - k));
}

uint64_t stats_random_next(struct stats_random *random)
{
	uint64_t *s = random->s;
	uint64_t result = rotl(s[1] * 5, 7) * 9;
	uint64_t t = s[1] << 17;

	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= t;
	s[3] = rotl(s[3], 45);
	return result;
}

uint64_t stats_random_below(struct stats_random *random, uint64_t n)
{
	/* The high half of a product: its bias is below n / 2^64. */
	return (uint64_t)((unsigned __int128)stats_random_next(random) * n >> 64);
}

/* Or structs that begin with one. */
static int compare_doubles(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* A sorted copy; NULL: empty, or out of memory. */
static double *sorted(const double *x, size_t n)
{
	double *copy = n ? malloc(n * sizeof(*copy)) : NULL;

	if (!copy)
		return NULL;
	memcpy(copy, x, n * sizeof(*copy));
	qsort(copy, n, sizeof(*copy), compare_doubles);
	return copy;
}

static double quantile_sorted(const double *x, size_t n, double q)
{
	double at = q * (double)(n - 1);
	size_t low = (size_t)at;

	return low + 1 >= n ? x[n - 1] : x[low] + (at - (double)low) * (x[low + 1] - x[low]);
}

/* Hoare's: puts to x[rank] what would be there if x were sorted, and nothing that is less behind it. */
static void put_ranked(double *x, size_t n, size_t rank)
{
	ptrdiff_t first = 0, last = (ptrdiff_t)n - 1, at = (ptrdiff_t)rank;

	while (first < last) {
		double pivot = x[at], swapped;
		ptrdiff_t i = first, j = last;

		do {
			while (x[i] < pivot)
				i++;
			while (pivot < x[j])
				j--;
			if (i > j)
				break;
			swapped = x[i];
			x[i++] = x[j];
			x[j--] = swapped;
		} while (i <= j);
		if (j < at)
			first = i;
		if (at < i)
			last = j;
	}
}

/* The same of what is in no order, and will be in another: sorting would take the longest of a bootstrap. */
static double quantile_of(double *x, size_t n, double q)
{
	size_t low = (size_t)(q * (double)(n - 1));

	put_ranked(x, n, low);
	if (low + 1 < n)
		put_ranked(x + low + 1, n - low - 1, 0);
	return quantile_sorted(x, n, q);
}

double stats_quantile(const double *x, size_t n, double q)
{
	double *copy = sorted(x, n);
	double value = copy ? quantile_sorted(copy, n, q) : NAN;

	free(copy);
	return value;
}

double stats_median(const double *x, size_t n)
{
	return stats_quantile(x, n, 0.5);
}

double stats_mad(const double *x, size_t n)
{
	double *distance = n ? malloc(n * sizeof(*distance)) : NULL;
	double median = stats_median(x, n), mad;

	if (!distance)
		return NAN;
	for (size_t i = 0; i < n; i++)
		distance[i] = fabs(x[i] - median);
	mad = stats_median(distance, n);
	free(distance);
	return mad;
}

/*
 * The median of n draws with replacement from the sorted x. The draws are counted per element, so
 * that the median is read off without sorting them.
 */
static double resampled_median(const double *x, size_t n, unsigned int *count,
			       struct stats_random *random)
{
	size_t low_rank = (n - 1) / 2, high_rank = n / 2, seen = 0, i = 0;
	double low;

	memset(count, 0, n * sizeof(*count));
	for (size_t k = 0; k < n; k++)
		count[stats_random_below(random, n)]++;
	while (seen + count[i] <= low_rank)
		seen += count[i++];
	low = x[i];
	while (seen + count[i] <= high_rank)
		seen += count[i++];
	return (low + x[i]) / 2;
}

static bool all_positive(const double *x, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!(x[i] > 0))
			return false;
	return n > 0;
}

/* Percentile bootstrap of how median(b) stands to median(a). */
static int bootstrap(const double *a, size_t na, const double *b, size_t nb, double level,
		     size_t n_resamples, uint64_t seed, double (*stands)(double a, double b),
		     struct stats_interval *interval)
{
	struct stats_random random;
	double *sa = sorted(a, na), *sb = sorted(b, nb);
	double *stand = malloc(n_resamples * sizeof(*stand));
	unsigned int *count = malloc((na > nb ? na : nb) * sizeof(*count));
	int ret = -ENOMEM;

	if (sa && sb && stand && count) {
		stats_random_init(&random, seed);
		for (size_t i = 0; i < n_resamples; i++) {
			double median_a = resampled_median(sa, na, count, &random);

			stand[i] = stands(median_a, resampled_median(sb, nb, count, &random));
		}
		interval->low = quantile_of(stand, n_resamples, (1 - level) / 2);
		interval->high = quantile_of(stand, n_resamples, (1 + level) / 2);
		ret = 0;
	}
	free(sa);
	free(sb);
	free(stand);
	free(count);
	return ret;
}

static double ratio_of(double a, double b)
{
	return b / a;
}

static double difference_of(double a, double b)
{
	return b - a;
}

int stats_ratio_interval(const double *a, size_t na, const double *b, size_t nb, double level,
			 size_t n_resamples, uint64_t seed, struct stats_interval *interval)
{
	if (!all_positive(a, na) || !all_positive(b, nb) || !n_resamples)
		return -EINVAL;
	return bootstrap(a, na, b, nb, level, n_resamples, seed, ratio_of, interval);
}

int stats_difference_interval(const double *a, size_t na, const double *b, size_t nb, double level,
			      size_t n_resamples, uint64_t seed, struct stats_interval *interval)
{
	if (!na || !nb || !n_resamples)
		return -EINVAL;
	return bootstrap(a, na, b, nb, level, n_resamples, seed, difference_of, interval);
}

/*
 * Mann-Whitney U. The p value is that of the permutation distribution of the rank sum, counted out,
 * with midranks where values are tied: exact with and without ties.
 */
struct ranked {
	double x;
	bool first;    /* of the first sample */
	size_t rank_2; /* twice the midrank: a whole number */
};

/* Sorts, ranks; returns the sum of t^3 - t over the groups of t tied values. */
static double rank(struct ranked *all, size_t n)
{
	double ties = 0;
	size_t i, j, k;

	qsort(all, n, sizeof(*all), compare_doubles); /* by x */
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

struct indexed {
	double p;
	size_t index;
};

int stats_holm(double *p, size_t n)
{
	struct indexed *order = malloc((n ? n : 1) * sizeof(*order));
	double largest = 0;

	if (!order)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++)
		order[i] = (struct indexed){ p[i], i };
	qsort(order, n, sizeof(*order), compare_doubles); /* by p */
	for (size_t i = 0; i < n; i++) {
		largest = fmax(largest, order[i].p * (double)(n - i));
		p[order[i].index] = fmin(largest, 1);
	}
	free(order);
	return 0;
}

/* c[0] x^(n-1) + c[1] x^(n-2) + ... */
static double polynomial(double x, const double *c, size_t n)
{
	double y = c[0];

	for (size_t i = 1; i < n; i++)
		y = y * x + c[i];
	return y;
}

/* Acklam's rational approximation of the normal quantile, relative error below 1.2e-9, for p <= 0.5. */
static double normal_quantile_lower(double p)
{
	static const double a[] = { -3.969683028665376e+01, 2.209460984245205e+02, -2.759285104469687e+02,
				    1.383577518672690e+02, -3.066479806614716e+01, 2.506628277459239e+00 };
	static const double b[] = { -5.447609879822406e+01, 1.615858368580409e+02, -1.556989798598866e+02,
				    6.680131188771972e+01, -1.328068155288572e+01, 1 };
	static const double c[] = { -7.784894002430293e-03, -3.223964580411365e-01, -2.400758277161838e+00,
				    -2.549732539343734e+00, 4.374664141464968e+00, 2.938163982698783e+00 };
	static const double d[] = { 7.784695709041462e-03, 3.224671290700398e-01, 2.445134137142996e+00,
				    3.754408661907416e+00, 1 };
	double q = p < 0.02425 ? sqrt(-2 * log(p)) : p - 0.5, r = q * q;

	if (p < 0.02425)
		return polynomial(q, c, 6) / polynomial(q, d, 5);
	return polynomial(r, a, 6) * q / polynomial(r, b, 6);
}

static double normal_quantile(double p)
{
	return p <= 0.5 ? normal_quantile_lower(p) : -normal_quantile_lower(1 - p);
}

/*
 * Student's t by the Cornish-Fisher expansion: within 0.5 % of the tables from 8 degrees of freedom
 * on.
 */
static double t_quantile(double p, double df)
{
	double z = normal_quantile(p), z2 = z * z;
	double g1 = (z2 + 1) * z / 4;
	double g2 = ((5 * z2 + 16) * z2 + 3) * z / 96;
	double g3 = (((3 * z2 + 19) * z2 + 17) * z2 - 15) * z / 384;

	return z + g1 / df + g2 / (df * df) + g3 / (df * df * df);
}

struct stats_interval stats_wilson(uint64_t hits, uint64_t n)
{
	const double z = 1.959963984540054, tries = (double)n, share = (double)hits / tries;
	double middle = (share + z * z / (2 * tries)) / (1 + z * z / tries);
	double half = z / (1 + z * z / tries) *
		      sqrt(share * (1 - share) / tries + z * z / (4 * tries * tries));

	return (struct stats_interval){ hits ? middle - half : 0, hits < n ? middle + half : 1 };
}

double stats_spread(const double *x, size_t n)
{
	return 1.4826 * stats_mad(x, n) / stats_median(x, n);
}

double stats_detectable(double spread_a, size_t na, double spread_b, size_t nb, double alpha)
{
	const double power = 0.8;
	const double efficiency = 3 / M_PI; /* of the U test against the t test, normal samples */
	double df = (double)(na + nb) - 2, error;

	if (!na || !nb || df < 1 || stats_mann_whitney_floor(na, nb) > alpha)
		return INFINITY;
	error = hypot(spread_a / sqrt((double)na), spread_b / sqrt((double)nb));
	return expm1((t_quantile(1 - alpha / 2, df) + t_quantile(power, df)) * error /
		     sqrt(efficiency));
}
