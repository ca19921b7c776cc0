// SPDX-License-Identifier: GPL-2.0-or-later
/* The search of contract_ops.h: simple before fast. */
#undef _FORTIFY_SOURCE /* its longjmp() wants one stack */
#include "contract_ops.h"

#include <assert.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>

enum { STACK = 64 * 1024, STORES = 8, DEPTH = 400 };
enum until { UNTIL_READY, UNTIL_DRAINED, UNTIL_IPI, UNTIL_AWAKE, UNTIL_UNLOCKED, UNTIL_NEVER };

/* swapcontext() makes a system call each time, which would be most of the search; ASan knows no longjmp() to
 * another stack. */
#if defined(__SANITIZE_ADDRESS__)
typedef ucontext_t place[1];

static void go(place from, place to)
{
	swapcontext(from, to);
}
#else
typedef jmp_buf place;

static void go(place from, place to)
{
	if (!_setjmp(from))
		_longjmp(to, 1);
}
#endif

struct store {
	void *p;
	size_t size;
	uint64_t v;
};

struct thread {
	place begin, at; /* at: where it goes on */
	enum until until;
	int *word; /* of UNTIL_AWAKE, UNTIL_UNLOCKED */
	int cpu;
	uint64_t history;
	struct store buffer[STORES];
	int stores;
};

static struct thread threads[CT_THREADS];
static char stacks[CT_THREADS][STACK] __attribute__((aligned(64)));
static place scheduler;
static struct ct_run *run;
static int n_threads, self;
static bool irq_off[CT_CPUS];
static int ipis[CT_CPUS];
static char start[CT_WORLD];

/* Which agent each step took, and how many there were; agent n_threads + t drains thread t's buffer. */
static struct {
	int taken, n;
} path[DEPTH];
static int depth, length;
static uint64_t *seen;
static size_t seen_mask;

static uint64_t mix(uint64_t h, uint64_t v)
{
	h = (h ^ v) * 0x9e3779b97f4a7c15u;
	return h ^ h >> 29;
}

int ct_self(void)
{
	return self;
}

int ct_cpu(void)
{
	return threads[self].cpu;
}

uint64_t ct_note(uint64_t value)
{
	/* A pointer into the world differs between runs of the program, not within one. */
	threads[self].history = mix(threads[self].history, value + 1);
	return value;
}

static void point(enum until until, int *word)
{
	threads[self].until = until;
	threads[self].word = word;
	if (run)
		go(threads[self].at, scheduler);
	ct_note(until);
}

void ct_migrate(int cpu)
{
	threads[self].cpu = cpu;
}

void ct_guest_wait(void)
{
	point(UNTIL_IPI, NULL);
}

/* A buffered store does not pass an IPI; a host with interrupts on takes it at once, as noise. */
void ct_ipi(int cpu)
{
	point(UNTIL_DRAINED, NULL);
	assert(cpu >= 0 && cpu < CT_CPUS);
	if (irq_off[cpu])
		ipis[cpu]++;
}

void ct_irq(bool off)
{
	point(UNTIL_READY, NULL);
	irq_off[ct_cpu()] = off;
	if (!off)
		ipis[ct_cpu()] = 0;
}

void ct_sleep(int *state)
{
	point(UNTIL_AWAKE, state);
}

void ct_lock(int *lock)
{
	point(UNTIL_UNLOCKED, lock);
	*lock = 1;
}

void ct_unlock(int *lock)
{
	ct_store(lock, sizeof(*lock), 0);
}

void ct_fence(enum kick_fence fence)
{
	if (fence == KICK_MB)
		point(UNTIL_DRAINED, NULL);
}

void ct_rmw(void *p, size_t size)
{
	(void)p, (void)size;
	point(UNTIL_DRAINED, NULL);
}

uint64_t ct_load(void *p, size_t size)
{
	struct thread *t = &threads[self];
	uint64_t v = 0;
	int i;

	point(UNTIL_READY, NULL);
	memcpy(&v, p, size);
	for (i = 0; i < t->stores; i++)
		if (t->buffer[i].p == p)
			v = t->buffer[i].v;
	return ct_note(v);
}

void ct_store(void *p, size_t size, uint64_t v)
{
	struct thread *t = &threads[self];

	point(UNTIL_READY, NULL);
	if (run && run->store_buffer) {
		assert(t->stores < STORES);
		t->buffer[t->stores++] = (struct store){ p, size, v };
	} else {
		memcpy(p, &v, size);
	}
}

static void drain(struct thread *t)
{
	memcpy(t->buffer[0].p, &t->buffer[0].v, t->buffer[0].size);
	t->stores--;
	memmove(t->buffer, t->buffer + 1, t->stores * sizeof(t->buffer[0]));
}

