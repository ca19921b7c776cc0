/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A plan as scenarios see it: what was asked for, between which PUs, and the cells so far. */
#ifndef BENCH_CELLS_H
#define BENCH_CELLS_H

#include "bench/cells/options.h"

struct bench_plan {
	const struct bench_options *options;
	const struct topo *topo;
	struct topo_pair *pairs; /* (kicker PU, vCPU PU) */
	size_t n_pairs;
	size_t n_pairwise; /* pairs of a scenario that is pairwise; 0: there is none in it */
	/* Cells: those of a scenario and backend stand together, in the same order for each backend. */
	struct bench_case *cell;
	size_t n_cells, n_allocated;
	/* Indices into cell, repetition by repetition. */
	struct bench_turn {
		size_t cell;
		unsigned int repetition;
	} *turn;
	size_t n_turns;
	uint64_t duration_ns; /* estimated, of all processes */
	uint64_t windows_ns;  /* the part of it that is windows */
	int error;
};

/* For a scenario's plan function: a cell with the common fields set. */
struct bench_case bench_plan_cell(const struct bench_plan *plan, const struct bench_scenario *scenario,
				  const struct bench_backend *backend);
/* Adds the cell; what the filters leave out goes later. */
void bench_plan_add(struct bench_plan *plan, struct bench_case cell);

/*
 * Calls plan_pair with each pair's PUs and distance.  Where kicker and vCPU have different NUMA nodes,
 * the memory's home is a factor: once with each of the two.
 */
void bench_plan_pairs(struct bench_plan *plan, struct bench_case cell, const struct topo_pair *pairs,
		      size_t n, void (*plan_pair)(struct bench_plan *plan, struct bench_case cell));

/*
 * The cells of a vCPU in guest mode on another PU: for each transport that was asked for, and each of
 * the pairs of PUs, with the transport, home and window set; na where the backend or this system cannot.
 */
void bench_plan_transports(struct bench_plan *plan, struct bench_case cell, const struct topo_pair *pairs,
			   size_t n, void (*plan_pair)(struct bench_plan *plan, struct bench_case cell));

/* Once for each number of pCPUs that the vCPU's carrier is to run: those asked for, or the least. */
void bench_plan_pcpus(struct bench_plan *plan, struct bench_case cell,
		      void (*plan_rest)(struct bench_plan *plan, struct bench_case cell));

#endif
