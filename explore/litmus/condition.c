// SPDX-License-Identifier: GPL-2.0-or-later
/* What follows the threads: locations, filter, and the condition with its quantifier. */
#include "explore/litmus/condition.h"

#include <ctype.h>
#include <string.h>

/* A word that is named for the first time here holds 0, and nobody touches it. */
static int64_t value(struct lt_parser *p)
{
	char name[LT_NAME];

	xp_lt_accept(p, "&");
	if (xp_lt_accept_name(p, name))
		return LT_ADDRESS_OF + xp_lt_word(p, name);
	return xp_lt_number(p);
}

static void show(struct lt_parser *p, struct lt_place place)
{
	struct lt_test *t = p->test;

	for (int i = 0; i < t->n_shown; i++)
		if (t->shown[i].thread == place.thread && t->shown[i].index == place.index)
			return;
	if (t->n_shown == LT_SHOWN)
		xp_lt_wrong(p, "more than %d registers and words are asked about", LT_SHOWN);
	else
		t->shown[t->n_shown++] = place;
}

/* "1:r0", "x", "[x]", "*x" */
static struct lt_place place(struct lt_parser *p)
{
	struct lt_place at = { .thread = -1 };
	bool inside = xp_lt_accept(p, "[");
	char name[LT_NAME] = "";

	xp_lt_accept(p, "*");
	if (!inside && p->lexer.token.sort == LT_DIGITS) {
		at.thread = (int)xp_lt_number(p);
		xp_lt_expect(p, ":");
	}
	if (!xp_lt_accept_name(p, name))
		xp_lt_wrong(p, "a register (1:r0) or a word (x) is expected");
	if (inside)
		xp_lt_expect(p, "]");
	if (at.thread >= p->test->n_threads) {
		xp_lt_wrong(p, "there is no thread %d", at.thread);
		at.thread = -1;
	}
	at.index = at.thread < 0 ? xp_lt_word(p, name) :
				   xp_lt_find_reg(&p->test->thread[at.thread], name);
	if (at.index < 0)
		xp_lt_wrong(p, "thread %d has no register '%s'", at.thread, name);
	if (!*p->wrong)
		show(p, at);
	return at;
}

static struct lt_condition *new_condition(struct lt_parser *p, enum lt_logic logic)
{
	struct lt_condition *c = xp_lt_new(p, sizeof(*c));

	if (c)
		c->logic = logic;
	return c;
}

static struct lt_condition *negation(struct lt_parser *p, struct lt_condition *of)
{
	struct lt_condition *c = new_condition(p, LT_NOT);

	if (c)
		c->a = of;
	return of ? c : NULL;
}

static struct lt_condition *condition(struct lt_parser *p);

static struct lt_condition *atom(struct lt_parser *p)
{
	struct lt_condition *c;
	bool differs;

	if (xp_lt_accept(p, "~") || xp_lt_accept(p, "not"))
		return xp_lt_deeper(p) ? negation(p, atom(p)) : NULL;
	if (xp_lt_accept(p, "(")) {
		c = xp_lt_deeper(p) ? condition(p) : NULL;
		p->depth--;
		xp_lt_expect(p, ")");
		return c;
	}
	if (xp_lt_accept(p, "true"))
		return new_condition(p, LT_TRUE);
	if (xp_lt_accept(p, "false"))
		return negation(p, new_condition(p, LT_TRUE));
	c = new_condition(p, LT_IS);
	if (!c)
		return NULL;
	c->place = place(p);
	differs = xp_lt_accept(p, "!=");
	if (!differs && !xp_lt_accept(p, "=="))
		xp_lt_expect(p, "=");
	c->value = value(p);
	return differs ? negation(p, c) : c;
}

static struct lt_condition *join(struct lt_parser *p, enum lt_logic logic, struct lt_condition *a,
				 struct lt_condition *b)
{
	struct lt_condition *c = new_condition(p, logic);

	if (!c || !a || !b)
		return NULL;
	c->a = a;
	c->b = b;
	return c;
}

static struct lt_condition *conjunction(struct lt_parser *p)
{
	struct lt_condition *c = atom(p);

	while (c && (xp_lt_accept(p, "/\\") || xp_lt_accept(p, "&&")))
		c = join(p, LT_ALL_OF, c, atom(p));
	return c;
}

static struct lt_condition *condition(struct lt_parser *p)
{
	struct lt_condition *c = conjunction(p);

	while (c && (xp_lt_accept(p, "\\/") || xp_lt_accept(p, "||")))
		c = join(p, LT_ONE_OF, c, conjunction(p));
	return c;
}

static void locations(struct lt_parser *p)
{
	xp_lt_expect(p, "[");
	while (!xp_lt_next_is(p, "]") && p->lexer.token.sort != LT_END) {
		place(p);
		if (!xp_lt_accept(p, ";"))
			break;
	}
	xp_lt_expect(p, "]");
}

/* As the test spells it, blanks joined. */
static void keep_text(struct lt_parser *p, const char *from)
{
	char *text = xp_lt_new(p, strlen(from) + 1), *to = text;
	const char *end = p->lexer.end;

	if (!text)
		return;
	for (; from < end && *from; from++)
		if (!isspace((unsigned char)*from))
			*to++ = *from;
		else if (to > text && to[-1] != ' ')
			*to++ = ' ';
	while (to > text && to[-1] == ' ')
		to--;
	*to = 0;
	p->test->condition_text = text;
}

static void quantified(struct lt_parser *p, enum lt_quantifier quantifier)
{
	const char *from = p->lexer.token.at;

	p->test->quantifier = quantifier;
	p->test->condition = condition(p);
	keep_text(p, from);
}

/* It says which executions are looked at; what they are told apart by it does not say. */
static void filter(struct lt_parser *p)
{
	int shown = p->test->n_shown;

	p->test->filter = condition(p);
	p->test->n_shown = shown;
}

void xp_lt_ending(struct lt_parser *p)
{
	bool no;

	for (;;) {
		if (xp_lt_accept(p, "locations"))
			locations(p);
		else if (xp_lt_accept(p, "filter"))
			filter(p);
		else
			break;
	}
	no = xp_lt_accept(p, "~") || xp_lt_accept(p, "not");
	if (!no && xp_lt_accept(p, "forall"))
		quantified(p, LT_FORALL);
	else if (xp_lt_accept(p, "exists"))
		quantified(p, no ? LT_NEVER : LT_EXISTS);
	else
		xp_lt_wrong(p, "'exists', '~exists' or 'forall' is expected");
	if (!*p->wrong && p->lexer.token.sort != LT_END)
		xp_lt_wrong(p, "'%.*s' follows the condition",
			    (int)(p->lexer.token.n < 32 ? p->lexer.token.n : 32), p->lexer.token.at);
}
