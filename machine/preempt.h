/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Was this thread preempted, migrated or hit by a signal since it looked last?  For two stores.
 *
 * The kernel clears the rseq_cs field of a thread's rseq area when it interrupts the thread outside
 * the critical section that the field names.  So a section is named that the thread is never in:
 * the field survives exactly as long as nobody interferes.
 */
#ifndef MACHINE_PREEMPT_H
#define MACHINE_PREEMPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__has_include)
/* Elsewhere the header may lack the signature, or the compiler the thread pointer. */
#if __has_include(<sys/rseq.h>) && (defined(__x86_64__) || defined(__aarch64__))
#include <sys/rseq.h>
#define MACHINE_HAS_RSEQ 1
#endif
#endif

#ifdef MACHINE_HAS_RSEQ
/*
 * A section of one byte at address 1, where no thread ever executes.  The kernel wants to see the
 * signature in front of the address where an aborted section would go on.
 */
static const uint32_t machine_rseq_signature[2] = { RSEQ_SIG, 0 };
static const struct rseq_cs machine_nowhere __attribute__((aligned(32))) = {
	.start_ip = 1,
	.post_commit_offset = 1,
	.abort_ip = (uintptr_t)&machine_rseq_signature[1],
};

/* NULL where the C library could not register (an old kernel, a tunable). */
static inline struct rseq *preempt_area(void)
{
	return __rseq_size ? (struct rseq *)((char *)__builtin_thread_pointer() + __rseq_offset)
			   : NULL;
}

#else
struct rseq {
	uintptr_t rseq_cs;
};
static const char machine_nowhere;

static inline struct rseq *preempt_area(void)
{
	return NULL;
}
#endif

static inline void preempt_watch(struct rseq *area)
{
	if (area)
		__atomic_store_n((uintptr_t *)&area->rseq_cs, (uintptr_t)&machine_nowhere,
				 __ATOMIC_RELAXED);
}

static inline bool preempt_happened(struct rseq *area)
{
	return area && !__atomic_load_n((uintptr_t *)&area->rseq_cs, __ATOMIC_RELAXED);
}

static inline void preempt_unwatch(struct rseq *area)
{
	if (area)
		__atomic_store_n((uintptr_t *)&area->rseq_cs, 0, __ATOMIC_RELAXED);
}

/* Whether a thread's preemptions are seen at all: not where no rseq area is registered. */
static inline bool preempt_is_seen(void)
{
	return preempt_area() != NULL;
}

#endif
