/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rows that the kernel measures: transports reschedule and call, by the module kick_judge
 * (docs/kernel-judge.md).  Which CPUs, how long and how often is said here; the module runs and counts.
 */
#ifndef BENCH_KERNEL_H
#define BENCH_KERNEL_H

#include "bench/window/window.h"

struct cJSON;

/* Why the kernel cannot measure this cell here; NULL: it can. */
const char *bench_kernel_missing(const struct bench_case *c);

/* What the module says of itself and of its kernel, for run.json.  NULL: there is none, or no memory. */
struct cJSON *bench_kernel_json(void);

/*
 * Measures the cell, whose backend's operations are not counted yet; again, a few times, where the kernel's
 * count and ours do not agree.  The verdict is set where the row is not to be judged by its counts.
 * -errno with a line in env->err: the module failed.
 */
int bench_kernel_run(const struct bench_env *env, const struct bench_case *c, struct bench_result *r);

/* After all else was judged: a row in which they still do not agree is inconclusive. */
void bench_kernel_books(struct bench_result *r);

/* The same of a vCPU in guest mode, judged and with the operations of a kick. */
int bench_kernel_measure(const struct bench_env *env, const struct bench_case *c, struct bench_result *r);

#endif
