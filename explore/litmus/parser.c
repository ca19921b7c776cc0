// SPDX-License-Identifier: GPL-2.0-or-later
#include "explore/litmus/parser.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEEPEST = 48 /* a fiber evaluates it on its small stack */ };

void xp_lt_wrong(struct lt_parser *p, const char *fmt, ...)
{
	va_list args;

	if (*p->wrong)
		return;
	va_start(args, fmt);
	vsnprintf(p->wrong, sizeof(p->wrong), fmt, args);
	va_end(args);
	p->line = p->lexer.token.line;
	p->lexer.at += strlen(p->lexer.at);
	p->lexer.token.sort = LT_END;
}

bool xp_lt_next_is(const struct lt_parser *p, const char *text)
{
	return xp_lt_is(&p->lexer.token, text);
}

bool xp_lt_accept(struct lt_parser *p, const char *text)
{
	if (!xp_lt_next_is(p, text))
		return false;
	xp_lt_advance(&p->lexer);
	return true;
}

void xp_lt_expect(struct lt_parser *p, const char *text)
{
	const struct lt_token *t = &p->lexer.token;

	if (xp_lt_accept(p, text))
		return;
	if (t->sort == LT_END)
		xp_lt_wrong(p, "it ends where '%s' is expected", text);
	else
		xp_lt_wrong(p, "'%.*s' where '%s' is expected", (int)(t->n < 32 ? t->n : 32), t->at, text);
}

bool xp_lt_accept_name(struct lt_parser *p, char name[LT_NAME])
{
	const struct lt_token *t = &p->lexer.token;

	if (t->sort != LT_WORD_TOKEN)
		return false;
	if (t->n >= LT_NAME) {
		xp_lt_wrong(p, "a name has more than %d characters", LT_NAME - 1);
		return false;
	}
	memcpy(name, t->at, t->n);
	name[t->n] = 0;
	xp_lt_advance(&p->lexer);
	return true;
}

int64_t xp_lt_number(struct lt_parser *p)
{
	bool inside = xp_lt_accept(p, "("), minus = xp_lt_accept(p, "-");
	const struct lt_token *t = &p->lexer.token;
	long long v = 0;
	char *end;

	if (t->sort == LT_DIGITS)
		v = strtoll(t->at, &end, 0);
	if (t->sort != LT_DIGITS || end != t->at + t->n || v > INT32_MAX)
		xp_lt_wrong(p, "'%.*s' where a number of 32 bits is expected", (int)(t->n < 32 ? t->n : 32),
			    t->at);
	xp_lt_advance(&p->lexer);
	if (inside)
		xp_lt_expect(p, ")");
	return minus ? -v : v;
}

int xp_lt_word(struct lt_parser *p, const char *name)
{
	struct lt_test *test = p->test;
	int i;

	for (i = 0; i < test->n_words; i++)
		if (!strcmp(test->word[i].name, name))
			return i;
	if (i == LT_WORDS) {
		xp_lt_wrong(p, "more than %d words are shared", LT_WORDS);
		return -1;
	}
	snprintf(test->word[i].name, LT_NAME, "%s", name);
	test->n_words++;
	return i;
}

int xp_lt_find_reg(const struct lt_thread *thread, const char *name)
{
	for (int i = 0; i < thread->n_regs; i++)
		if (!strcmp(thread->reg[i], name))
			return i;
	return -1;
}

int xp_lt_new_reg(struct lt_parser *p, struct lt_thread *thread, const char *name)
{
	int i = xp_lt_find_reg(thread, name);

	if (i >= 0)
		return i;
	if (thread->n_regs == LT_REGS) {
		xp_lt_wrong(p, "a thread has more than %d registers", LT_REGS);
		return 0;
	}
	snprintf(thread->reg[thread->n_regs], LT_NAME, "%s", name);
	return thread->n_regs++;
}

void *xp_lt_new(struct lt_parser *p, size_t size)
{
	void *new = xp_lt_alloc(p->test, size);

	if (!new)
		xp_lt_wrong(p, "out of memory");
	return new;
}

bool xp_lt_deeper(struct lt_parser *p)
{
	if (++p->depth > DEEPEST)
		xp_lt_wrong(p, "more than %d things are nested", DEEPEST);
	return !*p->wrong;
}
