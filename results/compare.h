/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Two sets of rows, case by case: which got slower, which faster, which stayed, which nobody knows.
 */
#ifndef RESULTS_COMPARE_H
#define RESULTS_COMPARE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "results/csv.h"
#include "results/stats.h"

struct cJSON;

enum compare_verdict {
	COMPARE_SAME,	/* the whole interval lies within the margin */
	COMPARE_FASTER, /* significant after Holm, and the medians differ by more than the margin */
	COMPARE_SLOWER, /* likewise; worse, that is, also where higher is better */
	COMPARE_INCONCLUSIVE, /* none of these was shown */
};

const char *compare_verdict_name(enum compare_verdict verdict);

/*
 * With fewer repetitions on a side there is no verdict: a bootstrap of so few is too sure of
 * itself.
 */
enum { COMPARE_MIN_REPETITIONS = 4 };

/* What a sample is: the median of a process's repetitions, or one repetition of any process. */
enum compare_samples {
	COMPARE_AUTO, /* processes if each side has COMPARE_MIN_REPETITIONS of them */
	COMPARE_REPETITIONS,
	COMPARE_PROCESSES,
};

struct compare_options {
	const struct csv_schema *schema;
	const char *metric; /* a CSV_LOWER or CSV_HIGHER column */
	double margin;	    /* 0.05: ratios within 1/1.05 .. 1.05 do not matter */
	double alpha;	    /* 0.05: chance of any false faster or slower in the whole table */
	size_t n_resamples;
	uint64_t seed;
	const char *const
		*ignore; /* case columns that do not name a case here: their rows are pooled */
	size_t n_ignore;
	enum compare_samples samples;
	/*
	 * A case column whose values are compared with each other: A is those rows that have `base`
	 * there, B the others.  NULL: rows are compared that have the same.  A base of NULL is the only
	 * value of A; else, of backends, old; else the first.
	 */
	const char *by, *base;
};

/* ns_per_op of bench.csv, margin 5 %, alpha 5 %, 10 000 resamples. */
extern const struct compare_options compare_defaults;

struct compare_row {
	const char **value;		/* of compare_result.column; they point into the tables */
	size_t first_row, first_in_b;	/* of the case */
	size_t n_a, n_b;		/* samples that count */
	double a, b;			/* medians */
	double spread_a, spread_b;	/* robust coefficients of variation */
	double ratio;			/* b / a; NaN where it has none: a zero was measured */
	struct stats_interval interval; /* of the ratio, level 1 - alpha, of this row alone */
	double u, p, p_holm;
	double noise;	   /* of compare_gate(): the largest change that A/A shows: 0.07; else 0 */
	double detectable; /* relative change that this row could have shown, after Holm at worst */
	enum compare_verdict verdict;
	const char *reason; /* why it is inconclusive; NULL otherwise */
	bool comparable;    /* there was enough to compare at all */
	bool constant;	    /* one value, in all samples of both sides */
};

/* Cases without a partner. */
struct compare_lonely {
	const char ***value;
	size_t n;
};

/* A case column that does not name cases here, though rows of one case differ in it. */
struct compare_pooled {
	const char *column;
	bool in_b;
	char values[96]; /* "old, patched, ..." */
};

struct compare_result {
	/* What names a case: the case columns that both tables have; `by`, if asked for, is the last. */
	const char **column;
	bool *varies; /* per column: its values are not the same everywhere */
	size_t n_columns;
	const char *by, *base; /* NULL, or what A has in that column */
	struct compare_pooled *pooled;
	size_t n_pooled;
	struct compare_row *row; /* in the order of a's first rows */
	size_t n;
	struct compare_lonely only_a, only_b;
	size_t n_verdict[COMPARE_INCONCLUSIVE + 1];
	size_t n_comparable;
	bool gated;			     /* by compare_gate() */
	bool by_process;		     /* what a sample was */
	size_t n_processes_a, n_processes_b; /* run_id and process; of halves: the half */
	size_t n_skipped_a, n_skipped_b; /* rows whose verdict is not ok, or that lack the metric */
	double geomean;			 /* of the comparable rows' ratios; NaN if there is none */
};

/* Is B several values of the column that was asked for?  Then a mean of all ratios means nothing. */
static inline bool compare_has_several(const struct compare_result *r)
{
	return r->by && r->n && r->varies[r->n_columns - 1];
}

/*
 * Match the rows of two tables by their case columns (those that both have) and judge each case.
 * The tables must outlive the result. -EINVAL: no such metric; -ENOENT: a table lacks it, or shares
 * no case column; -ENOMEM; one line in err.
 */
int compare_tables(const struct csv_table *a, const struct csv_table *b,
		   const struct compare_options *options, struct compare_result *result, char *err,
		   size_t err_size);

/* A/A: the samples of each case in ABBA order. Every faster or slower in it is a false one. */
int compare_halves(const struct csv_table *table, const struct compare_options *options,
		   struct compare_result *result, char *err, size_t err_size);

void compare_result_fini(struct compare_result *result);

/*
 * Where the cases without a partner have nothing in common: the values of column i in A and in B, as texts.
 * false: they have, or it names none.
 */
bool compare_apart(const struct compare_result *result, size_t i, char a[96], char b[96]);

/* "fastpath self hot kick old": what of a case differs between the rows, but for that column; its length. */
size_t compare_case_name(const struct compare_result *result, const char *const *value, const char *without,
			 char *name, size_t size);

/* NULL: out of memory. */
struct cJSON *compare_json(const struct compare_result *result,
			   const struct compare_options *options);

#endif
