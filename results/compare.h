/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Two sets of rows, case by case: which got slower, which faster, which stayed the same, which
 * nobody knows.
 */
#ifndef RESULTS_COMPARE_H
#define RESULTS_COMPARE_H

#include <stddef.h>
#include <stdint.h>
#include "results/csv.h"
#include "results/stats.h"

struct cJSON;

enum compare_verdict {
	COMPARE_SAME,	/* the whole interval lies within the margin */
	COMPARE_FASTER, /* beyond the margin, and significant after Holm */
	COMPARE_SLOWER,
	COMPARE_INCONCLUSIVE, /* none of these was shown */
};

const char *compare_verdict_name(enum compare_verdict verdict);

/*
 * Fewer repetitions on a side can not give a verdict: a bootstrap of them is far too sure of
 * itself.
 */
enum { COMPARE_MIN_REPETITIONS = 5 };

struct compare_options {
	const struct csv_schema *schema;
	const char *metric; /* a CSV_LOWER or CSV_HIGHER column */
	double margin;	    /* 0.05: changes up to 5 % do not matter */
	double alpha; /* 0.05: chance of any false faster/slower, over all rows; 1 - alpha: the intervals */
	size_t n_resamples;
	uint64_t seed;
};

extern const struct compare_options compare_defaults;

struct compare_row {
	char *name; /* "backend=old scenario=fastpath ...": the case columns that are not the same everywhere */
	size_t n_a, n_b; /* repetitions */
	double a, b;	 /* medians */
	double ratio;	 /* b / a; NaN where it has none */
	struct stats_interval ratio_interval;
	double u, p, p_holm;
	double detectable; /* relative change that this row could have shown, after Holm's worst case */
	enum compare_verdict verdict;
	const char *reason; /* why it is inconclusive, NULL otherwise */
	bool comparable;    /* there was enough to compare at all */
};

struct compare_result {
	struct compare_row *row;
	size_t n;
	size_t n_verdict[COMPARE_INCONCLUSIVE + 1];
	size_t n_comparable;
	char **only_a, **only_b; /* names of cases without a partner */
	size_t n_only_a, n_only_b;
	size_t n_skipped_a, n_skipped_b; /* rows whose verdict is not ok, or that lack the metric */
	char *common; /* the case columns that are the same in all rows: "transport=doorbell ..." */
	double geomean; /* of the comparable rows' ratios; NaN if there is none */
};

/* -EINVAL: no such metric; -ENOENT: a table lacks it, or has no case column; -ENOMEM. */
int compare_tables(const struct csv_table *a, const struct csv_table *b,
		   const struct compare_options *options, struct compare_result *result, char *err,
		   size_t err_size);

/*
 * A/A: odd against even repetitions of each case of one table. Every faster or slower is a false
 * one.
 */
int compare_halves(const struct csv_table *table, const struct compare_options *options,
		   struct compare_result *result, char *err, size_t err_size);

void compare_result_fini(struct compare_result *result);

/* NULL: out of memory. */
struct cJSON *compare_json(const struct compare_result *result,
			   const struct compare_options *options);

#endif
