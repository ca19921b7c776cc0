/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Log-linear histogram of nanoseconds: exact below 256 ns, then 128 buckets per power of two up to
 * 2^40 ns (18 minutes), so that a bucket is never wider than 1/128 of its values (< 0.8 %). One
 * writer each: a histogram per thread, merged after join.
 */
#ifndef RESULTS_HISTOGRAM_H
#define RESULTS_HISTOGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	HISTOGRAM_SUB_BITS = 7,
	HISTOGRAM_VALUE_BITS = 40,
	HISTOGRAM_BUCKETS = (HISTOGRAM_VALUE_BITS - HISTOGRAM_SUB_BITS + 1) << HISTOGRAM_SUB_BITS,
};

#define HISTOGRAM_MAX_NS ((UINT64_C(1) << HISTOGRAM_VALUE_BITS) - 1)

/* 34 KiB. All zero is not a valid histogram: histogram_init() first. */
struct histogram {
	uint64_t n;
	uint64_t n_over; /* samples above HISTOGRAM_MAX_NS: counted as that value */
	uint64_t min_ns; /* exact; UINT64_MAX while empty */
	uint64_t max_ns; /* exact, also above HISTOGRAM_MAX_NS */
	uint64_t count[HISTOGRAM_BUCKETS];
};

void histogram_init(struct histogram *h);

static inline size_t histogram_index(uint64_t ns)
{
	unsigned int shift =
		(63 - HISTOGRAM_SUB_BITS) - __builtin_clzll(ns | (1u << HISTOGRAM_SUB_BITS));

	return ((size_t)shift << HISTOGRAM_SUB_BITS) + (ns >> shift);
}

static inline void histogram_record(struct histogram *h, uint64_t ns)
{
	uint64_t clamped = ns < HISTOGRAM_MAX_NS ? ns : HISTOGRAM_MAX_NS;

	h->min_ns = ns < h->min_ns ? ns : h->min_ns;
	h->max_ns = ns > h->max_ns ? ns : h->max_ns;
	h->n_over += ns > HISTOGRAM_MAX_NS;
	h->n++;
	h->count[histogram_index(clamped)]++;
}

void histogram_merge(struct histogram *into, const struct histogram *from);

/*
 * The q-quantile (0 <= q <= 1) by nearest rank: the middle of the bucket that holds it, at most 0.4
 * % off, never outside min..max, which q = 0 and q = 1 give exactly. NaN if empty.
 */
double histogram_quantile(const struct histogram *h, double q);

/* Values low_ns <= v < high_ns. */
struct histogram_bucket {
	size_t next; /* where to go on; 0 to begin */
	uint64_t low_ns, high_ns, count;
};

/* The next non-empty bucket, rising; false at the end. Begin with a zeroed bucket. */
bool histogram_next(const struct histogram *h, struct histogram_bucket *bucket);

#endif
