// SPDX-License-Identifier: GPL-2.0-or-later
/* Expressions: C's operators over registers, addresses of words, and the calls that words.c knows. */
#include "explore/litmus/expr.h"

#include <stdio.h>
#include <string.h>

#include "explore/litmus/words.h"

/* C's binary operators, the loosest first. */
static const struct {
	const char *sign;
	int level;
	enum lt_operator what;
} operators[] = {
	{ "||", 1, LT_EITHER }, { "&&", 2, LT_BOTH }, { "|", 3, LT_OR }, { "^", 4, LT_XOR },
	{ "&", 5, LT_AND }, { "==", 6, LT_EQ }, { "!=", 6, LT_NE }, { "<", 7, LT_LT }, { ">", 7, LT_GT },
	{ "<=", 7, LT_LE }, { ">=", 7, LT_GE }, { "<<", 8, LT_SHL }, { ">>", 8, LT_SHR },
	{ "+", 9, LT_ADD }, { "-", 9, LT_SUB }, { "*", 10, LT_MUL }, { "/", 10, LT_DIV },
	{ "%", 10, LT_MOD },
};

static struct lt_expr *node(struct lt_parser *p, enum lt_kind kind)
{
	struct lt_expr *e = xp_lt_new(p, sizeof(*e));

	if (e)
		e->kind = kind;
	return e;
}

static struct lt_expr *number(struct lt_parser *p, int64_t v)
{
	struct lt_expr *e = node(p, LT_NUMBER);

	if (e)
		e->number = v;
	return e;
}

/* A register, or the address of a word: what the thread was given. */
static struct lt_expr *named(struct lt_parser *p, const char *name)
{
	int reg = xp_lt_find_reg(p->thread, name), i;
	struct lt_expr *e;

	if (reg >= 0) {
		e = node(p, LT_REG);
		if (e)
			e->number = reg;
		return e;
	}
	for (i = 0; i < p->test->n_words; i++)
		if (!strcmp(p->test->word[i].name, name))
			return number(p, LT_ADDRESS_OF + i);
	xp_lt_wrong(p, "'%s' is no register of this thread and nothing that it was given", name);
	return NULL;
}

/* The source from this place to where the parser is, for messages. */
static void locate(struct lt_parser *p, struct lt_expr *e, const char *from, int line)
{
	const char *to = p->lexer.end;
	char *say;

	if (*p->wrong)
		return;
	say = xp_lt_new(p, (size_t)(to - from) + 1);
	if (!say)
		return;
	memcpy(say, from, (size_t)(to - from));
	e->site = (struct xp_site){ say, p->test->file, line };
}

static struct lt_expr *unary(struct lt_parser *p);

/* *pointer, unmarked. */
static struct lt_expr *plain(struct lt_parser *p, const struct lt_token *star)
{
	struct lt_expr *e = node(p, LT_LOAD);

	if (!e)
		return NULL;
	e->order = KICK_PLAIN;
	e->a = unary(p);
	locate(p, e, star->at, star->line);
	return *p->wrong ? NULL : e;
}

static struct lt_expr *primary(struct lt_parser *p)
{
	const struct lt_token t = p->lexer.token;
	char name[LT_NAME];
	struct lt_expr *e;

	if (t.sort == LT_DIGITS)
		return number(p, xp_lt_number(p));
	if (xp_lt_accept(p, "(")) {
		e = xp_lt_deeper(p) ? xp_lt_expression(p) : NULL;
		p->depth--;
		xp_lt_expect(p, ")");
		return e;
	}
	if (!xp_lt_accept_name(p, name)) {
		xp_lt_wrong(p, "'%.*s' where a value is expected", (int)(t.n < 32 ? t.n : 32), t.at);
		return NULL;
	}
	return xp_lt_next_is(p, "(") ? xp_lt_call(p, &t) : named(p, name);
}

static struct lt_expr *unary(struct lt_parser *p)
{
	const struct lt_token t = p->lexer.token;
	struct lt_expr *e = NULL;

	if (xp_lt_accept(p, "&")) /* of a word: what its name says anyway */
		return primary(p);
	if (!xp_lt_next_is(p, "*") && !xp_lt_next_is(p, "!") && !xp_lt_next_is(p, "-") &&
	    !xp_lt_next_is(p, "~"))
		return primary(p);
	xp_lt_advance(&p->lexer);
	if (xp_lt_deeper(p))
		e = *t.at == '*' ? plain(p, &t) : node(p, LT_UNARY);
	if (e && e->kind == LT_UNARY) {
		e->sign = *t.at;
		e->a = unary(p);
	}
	p->depth--;
	return e;
}

static int operator_of(const struct lt_parser *p, int level)
{
	for (size_t i = 0; i < sizeof(operators) / sizeof(operators[0]); i++)
		if (operators[i].level >= level && xp_lt_next_is(p, operators[i].sign))
			return (int)i;
	return -1;
}

/* Operators that bind as tight as this, or tighter. */
static struct lt_expr *binary(struct lt_parser *p, int level)
{
	struct lt_expr *left = unary(p);
	int i;

