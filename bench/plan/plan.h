/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From options to a list of cells, and from cells to the order in which they are measured. */
#ifndef BENCH_PLAN_H
#define BENCH_PLAN_H

#include "bench/cells/cells.h"

/* 0, -EINVAL with a line in err (nothing to measure, PU outside), -ENOMEM. */
int bench_plan_make(struct bench_plan *plan, const struct bench_options *options,
		    const struct topo *topo, char *err, size_t err_size);
void bench_plan_free(struct bench_plan *plan);
/* The turn of the row of that name, see bench_row_name(), or a case's first; n_turns: there is none. */
size_t bench_plan_find(const struct bench_plan *plan, const char *row);

/* Every backend but the broken ones, every scenario but those that are only measured where named. */
void bench_options_init(struct bench_options *options);

/*
 * Makes the plan; while it takes longer than the budget, shortens windows, then takes repetitions
 * (down to 9), pairs of PUs and rows out, in that order, and says so in options->left_out.  The same
 * options and topology give the same plan.  -ERANGE with a line in err: even the least takes longer;
 * else as bench_plan_make().
 */
int bench_budget_plan(struct bench_plan *plan, struct bench_options *options, const struct topo *topo,
		      uint64_t budget_ns, char *err, size_t err_size);

/*
 * Seconds, at least, of the scenarios that take all pairs of PUs, and their rows, counted without making a
 * plan of them; 0: there is none.
 */
double bench_plan_least_s(const struct bench_options *options, const struct topo *topo, double *rows);

/* What a reduced plan leaves out, as text for people; "" if nothing. */
const char *bench_plan_left_out(const struct bench_options *options);

/*
 * Of the cells from `from` on, which are one scenario's, keeps those that the filters let through: a
 * filter on a column that the scenario has not lets all of it through.
 * Returns the columns that the scenario has.
 */
unsigned int bench_filter_cells(struct bench_plan *plan, size_t from);
/* The option of a filter on none of the columns `had`; NULL: each filter fits. */
const char *bench_filter_unfit(const struct bench_options *options, unsigned int had);

#endif
