// SPDX-License-Identifier: GPL-2.0-or-later
/* Command lines into the commands of verbs, by their tables; one line on stderr for what is refused. */
#include "cli/opt.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "cli/exit_code.h"
#include "results/file.h"

enum { MOST_ITEMS = 256, MOST_KNOWN = 512 };

static char said[4096]; /* the last line */

static void complain(const char *fmt, va_list ap)
{
	vsnprintf(said, sizeof(said), fmt, ap);
	fflush(stdout); /* so that the line stands after what it is about */
	fprintf(stderr, "kickbench: %s\n", said);
}

bool opt_said(const char *text)
{
	return strstr(said, text);
}

#define COMPLAIN(fmt)               \
	do {                        \
		va_list ap;         \
		va_start(ap, fmt);  \
		complain(fmt, ap);  \
		va_end(ap);         \
	} while (0)

int usage_error(const char *fmt, ...)
{
	COMPLAIN(fmt);
	return EXIT_USAGE;
}

int env_error(const char *fmt, ...)
{
	COMPLAIN(fmt);
	return EXIT_ENVIRONMENT;
}

int skipped(const char *fmt, ...)
{
	COMPLAIN(fmt);
	return EXIT_SKIPPED;
}

int unknown_name(const char *what, const char *name, const char *const *known, size_t n_known)
{
	const char *nearest = opt_nearest(name, known, n_known);

	fflush(stdout);
	flockfile(stderr);
	fprintf(stderr, "kickbench: unknown %s '%s'", what, name);
	if (nearest)
		fprintf(stderr, ", did you mean '%s'?", nearest);
	fputs(" (known:", stderr);
	for (size_t i = 0; i < n_known; i++)
		fprintf(stderr, " %s", known[i]);
	fputs(")\n", stderr);
	funlockfile(stderr);
	return EXIT_USAGE;
}

const char *opt_name(const struct opt *o, size_t i)
{
	if (o->thing_of) {
		const char *const *name = o->thing_of(i);

		return name ? *name : NULL;
	}
	if (o->name_of)
		return o->name_of(i);
	return o->names && (!o->n_names || i < o->n_names) ? o->names[i] : NULL;
}

static const char *group_of(const struct opt *o, size_t i)
{
	return o->group_of ? o->group_of(i) : NULL;
}

size_t opt_groups(const struct opt *o, const char **word, size_t room)
{
	size_t n = 0;

	for (size_t i = 0; n < room && opt_name(o, i); i++) {
		const char *group = group_of(o, i);
		size_t k = 0;

		while (k < n && group && strcmp(word[k], group))
			k++;
		if (group && k == n)
			word[n++] = group;
	}
	return n;
}

const struct opt *opt_find(const struct opt *o, const char *name, size_t length)
{
	for (; o->name; o++)
		if (strlen(o->name) == length && !memcmp(o->name, name, length))
			return o;
	return NULL;
}

/* A value on its way into a command. */
struct taking {
	const char *verb;
	const struct opt *o;
	char *command;
	const char *text;
};

