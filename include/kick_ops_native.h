/* SPDX-License-Identifier: GPL-2.0-or-later OR MIT */
/*
 * Native operations: the primitives of kick_words.h as the machine's own atomics, nothing added.
 *
 * KICK_FULL becomes a seq_cst read-modify-write: on x86-64 that is a locked instruction, on arm64
 * what the kernel itself relies on (casal and friends).  Under TSan a fence is spelt as a seq_cst
 * RMW, since TSan does not understand fences.
 */
#ifndef KICK_OPS_NATIVE_H
#define KICK_OPS_NATIVE_H

#include "kick_words.h"

#if defined(__SANITIZE_THREAD__)
#define KICK_TSAN 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define KICK_TSAN 1
#endif
#endif

/* Constant expressions, so that the order survives -O0. */
#define kick_c11_order(order)                                                                      \
	((order) == KICK_ACQUIRE   ? __ATOMIC_ACQUIRE                                              \
	 : (order) == KICK_RELEASE ? __ATOMIC_RELEASE                                              \
	 : (order) == KICK_ACQ_REL ? __ATOMIC_ACQ_REL                                              \
	 : (order) >= KICK_SEQ_CST ? __ATOMIC_SEQ_CST                                              \
				   : __ATOMIC_RELAXED)
/* The order of a cmpxchg that fails is never a release. */
#define kick_c11_fail_order(order)                                                                 \
	((order) >= KICK_SEQ_CST				   ? __ATOMIC_SEQ_CST              \
	 : (order) == KICK_ACQUIRE || (order) == KICK_ACQ_REL ? __ATOMIC_ACQUIRE                   \
							      : __ATOMIC_RELAXED)

#define barrier() __asm__ __volatile__("" ::: "memory")

/*
 * As in the kernel, x86-64's full barrier is a locked add of zero to the stack: mfence, which
 * clang would pick for a seq_cst fence, costs several times as much.
 */
static inline __attribute__((always_inline)) void kick_full_fence(void)
{
#if defined(KICK_TSAN)
	static int dummy;

	__atomic_fetch_add(&dummy, 0, __ATOMIC_SEQ_CST);
#elif defined(__x86_64__)
	__asm__ __volatile__("lock; addl $0,-4(%%rsp)" ::: "memory", "cc");
#else
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
#endif
}

#if defined(KICK_TSAN)
#define kick_half_fence(order) kick_full_fence()
#else
#define kick_half_fence(order) __atomic_thread_fence(order)
#endif

static inline __attribute__((always_inline)) void kick_native_fence(enum kick_fence fence)
{
	switch (fence) {
	case KICK_MB:
		kick_full_fence();
		break;
	case KICK_RMB:
		kick_half_fence(__ATOMIC_ACQUIRE);
		break;
	case KICK_WMB:
		kick_half_fence(__ATOMIC_RELEASE);
		break;
	default:
#if defined(__x86_64__) && !defined(KICK_TSAN)
		barrier();
#else
		kick_full_fence();
#endif
	}
}

/*
 * KICK_PLAIN_IS_PLAIN (a build option for TSan) keeps upstream's unmarked read unmarked, so that
 * the sanitizer sees the race that KCSAN saw; otherwise it is a relaxed load: the same code.
 */
#if defined(KICK_PLAIN_IS_PLAIN)
#define kick_op_load(p, order, say) \
	((order) == KICK_PLAIN ? *(p) : __atomic_load_n(p, kick_c11_order(order)))
#else
#define kick_op_load(p, order, say) __atomic_load_n(p, kick_c11_order(order))
#endif
#define kick_op_store(p, v, order, say) __atomic_store_n(p, v, kick_c11_order(order))
#define kick_op_store_seq_cst(p, v, say) __atomic_store_n(p, v, __ATOMIC_SEQ_CST)
#define kick_op_xchg(p, v, order, say) __atomic_exchange_n(p, v, kick_c11_order(order))
#define kick_op_fetch_or(p, v, order, say) __atomic_fetch_or(p, v, kick_c11_order(order))
#define kick_op_fetch_and(p, v, order, say) __atomic_fetch_and(p, v, kick_c11_order(order))
#define kick_op_fetch_add(p, v, order, say) __atomic_fetch_add(p, v, kick_c11_order(order))
#define kick_op_add(p, v, order, say) ((void)__atomic_fetch_add(p, v, kick_c11_order(order)))
#define kick_op_or(p, v, order, say) ((void)__atomic_fetch_or(p, v, kick_c11_order(order)))
#define kick_op_and(p, v, order, say) ((void)__atomic_fetch_and(p, v, kick_c11_order(order)))
#define kick_op_fence(fence, say) kick_native_fence(fence)
#define kick_op_peek(p) __atomic_load_n(p, __ATOMIC_RELAXED)
#define kick_op_cmpxchg(p, o, n, order, say)                                                       \
	({                                                                                         \
		__typeof__(*(p)) found_ = (o);                                                     \
		__atomic_compare_exchange_n(p, &found_, n, 0, kick_c11_order(order),               \
					    kick_c11_fail_order(order));                           \
		found_;                                                                            \
	})

#endif
