/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The primitives of kick_words.h for explore: every operation is announced to the scheduler, with its
 * place in the source, before it executes; the engine owns every value.
 */
#ifndef EXPLORE_OPS_EXPLORE_H
#define EXPLORE_OPS_EXPLORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "explore/engine/op.h"
#include "explore/model/memory.h"

/*
 * A place in a backend's text whose order can be weakened (weaken.h).  It is looked at when it is met
 * for the first time, and while it is watched or weakened; otherwise that is one test per operation.
 */
struct xp_ordered {
	struct xp_site site;
	const char *function;
	bool look;
	bool reached; /* since it is watched */
	bool rereads; /* a load: the thread has stored the word itself before */
	bool after_loads, after_stores; /* of its thread, with no full barrier in between */
	uint8_t kind, order, to; /* enum xp_kind; as written; enum xp_rung */
	const char *backend;
	struct xp_ordered *next;
};

/* The same for a place that is to be looked at. */
uint64_t xp_weak_load(void *p, unsigned int size, enum kick_order order, struct xp_ordered *o);
void xp_weak_store(void *p, unsigned int size, uint64_t v, enum kick_order order, struct xp_ordered *o);
uint64_t xp_weak_rmw(enum xp_kind kind, void *p, unsigned int size, uint64_t a, uint64_t b,
		     enum kick_order order, struct xp_ordered *o);
void xp_weak_fence(enum kick_fence fence, struct xp_ordered *o);

/* What they read is no backend's: the backends' units are compiled to show their accesses (shared.c). */
#if defined(KICK_PLAIN_SEEN)
#define XP_NOT_SHOWN __attribute__((no_sanitize("thread")))
#else
#define XP_NOT_SHOWN
#endif

/*
 * Where a kicker stands, for searches that ask by its stack; behind an operation nothing of it is left there.
 */
static inline XP_NOT_SHOWN void xp_stand(void)
{
	if (__builtin_expect(xp_stands, false))
		xp_fiber_look(NULL, xp_stand_at);
}

static inline XP_NOT_SHOWN void xp_stood(void)
{
	if (__builtin_expect(xp_stands, false))
		xp_fiber_wipe();
}

#define barrier() __asm__ __volatile__("" ::: "memory")

#define XP_SITE(say)                                                                               \
	({                                                                                         \
		static const struct xp_site site_ = { say, __FILE__, __LINE__ };                   \
		xp_stand();                                                                        \
		&site_;                                                                            \
	})
#define XP_VALUE(p, v) ((__typeof__(*(p)))(uintptr_t)(v))
/* As the word's own type first: a negative int must not fill 64 bits. */
#define XP_BITS(p, v)                                                                              \
	({                                                                                         \
		__typeof__(*(p)) bits_ = (v);                                                      \
		sizeof(bits_) == 4 ? (uint64_t)(uint32_t)(uintptr_t)bits_ : (uint64_t)(uintptr_t)bits_; \
	})

#define XP_ORDERED(say)                                                                            \
	({                                                                                         \
		static struct xp_ordered ordered_ = { .site = { say, __FILE__, __LINE__ },         \
						      .function = __func__, .look = true };        \
		&ordered_;                                                                         \
	})

/*
 * An operation goes one of two ways: the short one, whose last act is the call that does it; and this one,
 * where somebody asks about the place, or where its thread stands.
 */
#define XP_ASIDE static __attribute__((noinline, unused)) XP_NOT_SHOWN

XP_ASIDE uint64_t xp_asked_load(void *p, unsigned int size, enum kick_order order, struct xp_ordered *o)
{
	uint64_t v;

	xp_stand();
	v = o->look ? xp_weak_load(p, size, order, o) : xp_load(p, size, order, &o->site);
	xp_stood();
	return v;
}

XP_ASIDE void xp_asked_store(void *p, unsigned int size, uint64_t v, enum kick_order order,
			     struct xp_ordered *o)
{
	xp_stand();
	if (o->look)
		xp_weak_store(p, size, v, order, o);
	else
		xp_store(p, size, v, order, &o->site);
	xp_stood();
}

XP_ASIDE uint64_t xp_asked_rmw(enum xp_kind kind, void *p, unsigned int size, uint64_t a, uint64_t b,
			       enum kick_order order, struct xp_ordered *o)
{
	uint64_t v;

	xp_stand();
	v = o->look ? xp_weak_rmw(kind, p, size, a, b, order, o) :
		      xp_rmw(kind, p, size, a, b, order, &o->site);
	xp_stood();
	return v;
}

XP_ASIDE void xp_asked_fence(enum kick_fence fence, struct xp_ordered *o)
{
	xp_stand();
	if (o->look)
		xp_weak_fence(fence, o);
	else
		xp_fence(fence, &o->site);
	xp_stood();
}

static inline XP_NOT_SHOWN bool xp_is_asked(const struct xp_ordered *o)
{
	return __builtin_expect(o->look | xp_stands, false);
}

static inline XP_NOT_SHOWN uint64_t xp_ordered_load(void *p, unsigned int size, enum kick_order order,
						    struct xp_ordered *o)
{
	return xp_is_asked(o) ? xp_asked_load(p, size, order, o) : xp_load(p, size, order, &o->site);
}

