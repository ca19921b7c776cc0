/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The smallest judge that owns every value: a depth-first search over the interleavings of a kick
 * protocol, with or without a store buffer.  It shares nothing with explore/, and is kept as a second
 * opinion on it and on the contract: whoever breaks include/ for such a judge breaks this first.
 *
 * A state is known by its memory and by what each thread has read so far, and is left when it was
 * seen before; every path is replayed from the start.
 */
#ifndef TESTS_CONTRACT_OPS_H
#define TESTS_CONTRACT_OPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kick_words.h"

enum { CT_VCPU, CT_KICKERS, CT_THREADS = 4, CT_CPUS = 6, CT_WORLD = 4096 };

/* One backend, as tests/impl/contract_tmpl.c compiles it. */
struct ct_backend {
	const char *name;
	void *world; /* all its state, CT_WORLD bytes at most */
	size_t size;
	void (*init)(void);
	void (*vcpu)(int migrations);
	void (*kicker)(void);
	bool (*pending)(void); /* is a request pending? */
	bool (*claimed)(void);
};

struct ct_run {
	const struct ct_backend *backend;
	int kickers;
	int migrations;
	bool store_buffer;
	bool stop_when_lost;
	/* results */
	unsigned long states;
	unsigned long ends;
	unsigned long lost;
	unsigned long poisoned;
};

void ct_explore(struct ct_run *run);

/* For the template: thread number, pCPU of this thread, and the operations. */
int ct_self(void);
int ct_cpu(void);
void ct_migrate(int cpu);
void ct_guest_wait(void);
void ct_ipi(int cpu);
void ct_irq(bool off);
void ct_sleep(int *state);
void ct_lock(int *lock);
void ct_unlock(int *lock);
void ct_fence(enum kick_fence fence);
uint64_t ct_load(void *p, size_t size);
void ct_store(void *p, size_t size, uint64_t v);
/* Read-modify-write: the buffer is drained, and the value may be looked at and changed at will. */
void ct_rmw(void *p, size_t size);
uint64_t ct_note(uint64_t value); /* this thread has read value */

#define kick_op_load(p, order, say) ((__typeof__(*(p)))(uintptr_t)ct_load(p, sizeof(*(p))))
#define kick_op_store(p, v, order, say)                                                            \
	({                                                                                         \
		__typeof__(*(p)) value_ = (v);                                                     \
		ct_store(p, sizeof(*(p)), (uintptr_t)value_);                                      \
	})
#define kick_ct_rmw(p, expression)                                                                 \
	({                                                                                         \
		__typeof__(*(p)) found_;                                                           \
		ct_rmw(p, sizeof(*(p)));                                                           \
		found_ = *(p);                                                                     \
		*(p) = (expression);                                                               \
		ct_note((uintptr_t)found_);                                                        \
		found_;                                                                            \
	})
#define kick_op_xchg(p, v, order, say) kick_ct_rmw(p, v)
#define kick_op_cmpxchg(p, o, n, order, say) kick_ct_rmw(p, found_ == (o) ? (n) : found_)
#define kick_op_fetch_or(p, v, order, say) kick_ct_rmw(p, found_ | (v))
#define kick_op_fetch_and(p, v, order, say) kick_ct_rmw(p, found_ &(v))
#define kick_op_store_seq_cst(p, v, say) ((void)kick_ct_rmw(p, v))
#define kick_op_fetch_add(p, v, order, say) kick_ct_rmw(p, found_ + (v))
#define kick_op_add(p, v, order, say) ((void)kick_ct_rmw(p, found_ + (v)))
#define kick_op_or(p, v, order, say) ((void)kick_ct_rmw(p, found_ | (v)))
#define kick_op_and(p, v, order, say) ((void)kick_ct_rmw(p, found_ &(v)))
#define kick_op_fence(fence, say) ct_fence(fence)
#define kick_op_peek(p) (*(p))
#define barrier() __asm__ __volatile__("" ::: "memory")

#endif
