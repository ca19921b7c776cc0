/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The hardware's counters beside a figure: the perf_ columns that a run has values in. */
#ifndef REPORT_COUNTERS_H
#define REPORT_COUNTERS_H

#include "report/data/cases.h"

enum { MAX_COUNTERS = 16 };

struct counters {
	const char *column[MAX_COUNTERS]; /* they point into the table */
	size_t n;
};

/* The kernel's own (task clock, switches) stay in the file: they are about the run, not the kick. */
struct counters counters_find(const struct csv_table *table);
/* "|cycles per op|instructions per op" at the end of a table's columns. */
void counters_columns(const struct counters *counters, char *columns, size_t size);
/* The median of the valid repetitions' count per op. */
double counters_per_op(const struct cases *cases, size_t i, const char *column);
/* Why there are none; "" where there are. */
const char *counters_missing(const struct counters *counters, const struct csv_table *table);

#endif
