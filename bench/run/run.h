/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Measuring a plan: one case of Google Benchmark per row, and a callback per measured row. */
#ifndef BENCH_RUN_H
#define BENCH_RUN_H

#include "bench/plan/plan.h"
#include "bench/window/meter.h"
#include "results/sink.h"

struct bench_run_options {
	const char *json_path; /* Google Benchmark's own report; NULL: none */
	const char *run_id;
	unsigned int process;
	const struct csv_schema *schema; /* of rows: bench.csv's, or with more columns at the end */
	const struct bench_meter *meter; /* NULL: nothing is counted */
	const unsigned char *skip; /* per turn of the plan: is there already; NULL: none is */
	struct sink *sink; /* what a row has in latency.csv, then the row; NULL: nowhere */
	/* After each row, unless NULL: the cell of the plan, its result, and the row of bench.csv. */
	void (*row)(void *arg, size_t cell, const struct bench_case *c, const struct bench_result *r,
		    const struct csv_row *row);
	/* Called before each row: how many of how many are done. */
	void (*progress)(void *arg, size_t done, size_t of, const struct bench_case *c);
	void *arg;
};

/* How the rows of a run ended. */
struct bench_summary {
	size_t n[N_VERDICTS];
	size_t late; /* left out, since the options' time was over */
};

/*
 * 0; -EINTR: machine_stop was set, what was measured has been reported; other -errno with a line in
 * err: the environment failed (a pin, memory, a thread).
 */
int bench_run(const struct bench_plan *plan, const struct bench_run_options *options,
	      struct bench_summary *summary, char *err, size_t err_size);

/* The cells of one row of bench.csv.  ns_per_op is the figure that the library reported. */
int bench_row(struct csv_row *row, const struct bench_run_options *options,
	      const struct bench_case *c, const struct bench_result *r, double ns_per_op);

/* Hands out a row with its histogram before it: once the row is there, all of it is.  -errno. */
int bench_row_out(struct sink *to, const struct csv_row *row, const struct bench_case *c,
		  const struct bench_result *r);

/* Only the cells that name a row: what is known before it is measured. */
void bench_row_case(struct csv_row *row, const struct bench_case *c, unsigned int process);

/*
 * What a row takes on this machine now, besides its window: the mean over some short ones of the first
 * backend that was asked for.  0, or as bench_run().
 */
int bench_row_cost(const struct bench_options *asked, const struct topo *topo, uint64_t *row_ns, char *err,
		   size_t err_size);

#endif
