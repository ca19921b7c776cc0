/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A scenario: it names its cells, measures one, and says what else sets its rows apart.  Each is one
 * file, bench/scenario/NAME.c, that defines bench_scenario_NAME; the list is made from the files.
 */
#ifndef BENCH_SCENARIO_H
#define BENCH_SCENARIO_H

#include "bench/result.h"

struct bench_env;
struct bench_plan;
struct csv_row;

struct bench_scenario {
	const char *name;
	const char *summary;
	int place;	/* in lists and plans: the lowest first, the others (0) behind, by name */
	bool on_demand; /* only where it is asked for by name */
	bool has_floor; /* cells without a backend come first */
	bool is_floor;	/* and there are no others */
	bool pairwise;	/* what its rows come to, pair by pair, is kept in matrix.csv, too */
	bool probed;	/* the probe looks: misdirected IPIs and poisoned stints are counted */
	bool blind;	/* kickers do not look whether their kicks arrive: none is known to be lost */
	bool of_vcpus;	/* --vcpus says of how many */
	int least_pcpus; /* of a carrier, which a name does not mention; 0: one */
	const char *const *paths; /* what a row's path may be, a NULL ends them; NULL: in_guest alone */
	const char *latency_kind; /* what is timed into latency.csv; NULL: what the scenario's name says */
	/* The cells of one backend (NULL: the floor) into the plan, made from `cell`, without repetitions. */
	void (*plan)(struct bench_plan *plan, struct bench_case cell);
	/* 0 with a verdict in the result, or -errno with a line in env->err: the environment failed. */
	int (*run)(const struct bench_env *env, const struct bench_case *c, struct bench_result *result);
	/* What only this scenario's cells have, or NULL: at the end of a name, and columns of the row. */
	void (*name_cell)(const struct bench_case *c, char *buf, size_t size);
	void (*case_columns)(const struct bench_case *c, struct csv_row *row);
	void (*result_columns)(const struct bench_result *r, struct csv_row *row);
};

static inline int bench_least_pcpus(const struct bench_scenario *s)
{
	return s->least_pcpus ? s->least_pcpus : 1;
}

/* All of them in their places; NULL at the end. */
const struct bench_scenario *const *bench_scenarios(void);
const struct bench_scenario *bench_scenario_find(const char *name); /* NULL: none */
/* The i-th path that any of them has, each once; NULL after the last. */
const char *bench_path(size_t i);

#endif
