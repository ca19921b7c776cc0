/* SPDX-License-Identifier: GPL-2.0-or-later OR MIT */
/*
 * The words of a kick protocol: shared variables and the kernel's vocabulary over them.
 *
 * Every word below ends in one of the kick_op_*() primitives, which the judge's ops header has
 * defined before (kick_ops_native.h, kick_ops_counting.h, or a judge's own).  So this file is the
 * only place that says what a kernel word means, and it means the same to every judge.
 *
 * The primitives, for p = pointer to a raw field, order = enum kick_order, say = the source text:
 *   kick_op_load(p, order, say)                      value
 *   kick_op_store(p, v, order, say)
 *   kick_op_store_seq_cst(p, v, say)
 *   kick_op_xchg(p, v, order, say)                   the value before
 *   kick_op_cmpxchg(p, old, new, order, say)         the value before; equal to old = it was swapped
 *   kick_op_fetch_or(p, v, order, say), kick_op_fetch_and(p, v, order, say)   the value before
 *   kick_op_fetch_add(p, v, order, say)              the value before
 *   kick_op_or(p, v, order, say), kick_op_and(p, v, order, say)   no value: two of them commute
 *   kick_op_add(p, v, order, say)                    the same
 *   kick_op_fence(enum kick_fence, say)
 *   kick_op_peek(p)                                  for kick_view() only: no operation at all
 */
#ifndef KICK_WORDS_H
#define KICK_WORDS_H

/* A word that two threads may touch.  A struct, so that a plain access does not compile. */
typedef struct {
	int raw;
} kick_int;

typedef struct {
	unsigned long raw;
} kick_ulong;

typedef struct {
	void *raw;
} kick_ptr;

/*
 * KICK_PLAIN is a read that upstream left unmarked.  KICK_SEQ_CST is C11's; KICK_FULL is the
 * kernel's fully ordered read-modify-write: a full barrier on both sides when it succeeds, nothing
 * when a cmpxchg fails.
 */
enum kick_order {
	KICK_PLAIN,
	KICK_RELAXED,
	KICK_ACQUIRE,
	KICK_RELEASE,
	KICK_ACQ_REL,
	KICK_SEQ_CST,
	KICK_FULL,
};

enum kick_fence {
	KICK_MB,
	KICK_RMB,
	KICK_WMB,
	KICK_MB_BEFORE_ATOMIC, /* a compiler barrier where atomics are full barriers (x86) */
	KICK_MB_AFTER_ATOMIC,
};

/* clang-format off */
#define READ_ONCE(x)                     kick_op_load(&(x).raw, KICK_RELAXED, "READ_ONCE(" #x ")")
#define READ_PLAIN(x)                    kick_op_load(&(x).raw, KICK_PLAIN, #x)
#define WRITE_ONCE(x, v)                 kick_op_store(&(x).raw, v, KICK_RELAXED, "WRITE_ONCE(" #x ", " #v ")")
#define smp_load_acquire(p)              kick_op_load(&(p)->raw, KICK_ACQUIRE, "smp_load_acquire(" #p ")")
#define smp_store_release(p, v)          kick_op_store(&(p)->raw, v, KICK_RELEASE, "smp_store_release(" #p ", " #v ")")
/* C11's and Rust's SeqCst: a store is a locked exchange where that is what compilers make of it (x86). */
#define smp_load_seq_cst(p)              kick_op_load(&(p)->raw, KICK_SEQ_CST, "smp_load_seq_cst(" #p ")")
#define smp_store_seq_cst(p, v)          kick_op_store_seq_cst(&(p)->raw, v, "smp_store_seq_cst(" #p ", " #v ")")
#define smp_store_mb(x, v)               do { WRITE_ONCE(x, v); smp_mb(); } while (0)

#define smp_mb()                         kick_op_fence(KICK_MB, "smp_mb()")
#define smp_rmb()                        kick_op_fence(KICK_RMB, "smp_rmb()")
#define smp_wmb()                        kick_op_fence(KICK_WMB, "smp_wmb()")
#define smp_mb__before_atomic()          kick_op_fence(KICK_MB_BEFORE_ATOMIC, "smp_mb__before_atomic()")
#define smp_mb__after_atomic()           kick_op_fence(KICK_MB_AFTER_ATOMIC, "smp_mb__after_atomic()")