static inline XP_NOT_SHOWN void xp_ordered_store(void *p, unsigned int size, uint64_t v,
						 enum kick_order order, struct xp_ordered *o)
{
	if (xp_is_asked(o))
		xp_asked_store(p, size, v, order, o);
	else
		xp_store(p, size, v, order, &o->site);
}

static inline XP_NOT_SHOWN uint64_t xp_ordered_rmw(enum xp_kind kind, void *p, unsigned int size, uint64_t a,
						   uint64_t b, enum kick_order order, struct xp_ordered *o)
{
	return xp_is_asked(o) ? xp_asked_rmw(kind, p, size, a, b, order, o) :
				xp_rmw(kind, p, size, a, b, order, &o->site);
}

static inline XP_NOT_SHOWN void xp_ordered_fence(enum kick_fence fence, struct xp_ordered *o)
{
	if (xp_is_asked(o))
		xp_asked_fence(fence, o);
	else
		xp_fence(fence, &o->site);
}

#undef kick_op_bit
#define kick_op_bit(nr) xp_bit((unsigned long)(nr))
#define kick_op_load(p, order, say)                                                                \
	XP_VALUE(p, xp_ordered_load(p, sizeof(*(p)), order, XP_ORDERED(say)))
#define kick_op_store(p, v, order, say)                                                            \
	xp_ordered_store(p, sizeof(*(p)), XP_BITS(p, v), order, XP_ORDERED(say))
#define kick_xp_rmw(kind, p, a, b, order, say)                                                     \
	xp_ordered_rmw(kind, p, sizeof(*(p)), XP_BITS(p, a), XP_BITS(p, b), order, XP_ORDERED(say))
#define kick_op_xchg(p, v, order, say) XP_VALUE(p, kick_xp_rmw(XP_XCHG, p, v, 0, order, say))
#define kick_op_cmpxchg(p, o, n, order, say) XP_VALUE(p, kick_xp_rmw(XP_CMPXCHG, p, o, n, order, say))
#define kick_op_fetch_or(p, v, order, say) XP_VALUE(p, kick_xp_rmw(XP_FETCH_OR, p, v, 0, order, say))
#define kick_op_fetch_and(p, v, order, say) XP_VALUE(p, kick_xp_rmw(XP_FETCH_AND, p, v, 0, order, say))
#define kick_op_fetch_add(p, v, order, say) XP_VALUE(p, kick_xp_rmw(XP_FETCH_ADD, p, v, 0, order, say))
#define kick_op_add(p, v, order, say) ((void)kick_xp_rmw(XP_ADD, p, v, 0, order, say))
/* Where stores are buffered this is an exchange, as compilers make it of one on x86. */
#define kick_op_store_seq_cst(p, v, say)                                                           \
	(xp_buffers() ? (void)kick_xp_rmw(XP_XCHG, p, v, 0, KICK_SEQ_CST, say)                     \
		      : kick_op_store(p, v, KICK_SEQ_CST, say))
#define kick_op_or(p, v, order, say) ((void)kick_xp_rmw(XP_OR, p, v, 0, order, say))
#define kick_op_and(p, v, order, say) ((void)kick_xp_rmw(XP_AND, p, v, 0, order, say))
#define kick_op_fence(fence, say) xp_ordered_fence(fence, XP_ORDERED(say))
#define XP_PEEK "the judge looks at " /* what is said of such a load begins so */
/* For judges: no operation, unless the vCPU's own thread looks at itself. */
#define kick_op_peek(p)                                                                            \
	(xp_peeks() ? XP_VALUE(p, xp_load(p, sizeof(*(p)), KICK_RELAXED, XP_SITE(XP_PEEK #p))) \
		    : *(p))

/* The machine, for world_explore.h and the template. */
void xp_lock(int *lock, const struct xp_site *site);
/* A backend's: who unlocks what it has not got violates the contract. */
void xp_lock_own(int *lock, const struct xp_site *site);
bool xp_trylock_own(int *lock, const struct xp_site *site);
void xp_unlock_own(int *lock, const struct xp_site *site);
void xp_sleep(int *state, const struct xp_site *site);
void xp_irq(bool off, const struct xp_site *site);
void xp_set_offline(int cpu, bool offline); /* for the books: cpu_online() is a word of the program */
extern const struct xp_site xp_site_turn; /* of the lock that a vCPU without a pCPU waits for */
void xp_ipi(int cpu, const struct xp_site *site);
int xp_call(int cpu, const struct xp_site *site); /* -> ticket for xp_ack() */
/* threads.c: of the thread whose place is that pCPU */
void xp_signal(int cpu, const struct xp_site *site);
bool xp_poll(bool take, const struct xp_site *site); /* at one's own: does one pend?  Then it is taken */
void xp_taken(int cpu, const struct xp_site *site);
void xp_idle(void); /* until a signal pends */
extern const struct xp_site xp_site_idle;
bool xp_nap(int cpu, bool by_signal, const struct xp_site *site); /* false: only a signal ended it */
void xp_wake(int cpu, const struct xp_site *site);
bool xp_trylock(int *lock, const struct xp_site *site);
void xp_kernel_entry(const struct xp_site *site); /* a full barrier where a locked instruction is one */
void xp_ack(int cpu, int ticket, const struct xp_site *site);
void xp_guest_wait(int vcpu);
void xp_record(int vcpu, int value); /* stint number, 0: out of guest mode */
int xp_look(int vcpu);
void xp_step(const struct xp_site *site);

#endif
