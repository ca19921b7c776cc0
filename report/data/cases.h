/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rows of a CSV file by case: equal in all columns that name one, in the order of the file. */
#ifndef REPORT_CASES_H
#define REPORT_CASES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "results/csv.h"
#include "results/stats.h"
#include "results/verdict.h"

struct cases {
	const struct csv_table *table;
	size_t *row;   /* grouped */
	size_t *first; /* of each case, in `row`; first[n] is the end */
	size_t n;
};

int cases_make(struct cases *cases, const struct csv_table *table,
	       const struct csv_schema *schema); /* -ENOMEM */
void cases_fini(struct cases *cases);

/* The text of a column of case i; "" where the file lacks it. */
const char *case_text(const struct cases *cases, size_t i, const char *column);
bool case_is(const struct cases *cases, size_t i, const char *column, const char *value);
/* Its number; NaN where there is none. */
double case_number(const struct cases *cases, size_t i, const char *column);

/* Cases in the order of the plan: of a scenario the floor first, then backend after backend. */
int cases_by_plan(const struct cases *cases, size_t **order); /* to be freed; -ENOMEM */

/* "fastpath/self/hot/kick/sticky": what the case is called, without its backend. */
void case_name(const struct cases *cases, size_t i, char *text, size_t size);

enum { CASE_MAX_SAMPLES = 1 << 16 };
/* Of the rows with verdict ok; at most CASE_MAX_SAMPLES. */
size_t case_samples(const struct cases *cases, size_t i, const char *column, double *x);
double case_median(const struct cases *cases, size_t i, const char *column);
/* Median and its 95 % bootstrap interval. False: no sample. */
struct case_figure {
	double median;
	struct stats_interval ci;
	size_t n;
};
bool case_figure(const struct cases *cases, size_t i, const char *column, struct case_figure *figure);
/* Of b's median minus a's. */
bool case_difference(const struct cases *cases, size_t a, size_t b, const char *column,
		     struct case_figure *figure);
/* Of a count, over the rows with verdict ok or violated: what contradicts a declaration happened, too. */
uint64_t case_sum(const struct cases *cases, size_t i, const char *column);
/* Has any of its rows something there? */
bool case_has(const struct cases *cases, size_t i, const char *column);
/* Between the kernel's own threads: transports reschedule and call. */
bool case_in_kernel(const struct cases *cases, size_t i);
/* Rows with verdict ok. */
size_t case_n_ok(const struct cases *cases, size_t i);
/* Of all its rows the worst verdict; *reason: of the last one that is not ok, or "". */
enum verdict case_worst(const struct cases *cases, size_t i, const char **reason);
/* "ok", "na: its masks scan all vCPUs", "8 of 9 ok: no round trip ran without a preemption" */
void case_verdict(const struct cases *cases, size_t i, char *text, size_t size);

/* The next case from *i on where all columns have these values (pairs, NULL at the end); *i is set. */
struct case_want {
	const char *column, *value;
};
bool case_next(const struct cases *cases, size_t *i, const struct case_want *want);

/* What a round trip stands on, its p50 measured: handover; of runs from before there was one ping-pong. */
bool case_trip_floor(const struct cases *cases, size_t *i);
/* "handover", "ping-pong": what people call such a path. */
const char *case_trip_floor_name(const char *path);

/* The case that differs from case i in its backend only. */
bool case_of_backend(const struct cases *cases, size_t i, const char *backend, size_t *found);

#endif
