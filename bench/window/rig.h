/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The rig of every scenario with threads: a machine, its kickers and its carrier, one window, and
 * the sums of what they noted.
 */
#ifndef BENCH_RIG_H
#define BENCH_RIG_H

#include "bench/window/window.h"

struct carrier;

struct bench_rig {
	const struct bench_env *env;
	const struct bench_case *c;
	int n_vcpus, n_in_guest; /* the carrier gets the latter, 1 if both are 0 */
	int n_threads; /* of a VMM: each has one of the n_vcpus; 0: one carrier */
	void (*prepare)(void);
	void (*prepare_many)(int in_guest); /* instead of prepare */
	void (*carrier)(struct team_member *);
	void (*kicker)(struct team_member *);
	bool watch;
	uint64_t window_ns;
};

/*
 * Builds the machine, runs one window, drains, and adds everything up in the result; the latency of
 * all kickers too.  0, or -errno of team_run() and machine_init() with a line in env->err.
 */
int bench_rig_run(const struct bench_rig *rig, struct bench_result *result);

/* What a run with a vCPU in guest mode says of its backend: fills verdict and why. */
void bench_rig_judge(const struct bench_case *c, struct bench_result *r);

/* Both, and a kick's operations from the counting build: of a vCPU in guest mode. */
int bench_rig_measure(const struct bench_rig *rig, struct bench_result *result);

#endif