static int refuse(const struct taking *t, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static int refuse(const struct taking *t, const char *fmt, ...)
{
	char why[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why, sizeof(why), fmt, ap);
	va_end(ap);
	/* An item of an option's list has the option's name before it, and no dashes. */
	return usage_error("%s%s%s '%s': %s", t->verb, strchr(t->verb, ' ') ? " " : ": --", t->o->name,
			   t->text, why);
}

static void store_integer(char *to, size_t size, uint64_t v)
{
	switch (size) {
	case 1:
		*(uint8_t *)to = (uint8_t)v;
		break;
	case 2:
		*(uint16_t *)to = (uint16_t)v;
		break;
	case 4:
		*(uint32_t *)to = (uint32_t)v;
		break;
	default:
		*(uint64_t *)to = v;
	}
}

static void store_number(const struct taking *t, size_t i, uint64_t v)
{
	char *to = t->command + t->o->at + i * t->o->size;
	enum opt_type type = t->o->type;

	if (type == OPT_NOWHERE || t->o->take)
		return;
	if (type == OPT_DOUBLE || type == OPT_DOUBLES)
		*(double *)to = t->o->kind == OPT_TIME ? (double)v * 1e-9 : (double)v;
	else
		store_integer(to, t->o->size, v);
}

static void store_string(const struct taking *t, size_t i, const char *s)
{
	if (t->o->type != OPT_NOWHERE && !t->o->take)
		*(const char **)(t->command + t->o->at + i * t->o->size) = s;
}

/* The option's name of that place, in the form that the member has. */
static void store_name(const struct taking *t, size_t i, size_t place)
{
	if (t->o->type == OPT_THINGS) {
		const void *thing = t->o->thing_of(place);

		memcpy(t->command + t->o->at + i * t->o->size, &thing, sizeof(thing));
	} else if (t->o->type == OPT_STRING || t->o->type == OPT_STRINGS) {
		store_string(t, i, opt_name(t->o, place));
	} else {
		store_number(t, i, place);
	}
}

static void set_count(const struct taking *t, size_t n)
{
	if (t->o->room)
		*(size_t *)(t->command + t->o->n_at) = n;
}

static int refuse_number(const struct taking *t, const char *what)
{
	char least[32], most[32];

	if (t->o->most)
		return refuse(t, "%sexpected %s..%s", what, opt_show(t->o->least, false, least),
			      opt_show(t->o->most, false, most));
	if (t->o->least)
		return refuse(t, "%sexpected a number, %s or more", what,
			      opt_show(t->o->least, false, least));
	return refuse(t, "%sexpected a number", what);
}

static bool in_bounds(const struct opt *o, uint64_t v)
{
	return v >= o->least && (!o->most || v <= o->most);
}

static int take_number(const struct taking *t, struct opt_value *v)
{
	int failed = opt_u64(t->text, &v->number);

	if (failed == -ERANGE && !t->o->most)
		return refuse(t, "expected a number, %" PRIu64 " at most", UINT64_MAX);
	if (failed || !in_bounds(t->o, v->number))
		return refuse_number(t, "");
	store_number(t, 0, v->number);
	return 0;
}

static int take_time(const struct taking *t, struct opt_value *v)
{
	char range[80] = "", least[32], most[32];

	if (!opt_duration_ns(t->text, &v->number) && in_bounds(t->o, v->number)) {
		store_number(t, 0, v->number);
		return 0;
	}
	opt_show(t->o->least, true, least);
	if (t->o->most)
		snprintf(range, sizeof(range), " of %s..%s", least, opt_show(t->o->most, true, most));
	else if (t->o->least)
		snprintf(range, sizeof(range), " of %s or more", least);
	return refuse(t, "expected a time%s, such as 500ms, 2s or 0.5 (seconds)", range);
}

static int take_real(const struct taking *t, struct opt_value *v)
{
	const struct opt *o = t->o;
	double x = 0;

	if (opt_double(t->text, &x) || x < o->low || (o->high && x > o->high) ||
	    (o->open && (x == o->low || x == o->high)))
		return o->high ? refuse(t, "expected a number between %g and %g", o->low, o->high)
			       : refuse(t, "expected a number, %g or more", o->low);
	v->real = x;
	if (!o->take)
		*(double *)(t->command + o->at) = x;
	return 0;
}

/* Of the option's names, with the words that stand for several of them. */
static int refuse_name(const struct taking *t, const char *name)
{
	const char *known[MOST_KNOWN];
	size_t n = 0;

	for (size_t i = 0; n < MOST_KNOWN - 3 && opt_name(t->o, i); i++)
		known[n++] = opt_name(t->o, i);
	if (t->o->kind == OPT_NAMES && !t->o->no_all)
		known[n++] = "all";
	if (t->o->none)
		known[n++] = "none";
	n += opt_groups(t->o, known + n, MOST_KNOWN - n);
	return unknown_name(t->o->name, name, known, n);
}

/* -> its place, or SIZE_MAX.  `null` is what noop was called until tables took it for an empty cell. */
static size_t find_name(const struct opt *o, const char *name)
{
	if (!strcmp(o->name, "backend") && !strcmp(name, "null"))
		name = "noop";
	for (size_t i = 0; opt_name(o, i); i++)
		if (!strcmp(opt_name(o, i), name))
			return i;
	return SIZE_MAX;
}

static int take_choice(const struct taking *t, struct opt_value *v)
{
	static size_t index;

	index = find_name(t->o, t->text);
	if (index == SIZE_MAX)
		return refuse_name(t, t->text);
	v->index = &index;
	v->n = 1;
	if (!t->o->take)
		store_name(t, 0, index);
	return 0;
}

static int refuse_twice(const struct taking *t, const char *item)
{
	return refuse(t, "'%.64s' stands there twice", item);
}

/* Does the word stand for all names, or for none? */
static bool stands_alone(const struct opt *o, const char *word)
{
	return (!o->no_all && !strcmp(word, "all")) || (o->none && !strcmp(word, "none"));
}

static bool is_in_group(const struct opt *o, const char *word, size_t i)
{
	const char *group = group_of(o, i);

	return group && !strcmp(word, group);
}

/* The items of a list of names as places in index[], n of them. */
static int find_names(const struct taking *t, const struct opt_list *list, size_t *index, size_t *n)
{
	*n = 0;
	for (size_t i = 0; i < list->n; i++) {
		const char *item = list->item[i];
		size_t at = find_name(t->o, item), before = *n;
		bool alone = at == SIZE_MAX && stands_alone(t->o, item);

		if (alone && list->n > 1)
			return refuse(t, "'%s' stands alone", item);
		for (size_t k = 0; opt_name(t->o, k) && *n < MOST_ITEMS; k++)
			if (k == at || (at == SIZE_MAX && (alone ? !strcmp(item, "all")
								: is_in_group(t->o, item, k))))
				index[(*n)++] = k;
		if (*n == before && !alone)
			return refuse_name(t, item);
	}
	for (size_t i = 0; i < *n; i++)
		for (size_t k = 0; k < i; k++)
			if (index[i] == index[k])
				return refuse_twice(t, opt_name(t->o, index[i]));
	return 0;
}

static int take_names(const struct taking *t, const struct opt_list *list, struct opt_value *v)
{
	static size_t index[MOST_ITEMS];
	uint64_t bits = 0;
	int failed = find_names(t, list, index, &v->n);

	v->index = index;
	if (failed || t->o->take)
		return failed;
	if (t->o->room && v->n > t->o->room)
		return refuse(t, "at most %zu items", t->o->room);
	for (size_t i = 0; i < v->n; i++) {
		bits |= UINT64_C(1) << (index[i] & 63);
		if (t->o->room)
			store_name(t, i, index[i]);
	}
	if (!t->o->room)
		store_number(t, 0, bits);
	set_count(t, v->n);
	return 0;
}

static int take_numbers(const struct taking *t, const struct opt_list *list)
{
	uint64_t v[MOST_ITEMS];

	if (list->n > t->o->room || list->n > MOST_ITEMS)
		return refuse(t, "at most %zu items", t->o->room);
	for (size_t i = 0; i < list->n; i++) {
		char what[96];

		snprintf(what, sizeof(what), "'%.64s': ", list->item[i]);
		if (opt_u64(list->item[i], &v[i]) || !in_bounds(t->o, v[i]))
			return refuse_number(t, list->n > 1 ? what : "");
		for (size_t k = 0; k < i; k++)
			if (v[k] == v[i])
				return refuse_twice(t, list->item[i]);
		store_number(t, i, v[i]);
	}
	set_count(t, list->n);
	return 0;
}

/* Items for the setter.  Of NAME=VALUE the name counts. */
static int check_items(const struct taking *t, const struct opt_list *list)
{
	for (size_t i = 0; i < list->n; i++)
		for (size_t k = 0; k < i; k++) {
			size_t length = strcspn(list->item[i], "=");

			if (length == strcspn(list->item[k], "=") &&
			    !memcmp(list->item[i], list->item[k], length))
				return refuse_twice(t, list->item[i]);
		}
	return 0;
}

static int take_list(const struct taking *t, struct opt_value *v)
{
	struct opt_list list;
	int failed = opt_list_parse(t->text, &list);

	if (failed == -ENOMEM)
		return env_error("Cannot allocate memory");
	if (failed)
		return refuse(t, "expected a list such as a,b,c");
	if (t->o->kind == OPT_NAMES)
		failed = take_names(t, &list, v);
	else if (t->o->kind == OPT_NUMBERS)
		failed = take_numbers(t, &list);
	else
		failed = check_items(t, &list);
	v->item = list.item;
	if (t->o->kind == OPT_LIST)
		v->n = list.n;
	if (!failed && t->o->take)
		failed = t->o->take(t->command, v);
	opt_list_free(&list);
	return failed;
}

static int take_text(const struct taking *t)
{
	static const char *const what[OPT_N_KINDS] = { [OPT_TEXT] = "value",
						       [OPT_FILE] = "file",
						       [OPT_DIR] = "folder" };

	if (!*t->text)
		return refuse(t, "expected a %s", what[t->o->kind]);
	if (!strcmp(t->text, "-") && t->o->kind != OPT_TEXT && !t->o->dash)
		return refuse(t, "expected a %s; one of that name is ./-", what[t->o->kind]);
	if (t->o->starts && results_file_check(t->text, t->o->starts) == -EEXIST)
		return refuse(t, "holds something else, which is not written over");
	store_string(t, 0, t->text);
	return 0;
}

static int take_flag(const struct taking *t)
{
	store_number(t, 0, (uint64_t)(t->o->store ? t->o->store : 1));
	return 0;
}

int opt_take(const char *verb, const struct opt *o, void *command, const char *text)
{
	const struct taking t = { verb, o, command, text };
	struct opt_value v = { .text = text };
	int failed = 0;

	if (text && (o->kind == OPT_NAMES || o->kind == OPT_NUMBERS || o->kind == OPT_LIST))
		return take_list(&t, &v);
	if (!text || o->kind == OPT_FLAG)
		failed = take_flag(&t);
	else if (o->kind == OPT_NUMBER)
		failed = take_number(&t, &v);
	else if (o->kind == OPT_TIME)
		failed = take_time(&t, &v);
	else if (o->kind == OPT_REAL)
		failed = take_real(&t, &v);
	else if (o->kind == OPT_CHOICE)
		failed = take_choice(&t, &v);
	else
		failed = take_text(&t);
	return !failed && o->take ? o->take(command, &v) : failed;
}

static int unknown_option(const struct opt_table *table, const char *word)
{
	const char *known[MOST_KNOWN], *nearest;
	size_t n = 0, length = strcspn(word, "=");
	char name[80];

	for (const struct opt *o = table->option; o->name && n < MOST_KNOWN - 1; o++)
		if (!o->hidden)
			known[n++] = o->name;
	known[n++] = "help";
	snprintf(name, sizeof(name), "%.*s", (int)length, word + strspn(word, "-"));
	if (word[1] != '-')
		name[0] = '\0';
	nearest = opt_nearest(name, known, n);
	if (nearest)
		return usage_error("%s: unknown option '%.*s', did you mean '--%s'? (see --help)",
				   table->verb, (int)length, word, nearest);
	return usage_error("%s: unknown option '%.*s' (see --help)", table->verb, (int)length, word);
}

/* The option at argv[i]; *words: how many it has. */
static int parse_option(const struct opt_table *table, void *command, struct opt_line *line, int i,
			int *words)
{
	const char *word = line->argv[i], *is = strchr(word, '='), *text = is ? is + 1 : NULL;
	const struct opt *o;

	*words = 1;
	line->help = !strcmp(word, "--help") || !strcmp(word, "-h");
	if (line->help)
		return 0;
	o = strncmp(word, "--", 2) ? NULL : opt_find(table->option, word + 2, strcspn(word + 2, "="));
	if (!o)
		return unknown_option(table, word);
	line->given[o - table->option] = true;
	if (o->kind == OPT_FLAG && is)
		return usage_error("%s: option '--%s' takes no value", table->verb, o->name);
	if (o->kind != OPT_FLAG && !text && !o->optional) {
		text = i + 1 < line->argc ? line->argv[i + 1] : NULL;
		/* What looks like an option is one: a forgotten value must not eat it. */
		if (!text || !strncmp(text, "--", 2))
			return usage_error("%s: option '--%s' wants a value", table->verb, o->name);
		*words = 2;
	}
	return opt_take(table->verb, o, command, text);
}

/* Moves `words` words at argv[i] before the `n` operands that stand before them. */
static void move_before(char **argv, int i, int words, int n)
{
	char *moved[2];

	memcpy(moved, argv + i, (size_t)words * sizeof(*argv));
	memmove(argv + i - n + words, argv + i - n, (size_t)n * sizeof(*argv));
	memcpy(argv + i - n, moved, (size_t)words * sizeof(*argv));
}

static int parse_words(const struct opt_table *table, void *command, struct opt_line *line)
{
	int failed = 0, words, n = 0, i;

	for (i = 1; i < line->argc && !failed && !line->help; i += words) {
		bool end = !strcmp(line->argv[i], "--");

		words = 1;
		if (line->argv[i][0] != '-' || !line->argv[i][1]) {
			n++;
			continue;
		}
		if (!end)
			failed = parse_option(table, command, line, i, &words);
		move_before(line->argv, i, words, n);
		if (end) {
			n += line->argc - i - 1;
			i = line->argc;
			break;
		}
	}
	line->operand = line->argv + line->argc - n;
	line->n_operands = n;
	return failed;
}

/* Does another one stand there that makes no difference to this one? */
static int check_alone(const struct opt_table *table, const struct opt *alone, const struct opt_line *line)
{
	for (const struct opt *o = table->option; o->name; o++) {
		size_t i = 0;

		while (alone->alone[i] && strcmp(alone->alone[i], o->name))
			i++;
		if (o != alone && !alone->alone[i] && line->given[o - table->option])
			return usage_error("%s: --%s takes no --%s: it would be ignored", table->verb,
					   alone->name, o->name);
	}
	return 0;
}

static int check_given(const struct opt_table *table, const void *command, const struct opt_line *line)
{
	uint32_t moods = table->moods ? table->moods(command) : 0;

	for (const struct opt *o = table->option; o->name; o++)
		if (o->alone && line->given[o - table->option])
			return check_alone(table, o, line);
	for (const struct opt *o = table->option; o->name; o++) {
		uint32_t never = o->never & moods;

		if (!line->given[o - table->option])
			continue;
		if (never)
			return usage_error("%s: --%s takes no %s", table->verb, o->name,
					   table->mood[__builtin_ctz(never)]);
		if (o->only && !(o->only & moods))
			return usage_error("%s: --%s takes %s", table->verb, o->name,
					   table->mood[__builtin_ctz(o->only)]);
	}
	return 0;
}

int opt_parse(const struct opt_table *table, void *command, struct opt_line *line)
{
	int failed = 0;

	memset(command, 0, table->size);
	line->help = false;
	memset(line->given, 0, sizeof(line->given));
	if (table->init)
		table->init(command);
	for (const struct opt *o = table->option; o->name && !failed; o++)
		if (o->preset)
			failed = opt_take(table->verb, o, command, o->preset);
	if (!failed)
		failed = parse_words(table, command, line);
	if (failed || line->help)
		return failed;
	if (line->n_operands && !table->operand)
		return usage_error("%s: unexpected argument '%s'", table->verb, line->operand[0]);
	failed = check_given(table, command, line);
	return !failed && table->check ? table->check(command, line) : failed;
}
