// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Plain accesses.  The backends' units are compiled with the calls that a race detector wants before each
 * access (-fsanitize=thread, for these units alone and without its library): here is who answers them.
 *
 * The words of kick_words.h are touched by the models only, through pointers, so what comes here is the rest.
 * A plain byte that one agent writes and another one touches, in any executions of a cell, is refused: no
 * model delays or reorders it, and no search tries it in another order.  Fine are accesses by one fiber,
 * wherever it runs, and accesses on one pCPU, by whomever: a pCPU does one thing at a time, and who has it
 * next has seen all of it.  A signal's handler is an agent of its own, which comes in between the accesses of
 * its thread.  As long as nothing was refused, plain bytes depend on nothing but their own
 * agent's operations; so a search that tries all orders of those has met every pair of plain accesses.
 */
#include "explore/engine/state.h"

#include <string.h>

enum { GRANULE = 8, MOST = 48, A_WORD = 1, PLAIN = 2 };

/* Accesses to eight bytes since xp_begin(), each sort once, and how many: apart, since these begin anew. */
static struct touch {
	const void *pc;
	uint8_t bytes; /* a bit for each */
	uint8_t agent, cpu; /* a fiber, or XP_FIBERS more: its handler */
	bool write;
} touches[XP_ARENA / GRANULE][MOST];
static uint8_t n_touches[XP_ARENA / GRANULE];

/* The bytes of each granule that an agent on a pCPU has read, and written: what is known is soon told. */
static uint8_t seen[2 * XP_FIBERS][XP_PCPUS][2][XP_ARENA / GRANULE];

/* By slot. */
static uint8_t sort[XP_ARENA / 4 + 1];

void xp_shared_begin(void)
{
	memset(n_touches, 0, sizeof(n_touches));
	memset(seen, 0, sizeof(seen));
	memset(sort, 0, sizeof(sort));
	memset(xp.word, 0, sizeof(xp.word));
}

static uint8_t agent_now(void)
{
	return xp.current + (xp.fiber[xp.current].handler ? XP_FIBERS : 0);
}

static void refuse(enum xp_refused what, size_t offset, const struct touch *now, const struct touch *before)
{
	xp_refuse(&(struct xp_refusal){ .what = what, .offset = offset, .fiber = now->agent,
					.write = now->write, .other = before->agent,
					.other_write = before->write, .pc = now->pc });
}

static bool clash(const struct touch *a, const struct touch *b)
{
	bool interrupts = (a->agent ^ b->agent) == XP_FIBERS;

	return a->bytes & b->bytes && (a->write || b->write) && a->agent != b->agent &&
	       (interrupts || a->cpu != b->cpu);
}

/* A new sort of access to bytes of one granule. */
static void add(size_t i, const struct touch *now)
{
	const struct touch *t;
	size_t slot;

	for (slot = 2 * i; slot < 2 * i + 2; slot++) {
		if (!(now->bytes >> 4 * (slot % 2) & 0xf))
			continue;
		sort[slot] |= PLAIN;
		xp.word[slot] = 0;
		if (sort[slot] & A_WORD)
			refuse(XP_REFUSED_WORD, 4 * slot, now, now);
	}
	for (t = touches[i]; t < touches[i] + n_touches[i]; t++)
		if (clash(t, now))
			refuse(XP_REFUSED_SHARED, i * GRANULE + __builtin_ctz(t->bytes & now->bytes), now, t);
	if (n_touches[i] == MOST)
		xp_fail("%s touches one word plainly in more than %d ways", xp.program->name, MOST);
	else
		touches[i][n_touches[i]++] = *now;
	seen[now->agent][now->cpu][false][i] |= now->bytes;
	seen[now->agent][now->cpu][true][i] |= now->write ? now->bytes : 0;
}

static inline uint8_t bytes_of(size_t from, size_t n)
{
	return ((1u << n) - 1) << from;
}

static inline bool known(size_t i, uint8_t bytes, bool write)
{
	return !(bytes & ~seen[agent_now()][xp.fiber[xp.current].cpu][write][i]);
}

static __attribute__((noinline)) void touch(size_t offset, size_t n, bool write, const void *pc)
{
	struct touch now = { .pc = pc, .agent = agent_now(), .cpu = xp.fiber[xp.current].cpu,
			     .write = write };
	size_t i, end = offset + n;

	if (xp.setup || xp.looking)
		return;
	for (i = offset / GRANULE; i <= (end - 1) / GRANULE && i < XP_ARENA / GRANULE; i++) {
		size_t from = i * GRANULE > offset ? i * GRANULE : offset;
		size_t to = (i + 1) * GRANULE < end ? (i + 1) * GRANULE : end;

		now.bytes = bytes_of(from % GRANULE, to - from);
		if (!known(i, now.bytes, write))
			add(i, &now);
	}
}

