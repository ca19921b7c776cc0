/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EXPLORE_LITMUS_WORDS_H
#define EXPLORE_LITMUS_WORDS_H

#include "explore/litmus/test.h"

/* What a word of the text means. */
struct lt_meaning {
	const char *name;
	/* Arguments: l *x, p a pointer, v a value, r the address of a register, m a memory_order. */
	const char *arguments;
	enum lt_kind kind;
	enum kick_order order;
	enum xp_kind op;
	enum lt_tells tells;
	unsigned int fences;
	bool ordered; /* takes _relaxed, _acquire, _release */
	int implied;  /* the operand of what has none */
	bool minus;
};

/* False: not known.  The kernel's words, or C11's; `name` has n characters. */
bool xp_lt_meaning(bool c11, const char *name, size_t n, struct lt_meaning *meaning);
/* "memory_order_acquire"; false: none. */
bool xp_lt_order(const char *name, size_t n, enum kick_order *order);

#endif