#define xchg(p, v)                       kick_op_xchg(&(p)->raw, v, KICK_FULL, "xchg(" #p ", " #v ")")
#define xchg_relaxed(p, v)               kick_op_xchg(&(p)->raw, v, KICK_RELAXED, "xchg_relaxed(" #p ", " #v ")")
#define xchg_acquire(p, v)               kick_op_xchg(&(p)->raw, v, KICK_ACQUIRE, "xchg_acquire(" #p ", " #v ")")
#define xchg_release(p, v)               kick_op_xchg(&(p)->raw, v, KICK_RELEASE, "xchg_release(" #p ", " #v ")")
#define xchg_acq_rel(p, v)               kick_op_xchg(&(p)->raw, v, KICK_ACQ_REL, "xchg_acq_rel(" #p ", " #v ")")
#define xchg_seq_cst(p, v)               kick_op_xchg(&(p)->raw, v, KICK_SEQ_CST, "xchg_seq_cst(" #p ", " #v ")")
#define cmpxchg(p, o, n)                 kick_op_cmpxchg(&(p)->raw, o, n, KICK_FULL, "cmpxchg(" #p ", " #o ", " #n ")")
#define cmpxchg_seq_cst(p, o, n)         kick_op_cmpxchg(&(p)->raw, o, n, KICK_SEQ_CST, "cmpxchg_seq_cst(" #p ", " #o ", " #n ")")
#define cmpxchg_acq_rel(p, o, n)         kick_op_cmpxchg(&(p)->raw, o, n, KICK_ACQ_REL, "cmpxchg_acq_rel(" #p ", " #o ", " #n ")")
#define cmpxchg_acquire(p, o, n)         kick_op_cmpxchg(&(p)->raw, o, n, KICK_ACQUIRE, "cmpxchg_acquire(" #p ", " #o ", " #n ")")
#define cmpxchg_release(p, o, n)         kick_op_cmpxchg(&(p)->raw, o, n, KICK_RELEASE, "cmpxchg_release(" #p ", " #o ", " #n ")")
#define cmpxchg_relaxed(p, o, n)         kick_op_cmpxchg(&(p)->raw, o, n, KICK_RELAXED, "cmpxchg_relaxed(" #p ", " #o ", " #n ")")

