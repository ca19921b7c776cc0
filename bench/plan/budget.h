/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fitting a plan into a given time. */
#ifndef BENCH_BUDGET_H
#define BENCH_BUDGET_H

#include "bench/plan/plan.h"

/*
 * Makes the plan; while it takes longer than the budget, shortens windows, then takes repetitions
 * (down to 9), pairs of PUs and rows out, in that order, and says so in options->left_out.  The same
 * options and topology give the same plan.  -ERANGE with a line in err: even the least takes longer;
 * else as bench_plan_make().
 */
int bench_budget_plan(struct bench_plan *plan, struct bench_options *options,
		      const struct topo *topo, uint64_t budget_ns, char *err, size_t err_size);

#endif