/* Two words of which one is a part of the other: no model says what a store to the one is to the other. */
static void overlaps(int slot, unsigned int size)
{
	const struct touch now = { .agent = agent_now() };
	bool inner = size == 4 && slot && xp.word[slot - 1] == 8;

	if (inner || (xp.word[slot] && xp.word[slot] != size) || (size == 8 && xp.word[slot + 1]))
		refuse(XP_REFUSED_OVERLAP, 4 * (size_t)(slot - inner), &now, &now);
}

void xp_shared_word(int slot, unsigned int size)
{
	overlaps(slot, size);
	if (xp.word[slot])
		return;
	xp.word[slot] = size;
	for (int s = slot; s < slot + (int)size / 4 && s < XP_ARENA / 4; s++) {
		struct touch now = { .agent = agent_now() };
		const struct touch *t = touches[s / 2];

		sort[s] |= A_WORD;
		if (!(sort[s] & PLAIN))
			continue;
		for (; t < touches[s / 2] + n_touches[s / 2]; t++)
			if (t->bytes >> 4 * (s % 2) & 0xf)
				now = *t;
		refuse(XP_REFUSED_WORD, 4 * (size_t)s, &now, &now);
	}
}

static inline bool within(const void *p, size_t n, const void *at, size_t size)
{
	size_t offset = (size_t)((const char *)p - (const char *)at);

	return offset < size && n <= size - offset;
}

/* A local of another thread's, that a pointer leads to: no part of what is shared, and no word. */
static __attribute__((noinline)) void elsewhere(const void *p, bool write, const void *pc)
{
	struct xp_refusal r = { .what = XP_REFUSED_LOCAL, .fiber = agent_now(), .write = write, .pc = pc };

	for (int i = 0; i < xp.n_fibers && !xp.setup && !xp.looking; i++) {
		r.other = i;
		if (i != r.fiber && within(p, 1, xp.fiber[i].fiber.stack, XP_STACK))
			xp_refuse(&r);
	}
}

/* Of the backend's locals and the books of its template.  Others are not written: it could be the engine. */
static __attribute__((noinline)) void outside(const void *p, size_t n, const void *pc)
{
	struct touch now = { .pc = pc, .agent = agent_now(), .write = true };
	static struct xp_context abandoned;
	int i;

	for (i = 0; i < XP_BOOKS; i++)
		if (within(p, n, xp.program->books[i].at, xp.program->books[i].size))
			return;
	refuse(XP_REFUSED_OUTSIDE, 0, &now, &now);
	if (!xp.inside)
		return;
	xp.end = XP_ERROR;
	xp_fiber_switch(&abandoned, &xp.main);
}

static inline bool is_local(const void *p, size_t n)
{
	const struct xp_fiber *f = &xp.fiber[xp.current];

	return within(p, n, f->fiber.stack, XP_STACK) && (!f->handler || p < f->handler);
}

/* What it keeps outside of its stack: a turn that counts there is none that did nothing (pause.c). */
static inline void keeps(void)
{
	xp.fiber[xp.current].lap = (struct xp_lap){ .depth = -1, .slot = -1 };
}

static inline void access(const volatile void *where, size_t n, bool write, const void *pc)
{
	const void *p = (const void *)where;
	size_t offset = (const char *)p - (const char *)xp.program->arena;

	if (offset < xp.program->plain && n && offset % GRANULE + n <= GRANULE) {
		if (write)
			keeps();
		if (write && xp.looking)
			outside(p, n, pc);
		if (!known(offset / GRANULE, bytes_of(offset % GRANULE, n), write))
			touch(offset, n, write, pc);
		return;
	}
	if (n && !within(p, n, xp.program->arena, xp.program->size) &&
	    !is_local(p, n)) {
		elsewhere(p, write, pc);
		if (write) {
			outside(p, n, pc);
			keeps();
		}
	}
	if (offset < xp.program->plain && n) {
		if (write)
			keeps();
		if (write && xp.looking)
			outside(p, n, pc);
		touch(offset, n, write, pc);
	}
}

#if defined(FIBER_TSAN) || defined(FIBER_ASAN)
/* Here the sanitizer's own library, or nobody, is called. */
const bool xp_shared_seen = false;
void xp_shared_unused(void);
void xp_shared_unused(void)
{
	access(NULL, 0, false, NULL);
}
#else
#ifdef KICK_PLAIN_SEEN
const bool xp_shared_seen = true;
#else
const bool xp_shared_seen = false;
#endif

#define HERE __builtin_return_address(0)
#define CALL(name) __tsan_##name
/* A function by the name that the compilers call. */
#define ENTRY(type, name, ...) type CALL(name)(__VA_ARGS__); type CALL(name)(__VA_ARGS__)

ENTRY(void, init, void) {}
ENTRY(void, func_entry, void *pc) { (void)pc; }
ENTRY(void, func_exit, void) {}

