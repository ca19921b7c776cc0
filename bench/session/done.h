/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which rows of a plan a bench.csv has already: by the columns that name a row, as they are written. */
#ifndef BENCH_DONE_H
#define BENCH_DONE_H

#include "bench/plan/plan.h"
#include "results/csv.h"

/*
 * Marks in done[] the turns that `process` has measured according to the table, each row counting
 * for one turn, and calls found() with each turn's row.  -ENOMEM.
 */
int bench_done(const struct bench_plan *plan, const struct csv_table *table, unsigned int process,
	       unsigned char *done, void (*found)(void *arg, size_t turn, size_t row), void *arg);

/*
 * The turn that a row of the table is of, whatever its process, and whatever columns an older table lacks;
 * anywhere: also on other PUs.  -ENOENT, -ENOMEM.
 */
int bench_done_turn(const struct bench_plan *plan, const struct csv_table *table, size_t row,
		    bool anywhere, size_t *turn);

/* How many rows at the end of latency.csv belong to no row of bench.csv: a kill came between. */
int bench_done_orphans(const struct csv_table *bench, const struct csv_table *latency, size_t *n);

/* Two plans of the same hash measure the same rows: cells, repetitions, windows, seeds.  -ENOMEM. */
int bench_plan_hash(const struct bench_plan *plan, uint64_t *hash);

#endif
