/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A litmus test as others write them: herd7's form in C, with the kernel's words or with C11's.  Threads
 * have registers of their own; words are shared; a condition is about what both hold at the end.
 */
#ifndef EXPLORE_LITMUS_TEST_H
#define EXPLORE_LITMUS_TEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "explore/engine/op.h"

enum {
	LT_THREADS = 8,
	LT_WORDS = 64,
	LT_REGS = 48,
	LT_SHOWN = 64,
	LT_NAME = 48,
	LT_ADDRESS_OF = 0x40000000, /* the address of word i is this number + i */
};

enum lt_kind {
	LT_NOTHING,
	LT_NUMBER,
	LT_REG,
	LT_UNARY,  /* - ! ~ of a */
	LT_BINARY, /* of a and b */
	LT_CHOOSE, /* a ? b : c */
	LT_LOAD,   /* from address a */
	LT_STORE,  /* to a: b */
	LT_STORE_MB,
	LT_RMW,	   /* of a with b; cmpxchg: b is expected, c is new */
	LT_FENCE,
	LT_AFTER_LOCK, /* a full barrier behind spin_lock(), and nothing elsewhere */
	LT_LOCK,
	LT_UNLOCK,
	LT_TRYLOCK,
	LT_LOOK,    /* is it locked? */
	LT_REFUSED, /* a word that no model here has */
};

/* What a read-modify-write tells its thread. */
enum lt_tells { LT_OLD, LT_NEW, LT_IS_ZERO, LT_IS_NEGATIVE, LT_SUCCEEDS, LT_TELLS_NOTHING };

enum lt_operator {
	LT_ADD, LT_SUB, LT_MUL, LT_DIV, LT_MOD, LT_AND, LT_OR, LT_XOR, LT_SHL, LT_SHR,
	LT_EQ, LT_NE, LT_LT, LT_GT, LT_LE, LT_GE, LT_BOTH, LT_EITHER,
};

struct lt_expr {
	enum lt_kind kind;
	int sign;	/* of LT_UNARY: the character; of LT_BINARY: enum lt_operator */
	int64_t number; /* of LT_REG, and where LT_SUCCEEDS: the register */
	struct lt_expr *a, *b, *c;
	enum kick_order order, fails; /* fails: of a cmpxchg that does */
	unsigned int fences; /* of LT_FENCE: bits 1 << enum kick_fence */
	enum xp_kind op;
	enum lt_tells tells;
	struct xp_site site;
};

/* reg = expr; or expr alone; or a branch on it. */
struct lt_stmt {
	struct lt_stmt *next;
	struct lt_expr *expr;
	int reg; /* -1: none */
	bool branch;
	struct lt_stmt *then, *otherwise;
};

struct lt_thread {
	char reg[LT_REGS][LT_NAME];
	int64_t start[LT_REGS];
	int n_regs;
	struct lt_stmt *body;
};

struct lt_word {
	char name[LT_NAME];
	int64_t start;
	bool looked_at; /* a lock that somebody looks at: then it is a word as others */
};

/* A register of a thread, or a word. */
struct lt_place {
	int thread; /* -1: a word */
	int index;
};

enum lt_logic { LT_TRUE, LT_IS, LT_NOT, LT_ALL_OF, LT_ONE_OF };
struct lt_condition {
	enum lt_logic logic;
	struct lt_place place;
	int64_t value;
	struct lt_condition *a, *b;
};

enum lt_quantifier { LT_EXISTS, LT_NEVER, LT_FORALL };

struct lt_chunk;
struct lt_test {
	char name[128];
	char file[128];   /* without folders */
	char result[16];  /* what its comment says that LKMM says: Never, Sometimes, Always; or "" */
	char refused[96]; /* why no model here can run it, or "" */
	bool c11;
	struct lt_word word[LT_WORDS];
	int n_words;
	struct lt_thread thread[LT_THREADS];
	int n_threads;
	enum lt_quantifier quantifier;
	struct lt_condition *condition, *filter; /* filter: NULL, or of the executions that count */
	const char *condition_text;
	struct lt_place shown[LT_SHOWN]; /* what a state is made of */
	int n_shown;
	struct lt_chunk *chunks;
};

/* Zeroed, and freed with the test; NULL: no memory. */
void *xp_lt_alloc(struct lt_test *test, size_t size);
void xp_lt_free(struct lt_test *test);

#endif