	while (left && (i = operator_of(p, level)) >= 0) {
		struct lt_expr *e = node(p, LT_BINARY);

		xp_lt_advance(&p->lexer);
		if (!e || !xp_lt_deeper(p))
			return NULL;
		e->sign = operators[i].what;
		e->a = left;
		e->b = binary(p, operators[i].level + 1);
		p->depth--;
		left = e->b ? e : NULL;
	}
	return left;
}

struct lt_expr *xp_lt_expression(struct lt_parser *p)
{
	struct lt_expr *e = binary(p, 1), *choose;

	if (!e || !xp_lt_accept(p, "?"))
		return e;
	choose = node(p, LT_CHOOSE);
	if (!choose || !xp_lt_deeper(p))
		return NULL;
	choose->a = e;
	choose->b = xp_lt_expression(p);
	xp_lt_expect(p, ":");
	choose->c = xp_lt_expression(p);
	p->depth--;
	return choose->b && choose->c ? choose : NULL;
}

static unsigned int c11_fences(enum kick_order order)
{
	switch (order) {
	case KICK_SEQ_CST:
		return 1u << KICK_MB;
	case KICK_ACQ_REL:
		return 1u << KICK_RMB | 1u << KICK_WMB;
	case KICK_ACQUIRE:
		return 1u << KICK_RMB;
	case KICK_RELEASE:
		return 1u << KICK_WMB;
	default:
		return 0;
	}
}

static void take_order(struct lt_parser *p, struct lt_expr *e, bool first)
{
	const struct lt_token t = p->lexer.token;
	enum kick_order order;

	if (!xp_lt_order(t.at, t.n, &order)) {
		xp_lt_wrong(p, "'%.*s' where a memory_order is expected", (int)(t.n < 32 ? t.n : 32), t.at);
		return;
	}
	xp_lt_advance(&p->lexer);
	e->fails = order; /* the last one */
	if (!first)
		return;
	e->order = order;
	e->fences = c11_fences(order);
}

static void take_register(struct lt_parser *p, struct lt_expr *e)
{
	char name[LT_NAME] = "";
	int reg;

	xp_lt_expect(p, "&");
	xp_lt_accept_name(p, name);
	reg = xp_lt_find_reg(p->thread, name);
	if (reg < 0)
		xp_lt_wrong(p, "'%s' is no register of this thread", name);
	e->number = reg;
}

/* One argument, as words.c describes it; the first value is b, the next c. */
static void argument(struct lt_parser *p, struct lt_expr *e, char what)
{
	struct lt_expr **to = what == 'l' || what == 'p' ? &e->a : e->b ? &e->c : &e->b;

	switch (what) {
	case 'm':
		take_order(p, e, !e->fences && e->order == KICK_PLAIN);
		break;
	case 'r':
		take_register(p, e);
		break;
	case 'l':
		xp_lt_expect(p, "*");
		*to = unary(p);
		break;
	default:
		*to = xp_lt_expression(p);
	}
}

static void apply(struct lt_parser *p, struct lt_expr *e, const struct lt_meaning *m)
{
	struct lt_expr *minus;

	if (m->implied)
		e->b = number(p, m->implied);
	if (!m->minus)
		return;
	minus = node(p, LT_UNARY);
	if (!minus)
		return;
	minus->sign = '-';
	minus->a = e->b;
	e->b = minus;
}

struct lt_expr *xp_lt_call(struct lt_parser *p, const struct lt_token *name)
{
	struct lt_expr *e = node(p, LT_NOTHING);
	struct lt_meaning m;
	const char *what;

	if (!e || !xp_lt_deeper(p))
		return NULL;
	if (!xp_lt_meaning(p->test->c11, name->at, name->n, &m)) {
		xp_lt_wrong(p, "%.*s() is no word of %s that is known here",
			    (int)(name->n < 60 ? name->n : 60), name->at,
			    p->test->c11 ? "C11" : "the kernel");
		return NULL;
	}
	e->kind = m.kind;
	e->order = m.order;
	e->op = m.op;
	e->tells = m.tells;
	e->fences = m.fences;
	if (m.kind == LT_REFUSED) {
		snprintf(p->test->refused, sizeof(p->test->refused), "%s() is in no model here", m.name);
		while (!xp_lt_next_is(p, ";") && p->lexer.token.sort != LT_END)
			xp_lt_advance(&p->lexer);
		p->depth--;
		return e;
	}
	xp_lt_expect(p, "(");
	for (what = m.arguments; *what; what++) {
		argument(p, e, *what);
		if (what[1])
			xp_lt_expect(p, ",");
	}
	xp_lt_expect(p, ")");
	apply(p, e, &m);
	if ((m.kind == LT_LOOK || m.kind == LT_TRYLOCK) && e->a && e->a->kind == LT_NUMBER)
		p->test->word[e->a->number - LT_ADDRESS_OF].looked_at = true;
	locate(p, e, name->at, name->line);
	p->depth--;
	return e;
}
