/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A plan as scenarios see it: what was asked for, between which PUs, and the cells so far. */
#ifndef BENCH_CELLS_H
#define BENCH_CELLS_H

#include "bench/scenario.h"

struct perf_control;

#define BENCH_MAX_LIST 256

/* What a plan is made from. Zero means the default everywhere; lists are ended by their count. */
struct bench_options {
	const struct bench_backend *backend[BENCH_MAX_LIST];
	size_t n_backends;
	const struct bench_scenario *scenario[BENCH_MAX_LIST];
	size_t n_scenarios;
	unsigned int transports; /* 1u << enum machine_transport; 0: doorbell */
	unsigned int distances; /* TOPO_BIT()s; 0: every class the machine has */
	size_t pairs_per_class;
	int kicker_pu, vcpu_pu; /* -1: by distance */
	int kickers[BENCH_MAX_LIST];
	size_t n_kickers;
	int vcpus[BENCH_MAX_LIST], in_guest_pct[BENCH_MAX_LIST]; /* of broadcast */
	size_t n_vcpus, n_in_guest_pct;
	int pcpus[BENCH_MAX_LIST]; /* per carrier; n_pcpus 0: what the scenario needs */
	size_t n_pcpus;
	double migrations[BENCH_MAX_LIST];
	size_t n_migrations;
	double natural_exits_per_s;
	double rate_per_s; /* of open loops */
	const char *arrivals[BENCH_MAX_LIST]; /* of open loops; none: fixed */
	size_t n_arrivals;
	uint64_t widen_ns; /* of widened rows */
	uint64_t kicks; /* of rows in the kernel; 0: as many as fit into the window */
	unsigned int repetitions;
	unsigned int processes; /* that measure the plan one after the other; 0: this one */
	uint64_t row_ns; /* what a row takes besides its window; 0: as on a quiet machine */
	uint64_t until_ns; /* of clock_raw_ns(): rows that it comes before are left out; 0: it never comes */
	const char *only;	/* the row or case to measure, see bench_plan_find(); NULL: all */
	char left_out[512];	/* what a budget left out */
	/* Cells with one of these in their name are left out. */
	const char *without[8];
	size_t n_without;
	uint64_t window_ns;
	const struct perf_set *perf; /* what to count in each window; NULL: the defaults */
	const struct perf_control *control; /* of a perf that watches; NULL: none does */
	uint64_t live_window_ns; /* of roundtrip, contend and migrate; 0: window_ns */
	uint64_t seed;
	/* Keep only cells whose name is on the list; empty: all. */
	const char *path[BENCH_MAX_LIST], *line[BENCH_MAX_LIST], *form[BENCH_MAX_LIST],
		*put[BENCH_MAX_LIST], *loop[BENCH_MAX_LIST];
	size_t n_path, n_line, n_form, n_put, n_loop;
	bool reduced; /* the default study: leave out what takes long, see bench_plan_left_out() */
};

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

/* Adds the cell; what the filters leave out goes later. */
void bench_plan_add(struct bench_plan *plan, struct bench_case cell);

/* Why the vCPU's thread of a VMM is never in guest mode, by the counting build; or NULL. */
const char *bench_halts(const struct bench_case *c);

/*
 * The cells of a vCPU in guest mode on another PU, in a closed loop: for each transport that was asked
 * for, and each of the pairs of PUs (once for each NUMA node, as the memory's home, where they have two).
 * na where the backend or this system cannot.
 */
void bench_plan_transports(struct bench_plan *plan, struct bench_case cell, const struct topo_pair *pairs,
			   size_t n, void (*plan_pair)(struct bench_plan *plan, struct bench_case cell));

/*
 * Of a scenario that sends no IPI, or calls only: once on the emulated machine, as transport doorbell,
 * and once in the kernel, where one of its transports was asked for; of `calls_only` that is `call`.
 */
void bench_plan_places(struct bench_plan *plan, struct bench_case cell, bool calls_only,
		       void (*plan_rest)(struct bench_plan *plan, struct bench_case cell));

/* The distances of a scenario that takes all pairs of PUs: TOPO_BIT()s. */
unsigned int bench_pairwise_distances(const struct bench_options *options, const struct topo *topo);

/* Once for each number of pCPUs that the vCPU's carrier is to run: those asked for, or the least. */
void bench_plan_pcpus(struct bench_plan *plan, struct bench_case cell,
		      void (*plan_rest)(struct bench_plan *plan, struct bench_case cell));

#endif