static bool enabled(int agent)
{
	struct thread *t = &threads[agent % n_threads];

	if (agent >= n_threads)
		return t->stores;
	switch (t->until) {
	case UNTIL_READY:
		return true;
	case UNTIL_DRAINED:
		return !t->stores;
	case UNTIL_IPI:
		return ipis[t->cpu];
	case UNTIL_AWAKE:
		return !*t->word;
	case UNTIL_UNLOCKED:
		return !t->stores && !*t->word;
	default:
		return false;
	}
}

static uint64_t state_hash(void)
{
	const unsigned char *world = run->backend->world;
	uint64_t h = 0;
	size_t i, j;

	for (i = 0; i < run->backend->size; i++)
		h = mix(h, world[i]);
	for (i = 0; i < CT_CPUS; i++)
		h = mix(h, ipis[i] * 2 + irq_off[i]);
	for (i = 0; i < (size_t)n_threads; i++) {
		h = mix(h, threads[i].history);
		for (j = 0; j < (size_t)threads[i].stores; j++)
			h = mix(mix(h, (uintptr_t)threads[i].buffer[j].p), threads[i].buffer[j].v);
	}
	return h | 1;
}

static bool seen_before(uint64_t h)
{
	size_t i = h & seen_mask;

	for (; seen[i]; i = (i + 1) & seen_mask)
		if (seen[i] == h)
			return true;
	assert(run->states < seen_mask / 2);
	seen[i] = h;
	run->states++;
	return false;
}

static void entry(void)
{
#if !defined(__SANITIZE_ADDRESS__)
	_setjmp(threads[self].begin); /* whoever comes here again has left all that lay above */
#endif
	if (self == CT_VCPU)
		run->backend->vcpu(run->migrations);
	else
		run->backend->kicker();
	point(UNTIL_NEVER, NULL);
}

static void resume(int agent)
{
	self = agent % n_threads;
	if (agent >= n_threads)
		drain(&threads[self]);
	else
		go(scheduler, threads[self].at);
}

static void enter(int thread)
{
	static ucontext_t context[CT_THREADS]; /* getcontext() may return twice */

	self = thread;
#if !defined(__SANITIZE_ADDRESS__)
	if (context[thread].uc_stack.ss_sp) {
		go(scheduler, threads[thread].begin);
		return;
	}
#endif
	getcontext(&context[thread]);
	context[thread].uc_stack.ss_sp = stacks[thread];
	context[thread].uc_stack.ss_size = STACK;
	makecontext(&context[thread], entry, 0);
#if defined(__SANITIZE_ADDRESS__)
	go(scheduler, &context[thread]);
#else
	if (!_setjmp(scheduler))
		setcontext(&context[thread]);
#endif
}

static void restart(void)
{
	memcpy(run->backend->world, start, run->backend->size);
	memset(irq_off, 0, sizeof(irq_off));
	memset(ipis, 0, sizeof(ipis));
	for (int i = 0; i < n_threads; i++) {
		threads[i].stores = 0;
		threads[i].history = 0;
		threads[i].cpu = i ? 1 + i : 0;
		enter(i);
	}
}

/* Nothing can happen any more: the vCPU waits in guest mode, since it never ends. */
static void judge(void)
{
	run->ends++;
	run->lost += run->backend->pending();
	run->poisoned += run->backend->claimed();
}

/* Replays the path and goes on from its end to a state that is known, or to an end. */
static void walk(void)
{
	int agents[2 * CT_THREADS], n, i;

	restart();
	for (depth = 0;; depth++) {
		assert(depth < DEPTH);
		for (i = n = 0; i < 2 * n_threads; i++)
			if (enabled(i))
				agents[n++] = i;
		if (depth == length) {
			if (seen_before(state_hash()))
				return;
			if (!n) {
				judge();
				return;
			}
			path[length].taken = 0;
			path[length++].n = n;
		}
		resume(agents[path[depth].taken]);
	}
}

void ct_explore(struct ct_run *r)
{
	int i;

	seen_mask = (1u << 22) - 1;
	seen = calloc(seen_mask + 1, sizeof(*seen));
	assert(seen && r->backend->size <= CT_WORLD && r->kickers < CT_THREADS);
	run = NULL;
	for (i = 0; i < CT_THREADS; i++)
		threads[i].cpu = i ? 1 + i : 0;
	self = CT_VCPU;
	memset(r->backend->world, 0, r->backend->size);
	r->backend->init();
	memcpy(start, r->backend->world, r->backend->size);
	run = r;
	n_threads = 1 + r->kickers;
	length = 0;
	do {
		walk();
		if (r->stop_when_lost && r->lost)
			break;
		while (length && ++path[length - 1].taken == path[length - 1].n)
			length--;
	} while (length);
	free(seen);
}
