/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the kickers of a window note, and what a measured row says. */
#ifndef BENCH_RESULT_H
#define BENCH_RESULT_H

#include <errno.h>

#include "bench/case.h"
#include "perf/perf.h"
#include "results/histogram.h"
#include "results/verdict.h"

/* One kicker thread's orders and its notes. */
struct bench_kicker {
	const struct bench_case *c;
	int cpu, number;
	bool crowded; /* more threads than PUs */
	uint64_t seed;
	/* Its notes. */
	struct histogram latency MACHINE_ALIGNED;
	struct histogram wait, to_send; /* of broadcasts */
	uint64_t casts;
	uint64_t early; /* vCPUs in guest mode, after a pause */
	uint64_t kicks, sent, misdirected, preempted, lost;
	uint64_t outcome[KICK_N_OUTCOMES];
	uint64_t ticks, timed; /* spent, and by how many ops */
};

/* One window's counts, each with its state; n events of the meter's sets were looked at. */
struct bench_counted {
	struct perf_value kickers[PERF_MAX_EVENTS], others[PERF_MAX_EVENTS], kernel[PERF_MAX_EVENTS];
	size_t n_kickers, n_others; /* threads */
	/* In place of the kernel's tracepoints, where they are closed to us. */
	struct perf_interrupts interrupts;
	bool has_interrupts;
};

/* What was measured.  Figures that a scenario does not measure stay out of the row. */
struct bench_result {
	uint64_t ops;
	double ns_per_op;
	bool has_latency, has_ipis, has_counts, has_verdicts, has_outcomes;
	struct histogram latency;
	/* Broadcasts: how long the waiting part took, and the time from begin to the last IPI sent. */
	struct histogram wait, to_send;
	uint64_t casts, early;
	uint64_t preempted; /* samples that met a preemption: not in the histogram */
	uint64_t outcome[KICK_N_OUTCOMES];
	uint64_t kicks, sent, stints, exits, resumed, migrations, poisoned, lost, misdirected;
	uint64_t window_ns; /* that all this was counted in; 0: the case's */
	struct machine_ipis ipis;
	struct kick_counts counts; /* of one kick */
	double overlap, fairness;
	long nivcsw;
	struct bench_counted counted; /* by the meter of the run */
	/* By the module: the kernel's and our handlers' count there, and what is not ours of it. */
	bool in_kernel;
	uint64_t resched, called, foreign;
	unsigned int repeats; /* measurements before this one that met what is not ours */
	char books[120]; /* how the kernel's count and ours differ; "": they do not */
	bool oversubscribed;
	bool untrue; /* kicks did not do what their outcomes say */
	bool probed; /* somebody watched a static probe: no figure of it is one */
	enum verdict verdict;
	char why[160];
};

/* The least share of a window in which all threads ran at once, a PU each: below it a row says nothing. */
#define BENCH_LEAST_OVERLAP 0.9

static inline void bench_verdict(struct bench_result *r, enum verdict verdict, const char *why)
{
	r->verdict = verdict;
	__builtin_snprintf(r->why, sizeof(r->why), "%s", why);
}

#define BENCH_UNTRUE "a kick's outcome is not what it did (CONTRACT)"

/* What bench_count's kick() said: of an outcome that is untrue every row of that kick is. */
static inline void bench_counted_kick(struct bench_result *r, int counted)
{
	r->has_counts = !counted;
	if (counted == -EPROTO)
		bench_verdict(r, VERDICT_VIOLATED, BENCH_UNTRUE);
}

#endif
