/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What those that read a part of a test share: where they are in its text, and what is wrong first. */
#ifndef EXPLORE_LITMUS_PARSER_H
#define EXPLORE_LITMUS_PARSER_H

#include "explore/litmus/lex.h"
#include "explore/litmus/test.h"

struct lt_parser {
	struct lt_lexer lexer;
	struct lt_test *test;
	struct lt_thread *thread; /* the one whose body is read */
	int depth;		  /* of what is nested */
	char wrong[160];
	int line; /* of that */
};

/* After the first failure only the end of the text follows. */
void xp_lt_wrong(struct lt_parser *p, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
bool xp_lt_next_is(const struct lt_parser *p, const char *text);
bool xp_lt_accept(struct lt_parser *p, const char *text);
void xp_lt_expect(struct lt_parser *p, const char *text);
bool xp_lt_accept_name(struct lt_parser *p, char name[LT_NAME]);
/* "0x10", "-1", "(-1)". */
int64_t xp_lt_number(struct lt_parser *p);
/* The word of this name, which begins as 0 where it is new; -1: there are too many. */
int xp_lt_word(struct lt_parser *p, const char *name);
int xp_lt_find_reg(const struct lt_thread *thread, const char *name); /* -1: none */
int xp_lt_new_reg(struct lt_parser *p, struct lt_thread *thread, const char *name);
void *xp_lt_new(struct lt_parser *p, size_t size);
/* May one more thing be nested?  To be given back by depth--. */
bool xp_lt_deeper(struct lt_parser *p);

#endif
