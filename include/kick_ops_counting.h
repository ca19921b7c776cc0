/* SPDX-License-Identifier: GPL-2.0-or-later OR MIT */
/*
 * Counting operations: the primitives of kick_words.h, single-threaded, each one counted.
 *
 * The counts are exact and the same on every machine, locks apart.  A failed cmpxchg is a locked
 * operation too.
 * smp_mb__before_atomic() and smp_mb__after_atomic() are counted apart: they cost nothing where
 * atomics are full barriers.
 */
#ifndef KICK_OPS_COUNTING_H
#define KICK_OPS_COUNTING_H

#include "kick_counts.h"
#include "kick_words.h"

/* Defined once, by the judge that counts; single-threaded. */
extern struct kick_counts kick_counts;

#define barrier() __asm__ __volatile__("" ::: "memory")

static inline void kick_count_fence(enum kick_fence fence)
{
	switch (fence) {
	case KICK_MB:
		kick_counts.fences++;
		break;
	case KICK_RMB:
	case KICK_WMB:
		kick_counts.half_fences++;
		break;
	default:
		kick_counts.atomic_fences++;
	}
}

#define kick_op_load(p, order, say) (kick_counts.loads++, *(p))
#define kick_op_store(p, v, order, say) ((void)(kick_counts.stores++, *(p) = (v)))
#define kick_op_fence(fence, say) kick_count_fence(fence)
#define kick_op_peek(p) (*(p))
#define kick_op_xchg(p, v, order, say)                                                             \
	({                                                                                         \
		__typeof__(*(p)) found_ = *(p);                                                    \
		kick_counts.locked_rmws++;                                                         \
		*(p) = (v);                                                                        \
		found_;                                                                            \
	})
#define kick_op_cmpxchg(p, o, n, order, say)                                                       \
	({                                                                                         \
		__typeof__(*(p)) found_ = *(p);                                                    \
		kick_counts.locked_rmws++;                                                         \
		if (found_ == (o))                                                                 \
			*(p) = (n);                                                                \
		found_;                                                                            \
	})
#define kick_op_fetch_or(p, v, order, say)                                                         \
	({                                                                                         \
		__typeof__(*(p)) found_ = *(p);                                                    \
		kick_counts.locked_rmws++;                                                         \
		*(p) |= (v);                                                                       \
		found_;                                                                            \
	})
#define kick_op_fetch_and(p, v, order, say)                                                        \
	({                                                                                         \
		__typeof__(*(p)) found_ = *(p);                                                    \
		kick_counts.locked_rmws++;                                                         \
		*(p) &= (v);                                                                       \
		found_;                                                                            \
	})
#define kick_op_fetch_add(p, v, order, say)                                                        \
	({                                                                                         \
		__typeof__(*(p)) found_ = *(p);                                                    \
		kick_counts.locked_rmws++;                                                         \
		*(p) += (v);                                                                       \
		found_;                                                                            \
	})
#define kick_op_add(p, v, order, say) ((void)(kick_counts.locked_rmws++, *(p) += (v)))
/* A locked exchange on x86, whose counts these are. */
#define kick_op_store_seq_cst(p, v, say) ((void)(kick_counts.locked_rmws++, *(p) = (v)))
#define kick_op_or(p, v, order, say) ((void)(kick_counts.locked_rmws++, *(p) |= (v)))
#define kick_op_and(p, v, order, say) ((void)(kick_counts.locked_rmws++, *(p) &= (v)))

#endif