/* Bit numbers are below BITS_PER_LONG: a request word is one word here, as in the kernel. */
#define KICK_BIT(nr)                     (1UL << (nr))
#ifndef kick_op_bit /* explore looks at the number, which no shift does */
#define kick_op_bit(nr)                  KICK_BIT(nr)
#endif
#define test_bit(nr, p)                  (!!(kick_op_load(&(p)->raw, KICK_RELAXED, "test_bit(" #nr ", " #p ")") & kick_op_bit(nr)))
#define set_bit(nr, p)                   kick_op_or(&(p)->raw, kick_op_bit(nr), KICK_RELAXED, "set_bit(" #nr ", " #p ")")
#define clear_bit(nr, p)                 kick_op_and(&(p)->raw, ~kick_op_bit(nr), KICK_RELAXED, "clear_bit(" #nr ", " #p ")")
#define test_and_set_bit(nr, p)          (!!(kick_op_fetch_or(&(p)->raw, kick_op_bit(nr), KICK_FULL, "test_and_set_bit(" #nr ", " #p ")") & kick_op_bit(nr)))
#define test_and_clear_bit(nr, p)        (!!(kick_op_fetch_and(&(p)->raw, ~kick_op_bit(nr), KICK_FULL, "test_and_clear_bit(" #nr ", " #p ")") & kick_op_bit(nr)))
#define fetch_or(p, v)                   kick_op_fetch_or(&(p)->raw, v, KICK_FULL, "fetch_or(" #p ", " #v ")")
#define fetch_or_relaxed(p, v)           kick_op_fetch_or(&(p)->raw, v, KICK_RELAXED, "fetch_or_relaxed(" #p ", " #v ")")
#define fetch_or_release(p, v)           kick_op_fetch_or(&(p)->raw, v, KICK_RELEASE, "fetch_or_release(" #p ", " #v ")")
#define fetch_and(p, v)                  kick_op_fetch_and(&(p)->raw, v, KICK_FULL, "fetch_and(" #p ", " #v ")")
#define fetch_and_relaxed(p, v)          kick_op_fetch_and(&(p)->raw, v, KICK_RELAXED, "fetch_and_relaxed(" #p ", " #v ")")
#define fetch_or_acquire(p, v)           kick_op_fetch_or(&(p)->raw, v, KICK_ACQUIRE, "fetch_or_acquire(" #p ", " #v ")")
#define fetch_or_acq_rel(p, v)           kick_op_fetch_or(&(p)->raw, v, KICK_ACQ_REL, "fetch_or_acq_rel(" #p ", " #v ")")
#define fetch_or_seq_cst(p, v)           kick_op_fetch_or(&(p)->raw, v, KICK_SEQ_CST, "fetch_or_seq_cst(" #p ", " #v ")")
#define fetch_and_acquire(p, v)          kick_op_fetch_and(&(p)->raw, v, KICK_ACQUIRE, "fetch_and_acquire(" #p ", " #v ")")
#define fetch_and_release(p, v)          kick_op_fetch_and(&(p)->raw, v, KICK_RELEASE, "fetch_and_release(" #p ", " #v ")")
#define fetch_and_acq_rel(p, v)          kick_op_fetch_and(&(p)->raw, v, KICK_ACQ_REL, "fetch_and_acq_rel(" #p ", " #v ")")
#define fetch_and_seq_cst(p, v)          kick_op_fetch_and(&(p)->raw, v, KICK_SEQ_CST, "fetch_and_seq_cst(" #p ", " #v ")")
#define fetch_add(p, v)                  kick_op_fetch_add(&(p)->raw, v, KICK_FULL, "fetch_add(" #p ", " #v ")")
#define fetch_add_relaxed(p, v)          kick_op_fetch_add(&(p)->raw, v, KICK_RELAXED, "fetch_add_relaxed(" #p ", " #v ")")
#define fetch_add_acquire(p, v)          kick_op_fetch_add(&(p)->raw, v, KICK_ACQUIRE, "fetch_add_acquire(" #p ", " #v ")")
#define fetch_add_release(p, v)          kick_op_fetch_add(&(p)->raw, v, KICK_RELEASE, "fetch_add_release(" #p ", " #v ")")
#define fetch_add_acq_rel(p, v)          kick_op_fetch_add(&(p)->raw, v, KICK_ACQ_REL, "fetch_add_acq_rel(" #p ", " #v ")")
#define fetch_add_seq_cst(p, v)          kick_op_fetch_add(&(p)->raw, v, KICK_SEQ_CST, "fetch_add_seq_cst(" #p ", " #v ")")

/* As the word's own type first: of an unsigned int less than nothing is much in a wider word. */
#define KICK_MINUS(v, p)                 (-(__typeof__((p)->raw))(v))
/* A counter; the kernel's names.  Without a value they order nothing, with one they are full barriers. */
#define atomic_add(v, p)                 kick_op_add(&(p)->raw, v, KICK_RELAXED, "atomic_add(" #v ", " #p ")")
#define atomic_sub(v, p)                 kick_op_add(&(p)->raw, KICK_MINUS(v, p), KICK_RELAXED, "atomic_sub(" #v ", " #p ")")
#define atomic_inc(p)                    kick_op_add(&(p)->raw, 1, KICK_RELAXED, "atomic_inc(" #p ")")
#define atomic_dec(p)                    kick_op_add(&(p)->raw, -1, KICK_RELAXED, "atomic_dec(" #p ")")
#define atomic_add_return(v, p)          (kick_op_fetch_add(&(p)->raw, v, KICK_FULL, "atomic_add_return(" #v ", " #p ")") + (v))
#define atomic_inc_return(p)             (kick_op_fetch_add(&(p)->raw, 1, KICK_FULL, "atomic_inc_return(" #p ")") + 1)
#define atomic_dec_return(p)             (kick_op_fetch_add(&(p)->raw, -1, KICK_FULL, "atomic_dec_return(" #p ")") - 1)
#define atomic_dec_and_test(p)           (kick_op_fetch_add(&(p)->raw, -1, KICK_FULL, "atomic_dec_and_test(" #p ")") == 1)

/* What a judge may look at without taking part: see kick_view(). */
#define kick_peek(x)                     kick_op_peek(&(x).raw)
/* clang-format on */

#endif
