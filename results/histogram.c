// SPDX-License-Identifier: GPL-2.0-or-later
/* What is done with a log-linear histogram after the measuring. */
#include <math.h>
#include <string.h>
#include "results/histogram.h"

void histogram_init(struct histogram *h)
{
	memset(h, 0, sizeof(*h));
	h->min_ns = UINT64_MAX;
}

void histogram_merge(struct histogram *into, const struct histogram *from)
{
	into->n += from->n;
	into->n_over += from->n_over;
	if (from->min_ns < into->min_ns)
		into->min_ns = from->min_ns;
	if (from->max_ns > into->max_ns)
		into->max_ns = from->max_ns;
	for (size_t i = 0; i < HISTOGRAM_BUCKETS; i++)
		into->count[i] += from->count[i];
}

/* The inverse of histogram_index(): the smallest value of a bucket. */
static uint64_t bucket_low(size_t i)
{
	size_t shift = i >> HISTOGRAM_SUB_BITS;

	if (shift)
		shift--;
	return (uint64_t)(i - (shift << HISTOGRAM_SUB_BITS)) << shift;
}

bool histogram_next(const struct histogram *h, struct histogram_bucket *bucket)
{
	size_t i = bucket->next;

	while (i < HISTOGRAM_BUCKETS && !h->count[i])
		i++;
	if (i == HISTOGRAM_BUCKETS)
		return false;
	bucket->next = i + 1;
	bucket->low_ns = bucket_low(i);
	bucket->high_ns = bucket_low(i + 1);
	bucket->count = h->count[i];
	return true;
}

/* The middle of the whole numbers in a bucket. */
static double middle(const struct histogram_bucket *b)
{
	return (double)b->low_ns + (double)(b->high_ns - 1 - b->low_ns) / 2;
}

double histogram_quantile(const struct histogram *h, double q)
{
	struct histogram_bucket b = { 0 };
	uint64_t rank, seen = 0;

	if (!h->n)
		return NAN;
	rank = (uint64_t)ceil(q * (double)h->n);
	if (rank <= 1)
		return (double)h->min_ns;
	if (rank >= h->n)
		return (double)h->max_ns;
	while (seen < rank && histogram_next(h, &b))
		seen += b.count;
	return fmin(fmax(middle(&b), (double)h->min_ns), (double)h->max_ns);
}
