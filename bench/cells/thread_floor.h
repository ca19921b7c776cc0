/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The floors of a VMM's kicks: what one tgkill() and one FUTEX_WAKE take. */
#ifndef BENCH_THREAD_FLOOR_H
#define BENCH_THREAD_FLOOR_H

#include "bench/cells/cells.h"

#define BENCH_THREAD_FLOORS "tgkill", "futex"

bool bench_plan_has_threads(const struct bench_plan *plan); /* does any backend kick by signals? */
/* Both, between each of the first pairs. */
void bench_thread_floor_plan(struct bench_plan *plan, struct bench_case cell, size_t n_pairs);
/* Until the thread has answered, with latencies; or the call alone.  0, or -errno with a line in env->err. */
int bench_thread_floor_run(const struct bench_env *env, const struct bench_case *c, bool answered,
			   struct bench_result *r);

#endif
