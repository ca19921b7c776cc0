/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tokens of a litmus test; comments in C's ways and in herd7's are none. */
#ifndef EXPLORE_LITMUS_LEX_H
#define EXPLORE_LITMUS_LEX_H

#include <stdbool.h>
#include <stddef.h>

enum lt_sort { LT_END, LT_WORD_TOKEN, LT_DIGITS, LT_SIGN, LT_QUOTED };

struct lt_token {
	enum lt_sort sort;
	const char *at;
	size_t n;
	int line;
};

struct lt_lexer {
	const char *at;
	int line;
	bool in_body;	       /* of a thread, where "(*" is no comment: READ_ONCE(*x) */
	struct lt_token token; /* the next one */
	const char *end;       /* of the one before it */
};

void xp_lt_lex(struct lt_lexer *lexer, const char *text);
void xp_lt_advance(struct lt_lexer *lexer);
bool xp_lt_is(const struct lt_token *token, const char *text);

#endif
