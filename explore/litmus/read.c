// SPDX-License-Identifier: GPL-2.0-or-later
/* A test out of a file: its head, what it starts with, its threads, its condition. */
#include "explore/litmus/read.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "explore/litmus/condition.h"
#include "explore/litmus/statement.h"
#include "results/error.h"

/* "C name" in the first line; what follows up to "{" is for people. */
static void head(struct lt_parser *p)
{
	char *name = p->test->name;
	const char *from;
	size_t n;

	if (!xp_lt_next_is(p, "C")) {
		xp_lt_wrong(p, "its first word is not C: tests for machines are not known here");
		return;
	}
	from = p->lexer.at + strspn(p->lexer.at, " \t");
	n = strcspn(from, " \t\r\n{");
	if (n >= sizeof(p->test->name))
		n = sizeof(p->test->name) - 1;
	memcpy(name, from, n);
	name[n] = 0;
	p->lexer.at = from + strcspn(from, "\n{");
	xp_lt_advance(&p->lexer);
	while (!xp_lt_next_is(p, "{") && p->lexer.token.sort != LT_END)
		xp_lt_advance(&p->lexer);
}

static int64_t start_value(struct lt_parser *p)
{
	char name[LT_NAME];
	int64_t v;

	xp_lt_accept(p, "&");
	if (!xp_lt_accept_name(p, name))
		return xp_lt_number(p);
	if (strcmp(name, "ATOMIC_INIT"))
		return LT_ADDRESS_OF + xp_lt_word(p, name);
	xp_lt_expect(p, "(");
	v = xp_lt_number(p);
	xp_lt_expect(p, ")");
	return v;
}

/* "x=1", "int *p = &x", "0:r0=1", "[x]=1", "spinlock_t l" */
static void start(struct lt_parser *p)
{
	struct lt_thread *thread = NULL;
	char name[LT_NAME] = "";
	int64_t v = 0, number;
	bool inside;
	int i;

	xp_lt_accept_type(p);
	while (xp_lt_accept(p, "*"))
		;
	inside = xp_lt_accept(p, "[");
	if (p->lexer.token.sort == LT_DIGITS) {
		number = xp_lt_number(p);
		xp_lt_expect(p, ":");
		if (number < 0 || number >= LT_THREADS)
			xp_lt_wrong(p, "there are at most %d threads", LT_THREADS);
		else
			thread = &p->test->thread[number];
	}
	if (!xp_lt_accept_name(p, name))
		xp_lt_wrong(p, "a word or a register is expected");
	if (inside)
		xp_lt_expect(p, "]");
	i = thread ? xp_lt_new_reg(p, thread, name) : xp_lt_word(p, name);
	if (xp_lt_accept(p, "="))
		v = start_value(p);
	if (*p->wrong)
		return;
	*(thread ? &thread->start[i] : &p->test->word[i].start) = v;
}

static void starts(struct lt_parser *p)
{
	xp_lt_expect(p, "{");
	while (!xp_lt_next_is(p, "}") && p->lexer.token.sort != LT_END)
		if (!xp_lt_accept(p, ";"))
			start(p);
	xp_lt_expect(p, "}");
}

static void parameter(struct lt_parser *p)
{
	char name[LT_NAME] = "";
	bool pointer = false;

	if (!xp_lt_accept_type(p))
		xp_lt_wrong(p, "a parameter has no type that is known here");
	while (xp_lt_accept(p, "*"))
		pointer = true;
	if (!xp_lt_accept_name(p, name))
		xp_lt_wrong(p, "a parameter has no name");
	if (!pointer)
		xp_lt_wrong(p, "'%s' is no pointer: threads are given what they share", name);
	if (!*p->wrong)
		xp_lt_word(p, name);
}

/* "P0(int *x, spinlock_t *l) { ... }" */
static bool thread(struct lt_parser *p)
{
	struct lt_test *test = p->test;
	char name[LT_NAME], expected[16];

	if (p->lexer.token.sort != LT_WORD_TOKEN || *p->lexer.token.at != 'P')
		return false;
	snprintf(expected, sizeof(expected), "P%d", test->n_threads);
	if (test->n_threads == LT_THREADS)
		xp_lt_wrong(p, "there are at most %d threads", LT_THREADS);
	if (xp_lt_accept_name(p, name) && strcmp(name, expected))
		xp_lt_wrong(p, "'%s' where '%s' is expected", name, expected);
	xp_lt_expect(p, "(");
	while (!xp_lt_next_is(p, ")") && p->lexer.token.sort != LT_END) {
		parameter(p);
		if (!xp_lt_accept(p, ","))
			break;
	}
	xp_lt_expect(p, ")");
	if (!*p->wrong)
		xp_lt_body(p, &test->thread[test->n_threads++]);
	return !*p->wrong;
}

/* What the comment of a test says of it, as the kernel's own do. */
static void find_result(struct lt_test *test, const char *text)
{
	const char *at = strstr(text, "Result:");

	if (at)
		sscanf(at, "Result: %15[A-Za-z]", test->result);
}

static int before(const struct lt_test *t, struct lt_place a, struct lt_place b)
{
	if ((a.thread < 0) != (b.thread < 0))
		return b.thread < 0;
	if (a.thread != b.thread)
		return a.thread < b.thread;
	if (a.thread < 0)
		return strcmp(t->word[a.index].name, t->word[b.index].name) < 0;
	return strcmp(t->thread[a.thread].reg[a.index], t->thread[b.thread].reg[b.index]) < 0;
}

/* Registers by thread, then words: how states are written. */
static void sort_shown(struct lt_test *t)
{
	for (int i = 1; i < t->n_shown; i++)
		for (int j = i; j > 0 && before(t, t->shown[j], t->shown[j - 1]); j--) {
			struct lt_place other = t->shown[j];

			t->shown[j] = t->shown[j - 1];
			t->shown[j - 1] = other;
		}
}

static int parse(struct lt_test *test, const char *text, char *err, size_t err_size)
{
	struct lt_parser p = { .test = test };

	test->c11 = strstr(text, "atomic_int") || strstr(text, "memory_order_");
	find_result(test, text);
	xp_lt_lex(&p.lexer, text);
	head(&p);
	starts(&p);
	while (thread(&p))
		;
	if (!test->n_threads)
		xp_lt_wrong(&p, "no thread P0 follows");
	xp_lt_ending(&p);
	if (*test->refused || !*p.wrong) {
		sort_shown(test);
		return 0;
	}
	snprintf(err, err_size, "line %d: %s", p.line, p.wrong);
	return -EINVAL;
}

int xp_lt_read(struct lt_test *test, const char *path, char *err, size_t err_size)
{
	const char *slash = strrchr(path, '/');
	size_t length;
	char *text;
	int failed;

	memset(test, 0, sizeof(*test));
	snprintf(test->file, sizeof(test->file), "%s", slash ? slash + 1 : path);
	failed = results_read(path, &text, &length);
	if (failed) {
		snprintf(err, err_size, "%s", strerror(-failed));
		return failed;
	}
	failed = parse(test, text, err, err_size);
	free(text);
	if (failed)
		xp_lt_free(test);
	return failed;
}
