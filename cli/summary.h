/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the repetitions of each cell come to: medians and sums, for tables and JSON. */
#ifndef CLI_SUMMARY_H
#define CLI_SUMMARY_H

#include <stdio.h>

#include "bench/plan/plan.h"
#include "bench/run/run.h"

struct cJSON;

/* One cell of the plan. */
struct summary_cell {
	double *ns, *p50, *p99; /* of the ok repetitions */
	size_t n, n_p50;
	size_t repetitions; /* of any verdict */
	uint64_t kicks, sent, useful, stale, misdirected, spurious, coalesced, stints, poisoned, lost;
	struct kick_counts counts;
	bool has_counts, oversubscribed;
	char reason[160]; /* of the last one that was not ok */
	enum verdict verdict; /* the worst */
};

struct summary {
	const struct bench_plan *plan;
	struct summary_cell *cell;
};

int summary_init(struct summary *summary, const struct bench_plan *plan); /* -ENOMEM */
void summary_fini(struct summary *summary);
void summary_add(struct summary *summary, size_t cell, const struct bench_result *r, double ns_per_op);
/* The same from a row of bench.csv. */
struct csv_table;
void summary_add_row(struct summary *summary, size_t cell, const struct csv_table *table, size_t row);

/* Medians over ok repetitions; NaN where there are none. */
double summary_ns(const struct summary_cell *cell);
double summary_p50(const struct summary_cell *cell);

/* Every cell, one line each. */
void summary_print(const struct summary *summary, FILE *out);
struct cJSON *summary_json(const struct summary *summary);

/* The cell of the same name with another backend; NULL: none. */
const struct summary_cell *summary_of_backend(const struct summary *summary, size_t cell,
					      const char *backend);

#endif