#define ACCESS(name, n)                                                                            \
	ENTRY(void, name##read##n, void *p) { access(p, n, false, HERE); }                         \
	ENTRY(void, name##write##n, void *p) { access(p, n, true, HERE); }
#define COMPOUND(name, n) ENTRY(void, name##read_write##n, void *p) { access(p, n, true, HERE); }
#define SIZES(X, name) X(name, 1) X(name, 2) X(name, 4) X(name, 8) X(name, 16)
SIZES(ACCESS, )
SIZES(ACCESS, volatile_)
SIZES(ACCESS, unaligned_)
SIZES(ACCESS, unaligned_volatile_)
SIZES(COMPOUND, )
SIZES(COMPOUND, unaligned_)

ENTRY(void, read_range, void *p, size_t n) { access(p, n, false, HERE); }
ENTRY(void, write_range, void *p, size_t n) { access(p, n, true, HERE); }

ENTRY(void *, memset, void *p, int c, size_t n)
{
	access(p, n, true, HERE);
	return memset(p, c, n);
}

ENTRY(void *, memcpy, void *to, const void *from, size_t n)
{
	access(from, n, false, HERE);
	access(to, n, true, HERE);
	return memcpy(to, from, n);
}

ENTRY(void *, memmove, void *to, const void *from, size_t n)
{
	access(from, n, false, HERE);
	access(to, n, true, HERE);
	return memmove(to, from, n);
}

/* Atomic operations past kick_words.h are invisible, too: as plain ones, since there is one thread. */
#define FETCH(bits, name, after)                                                                   \
	ENTRY(uint##bits##_t, atomic##bits##_fetch_##name, volatile void *p, uint##bits##_t v, int order) \
	{                                                                                          \
		volatile uint##bits##_t *word = p;                                                 \
		uint##bits##_t old = *word;                                                        \
												   \
		(void)order;                                                                       \
		access(p, bits / 8, true, HERE);                                                   \
		*word = after;                                                                     \
		return old;                                                                        \
	}
#define SWAP(bits, name)                                                                           \
	ENTRY(int, atomic##bits##_compare_exchange_##name, volatile void *p, void *expected,       \
	      uint##bits##_t v, int order, int failed)                                             \
	{                                                                                          \
		volatile uint##bits##_t *word = p;                                                 \
		uint##bits##_t old = *word, *wanted = expected;                                    \
		bool same = old == *wanted;                                                        \
												   \
		(void)order;                                                                       \
		(void)failed;                                                                      \
		access(p, bits / 8, true, HERE);                                                   \
		*(same ? word : wanted) = same ? v : old;                                          \
		return same;                                                                       \
	}
#define ATOMIC(bits)                                                                               \
	ENTRY(uint##bits##_t, atomic##bits##_load, const volatile void *p, int order)              \
	{                                                                                          \
		(void)order;                                                                       \
		access(p, bits / 8, false, HERE);                                                  \
		return *(const volatile uint##bits##_t *)p;                                        \
	}                                                                                          \
	ENTRY(void, atomic##bits##_store, volatile void *p, uint##bits##_t v, int order)           \
	{                                                                                          \
		(void)order;                                                                       \
		access(p, bits / 8, true, HERE);                                                   \
		*(volatile uint##bits##_t *)p = v;                                                 \
	}                                                                                          \
	FETCH(bits, add, old + v) FETCH(bits, sub, old - v) FETCH(bits, and, old & v)              \
	FETCH(bits, or, old | v) FETCH(bits, xor, old ^ v) FETCH(bits, nand, ~(old & v))           \
	SWAP(bits, strong) SWAP(bits, weak)                                                        \
	ENTRY(uint##bits##_t, atomic##bits##_exchange, volatile void *p, uint##bits##_t v, int order) \
	{                                                                                          \
		volatile uint##bits##_t *word = p;                                                 \
		uint##bits##_t old = *word;                                                        \
												   \
		(void)order;                                                                       \
		access(p, bits / 8, true, HERE);                                                   \
		*word = v;                                                                         \
		return old;                                                                        \
	}                                                                                          \
	ENTRY(uint##bits##_t, atomic##bits##_compare_exchange_val, volatile void *p,               \
	      uint##bits##_t expected, uint##bits##_t v, int order, int failed)                    \
	{                                                                                          \
		volatile uint##bits##_t *word = p;                                                 \
		uint##bits##_t old = *word;                                                        \
												   \
		(void)order;                                                                       \
		(void)failed;                                                                      \
		access(p, bits / 8, true, HERE);                                                   \
		if (old == expected)                                                               \
			*word = v;                                                                 \
		return old;                                                                        \
	}
ATOMIC(8)
ATOMIC(16)
ATOMIC(32)
ATOMIC(64)
ENTRY(void, atomic_thread_fence, int order) { (void)order; }
ENTRY(void, atomic_signal_fence, int order) { (void)order; }
#endif
