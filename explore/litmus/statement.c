// SPDX-License-Identifier: GPL-2.0-or-later
/* What a thread does: declarations, assignments, calls, branches.  There are no loops. */
#include "explore/litmus/statement.h"

#include <string.h>

#include "explore/litmus/expr.h"

static const char *const types[] = {
	"int", "unsigned", "long", "short", "char", "volatile", "const", "signed", "intptr_t", "uintptr_t",
	"atomic_int", "atomic_t", "atomic_long_t", "spinlock_t", "bool", "_Bool", "_Atomic", "u32", "u64",
};
static const char *const loops[] = { "while", "for", "do", "goto", "return", "switch" };

static bool one_of(const struct lt_parser *p, const char *const *names, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (xp_lt_next_is(p, names[i]))
			return true;
	return false;
}

bool xp_lt_accept_type(struct lt_parser *p)
{
	bool any = false;

	while (one_of(p, types, sizeof(types) / sizeof(types[0]))) {
		xp_lt_advance(&p->lexer);
		any = true;
	}
	return any;
}

static struct lt_stmt *new_statement(struct lt_parser *p)
{
	struct lt_stmt *s = xp_lt_new(p, sizeof(*s));

	if (s)
		s->reg = -1;
	return s;
}

static struct lt_stmt *statement(struct lt_parser *p);

static struct lt_stmt *block(struct lt_parser *p)
{
	struct lt_stmt *first = NULL, **to = &first;

	while (!xp_lt_next_is(p, "}") && p->lexer.token.sort != LT_END) {
		*to = statement(p);
		while (*to)
			to = &(*to)->next;
	}
	return first;
}

static struct lt_stmt *branch(struct lt_parser *p)
{
	struct lt_stmt *s = new_statement(p);

	if (!s || !xp_lt_deeper(p))
		return NULL;
	s->branch = true;
	xp_lt_expect(p, "(");
	s->expr = xp_lt_expression(p);
	xp_lt_expect(p, ")");
	s->then = statement(p);
	if (xp_lt_accept(p, "else"))
		s->otherwise = statement(p);
	p->depth--;
	return s;
}

/* "= expression", or nothing: then nothing is done. */
static struct lt_stmt *assign(struct lt_parser *p, int reg)
{
	struct lt_stmt *s;

	if (!xp_lt_accept(p, "="))
		return NULL;
	s = new_statement(p);
	if (s) {
		s->reg = reg;
		s->expr = xp_lt_expression(p);
	}
	return s;
}

static struct lt_stmt *declaration(struct lt_parser *p)
{
	struct lt_stmt *first = NULL, **to = &first;
	char name[LT_NAME];

	do {
		while (xp_lt_accept(p, "*"))
			;
		if (!xp_lt_accept_name(p, name)) {
			xp_lt_wrong(p, "a name is expected");
			return NULL;
		}
		*to = assign(p, xp_lt_new_reg(p, p->thread, name));
		if (*to)
			to = &(*to)->next;
	} while (xp_lt_accept(p, ","));
	xp_lt_expect(p, ";");
	return first;
}

/* *pointer = expression, unmarked. */
static struct lt_stmt *plain_store(struct lt_parser *p)
{
	const struct lt_token star = p->lexer.token;
	struct lt_expr *to = xp_lt_expression(p);
	struct lt_stmt *s = new_statement(p);

	if (!to || !s)
		return NULL;
	if (to->kind != LT_LOAD || to->order != KICK_PLAIN || to->site.say[0] != '*') {
		xp_lt_wrong(p, "line %d: nothing is done with a value", star.line);
		return NULL;
	}
	xp_lt_expect(p, "=");
	to->kind = LT_STORE;
	to->b = xp_lt_expression(p);
	s->expr = to;
	xp_lt_expect(p, ";");
	return s;
}

/* "name = ...;" or "name(...);" */
static struct lt_stmt *named(struct lt_parser *p)
{
	const struct lt_token t = p->lexer.token;
	char name[LT_NAME];
	struct lt_stmt *s;

	xp_lt_advance(&p->lexer);
	if (xp_lt_next_is(p, "(")) {
		s = new_statement(p);
		if (s)
			s->expr = xp_lt_call(p, &t);
	} else {
		if (t.n >= LT_NAME) {
			xp_lt_wrong(p, "a name has more than %d characters", LT_NAME - 1);
			return NULL;
		}
		memcpy(name, t.at, t.n);
		name[t.n] = 0;
		for (int i = 0; i < p->test->n_words; i++)
			if (xp_lt_find_reg(p->thread, name) < 0 && !strcmp(p->test->word[i].name, name))
				xp_lt_wrong(p, "'%s' is shared: assigned is '*%s'", name, name);
		s = assign(p, xp_lt_new_reg(p, p->thread, name));
		if (!s)
			xp_lt_wrong(p, "'%s' is followed by no '='", name);
	}
	xp_lt_expect(p, ";");
	return s;
}

static struct lt_stmt *statement(struct lt_parser *p)
{
	struct lt_stmt *s = NULL;

	if (xp_lt_accept(p, ";"))
		return NULL;
	if (xp_lt_accept(p, "{")) {
		s = xp_lt_deeper(p) ? block(p) : NULL;
		p->depth--;
		xp_lt_expect(p, "}");
	} else if (xp_lt_accept(p, "if")) {
		s = branch(p);
	} else if (one_of(p, loops, sizeof(loops) / sizeof(loops[0]))) {
		xp_lt_wrong(p, "'%.*s': a thread is what follows once, with branches",
			    (int)p->lexer.token.n, p->lexer.token.at);
	} else if (xp_lt_accept_type(p)) {
		s = declaration(p);
	} else if (p->lexer.token.sort == LT_WORD_TOKEN) {
		s = named(p);
	} else {
		s = plain_store(p);
	}
	return s;
}

static bool is(const struct lt_stmt *s, enum lt_kind kind)
{
	return s && s->expr && s->expr->kind == kind;
}

/* Behind a spin_lock() it is a full barrier; anywhere else it is not, and no word of ours. */
static void check_after_lock(struct lt_parser *p, const struct lt_stmt *s)
{
	const struct lt_stmt *before = NULL;

	for (; s && !*p->wrong; before = s, s = s->next) {
		if (is(s, LT_AFTER_LOCK) && !is(before, LT_LOCK))
			strcpy(p->test->refused, "smp_mb__after_spinlock() not right behind spin_lock()");
		check_after_lock(p, s->then);
		check_after_lock(p, s->otherwise);
	}
}

void xp_lt_body(struct lt_parser *p, struct lt_thread *thread)
{
	p->thread = thread;
	p->lexer.in_body = true;
	xp_lt_expect(p, "{");
	thread->body = block(p);
	p->lexer.in_body = false;
	xp_lt_expect(p, "}");
	check_after_lock(p, thread->body);
}
