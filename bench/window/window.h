/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One measured window of a team, and what was counted in it. */
#ifndef BENCH_WINDOW_H
#define BENCH_WINDOW_H

#include "bench/result.h"

struct bench_meter;

struct bench_env {
	const struct topo *topo;
	const struct bench_meter *meter; /* NULL: nothing is counted */
	bool interrupts; /* IPIs of the case in work are real ones */
	char *err;	 /* takes a line when something here fails */
	size_t err_size;
};

/*
 * team_run() with the meter of `env` at its gates.  What every row has of its window goes into the
 * result: overlap, involuntary switches, counters.  As team_run().
 */
int bench_window(const struct bench_env *env, struct team_member *members, size_t n,
		 uint64_t window_ns, struct bench_result *result);

/* The same with an emulated machine around it.  Also what machine_init() returns. */
int bench_window_on(const struct bench_env *env, const struct machine_config *config,
		    struct team_member *members, size_t n, uint64_t window_ns,
		    struct bench_result *result);

#endif
