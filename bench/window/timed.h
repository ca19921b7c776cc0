/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Timing batches of something short until the window ends. */
#ifndef BENCH_TIMED_H
#define BENCH_TIMED_H

#include "bench/result.h"
#include "machine/clock.h"
#include "machine/preempt.h"

struct bench_timed {
	uint64_t ops, ticks, preempted; /* batches that met a preemption are counted, not timed */
};

/*
 * Goes on until the window has ended, and after that for a few tries more while nothing is timed yet:
 * a thread that got its PU late has no window left.
 */
static inline bool bench_timed_goes_on(const struct team_member *m, const struct bench_timed *timed,
				       uint64_t now)
{
	enum { TRIES = 20 };

	return (now < m->end || (!timed->ops && timed->preempted < TRIES)) && !machine_stop;
}

/*
 * Runs `batch`, an expression that does `n` ops, until the window of member `m` has ended.  Two
 * reads of the clock per batch are all that is added.
 */
#define bench_timed_until_end(m, timed, n, batch)                                                        \
	do {                                                                                       \
		struct rseq *area_ = preempt_area();                                               \
		uint64_t t0_, t1_ = clock_now();                                                   \
												   \
		while (bench_timed_goes_on(m, timed, t1_)) {                                             \
			preempt_watch(area_);                                                      \
			t0_ = clock_now();                                                         \
			batch;                                                                     \
			t1_ = clock_now();                                                         \
			if (preempt_happened(area_)) {                                             \
				(timed)->preempted++;                                              \
				continue;                                                          \
			}                                                                          \
			(timed)->ops += (n);                                                       \
			(timed)->ticks += t1_ - t0_;                                               \
		}                                                                                  \
		preempt_unwatch(area_);                                                            \
	} while (0)

static inline void bench_timed_result(const struct bench_timed *timed, struct bench_result *r)
{
	r->ops = timed->ops;
	r->preempted = timed->preempted;
	r->ns_per_op = timed->ops ? (double)timed->ticks * machine_clock.ns_per_tick /
					    (double)timed->ops
				  : 0;
	if (!timed->ops)
		bench_verdict(r, VERDICT_INCONCLUSIVE, "no batch ran without a preemption");
}

#endif
