// SPDX-License-Identifier: GPL-2.0-or-later
/* Help, manual and completion from a table of options: what is said there is what is parsed. */
#include "cli/opt_doc.h"

#include <ctype.h>
#include <stdarg.h>
#include <string.h>

#include "results/flow.h"

enum { HELP_INDENT = 26, MANUAL_COLUMNS = 100, NAMES_SHOWN = 200, CHOICE_SHOWN = 30, TEXT = 4096 };

/* Text that grows; what does not fit is cut. */
struct text {
	char s[TEXT];
	size_t n;
};

static void add(struct text *t, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static void add(struct text *t, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(t->s + t->n, sizeof(t->s) - t->n, fmt, ap);
	va_end(ap);
	t->n = t->n + (size_t)n < sizeof(t->s) ? t->n + (size_t)n : sizeof(t->s) - 1;
}

/* The names of an option with `between` between them, and how many they are. */
static size_t join_names(struct text *t, const struct opt *o, const char *between)
{
	size_t i;

	for (i = 0; opt_name(o, i); i++)
		add(t, "%s%s", i ? between : "", opt_name(o, i));
	return i;
}

const char *opt_value_name(const struct opt *o)
{
	static const char *const by_kind[OPT_N_KINDS] = { "",  "TEXT", "FILE", "DIR",  "N",   "X",
							  "T", "NAME", "LIST", "LIST", "LIST" };
	static struct text names;

	if (o->value)
		return o->value;
	names = (struct text){ .n = 0 };
	if (o->kind == OPT_CHOICE && join_names(&names, o, "|") && names.n <= CHOICE_SHOWN)
		return names.s;
	return by_kind[o->kind];
}

/* Unless they stand in the value's name, or elsewhere, or are too many. */
static void add_names(struct text *t, const struct opt *o, const char *between)
{
	struct text names = { .n = 0 };

	if (o->quiet || !join_names(&names, o, between) || names.n > NAMES_SHOWN ||
	    strchr(opt_value_name(o), '|') || o->optional)
		return;
	add(t, ": %s", names.s);
	if (o->none)
		add(t, "%snone", between);
	if (o->kind == OPT_NAMES && !o->no_all)
		add(t, "%sall", between);
}

/* "9 to 10k"; nothing of options without bounds. */
static void add_bounds(struct text *t, const struct opt *o)
{
	char least[32], most[32];

	if (o->kind == OPT_REAL && o->high)
		add(t, "%s%g to %g", o->open ? "within " : "", o->low, o->high);
	if (o->kind != OPT_NUMBER && o->kind != OPT_NUMBERS && o->kind != OPT_TIME)
		return;
	opt_show(o->least, o->kind == OPT_TIME, least);
	if (o->most)
		add(t, "%s to %s", least, opt_show(o->most, o->kind == OPT_TIME, most));
	else if (o->least > 1)
		add(t, "at least %s", least);
}

static void help_text(struct text *t, const struct opt *o)
{
	struct text bounds = { .n = 0 };

	add(t, "%s", o->doc);
	add_names(t, o, " ");
	add_bounds(&bounds, o);
	if (o->preset || bounds.n)
		add(t, " (%s%s%s%s)", bounds.s, o->preset && bounds.n ? ", " : "",
		    o->preset ? "default " : "", o->preset ? o->preset : "");
}

static void manual_text(struct text *t, const struct opt *o)
{
	struct text bounds = { .n = 0 };

	/* vCPU and its like stay. */
	add(t, "%c%s", isupper((unsigned char)o->doc[1]) ? o->doc[0] : toupper((unsigned char)o->doc[0]),
	    o->doc + 1);
	add_names(t, o, ", ");
	add(t, ".");
	add_bounds(&bounds, o);
	if (bounds.n)
		add(t, " %c%s.", toupper((unsigned char)bounds.s[0]), bounds.s + 1);
	if (o->preset)
		add(t, " Default %s.", o->preset);
	if (o->more)
		add(t, " %s", o->more);
}

static void option_head(struct text *t, const struct opt *o)
{
	const char *value = opt_value_name(o);

	add(t, o->optional ? "--%s[=%s]" : *value ? "--%s %s" : "--%s%s", o->name, value);
}

static void print_option(FILE *out, const struct opt *o)
{
	struct text head = { .n = 0 }, text = { .n = 0 };
	int column;

	option_head(&head, o);
	help_text(&text, o);
	column = fprintf(out, "  %s", head.s);
	if (column + 2 > HELP_INDENT) {
		fputc('\n', out);
		column = 0;
	}
	fprintf(out, "%*s", HELP_INDENT - column, "");
	flow_print(out, text.s, HELP_INDENT, OPT_COLUMNS, HELP_INDENT);
}

void opt_print_help(FILE *out, const struct opt_table *table)
{
	const char *before = "usage: ";

	for (const char *line = table->usage; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		fprintf(out, "%skickbench %s %.*s\n", before, table->verb, (int)strcspn(line, "\n"), line);
		before = "       ";
	}
	flow_print(out, table->about, 0, OPT_COLUMNS, 0);
	fputc('\n', out);
	for (const struct opt *o = table->option; o->name; o++) {
		if (o->hidden)
			continue;
		if (o->section)
			fprintf(out, "%s%s\n", o == table->option ? "" : "\n", o->section);
		print_option(out, o);
	}
	fprintf(out, "  %-*sthis text\n", HELP_INDENT - 2, "--help");
	if (table->after) {
		fputc('\n', out);
		flow_print(out, table->after, 0, OPT_COLUMNS, 0);
	}
	if (table->tail)
		table->tail(out);
}

/* --options bold, as scdoc has it. */
static void mark_up(struct text *to, const char *s)
{
	while (*s) {
		size_t n = 0;

		if (!strncmp(s, "--", 2) && islower((unsigned char)s[2])) {
			n = 2 + strspn(s + 2, "abcdefghijklmnopqrstuvwxyz-");
			add(to, "*%.*s*", (int)n, s);
		} else {
			n = 1;
			add(to, "%c", *s);
		}
		s += n;
	}
}

void opt_print_manual(FILE *out, const struct opt_table *table)
{
	fputs("# OPTIONS\n\n", out);
	for (const struct opt *o = table->option; o->name; o++) {
		struct text text = { .n = 0 }, marked = { .n = 0 };
		const char *value = opt_value_name(o);

		if (o->hidden)
			continue;
		if (o->section)
			fprintf(out, "## %s\n\n", o->section);
		fprintf(out, o->optional ? "*--%s*[=_%s_]\n\t" : *value ? "*--%s* _%s_\n\t" : "*--%s*%s\n\t",
			o->name, value);
		manual_text(&text, o);
		mark_up(&marked, text.s);
		flow_print(out, marked.s, 8, MANUAL_COLUMNS, -8);
		fputc('\n', out);
	}
}

void opt_print_words(FILE *out, const struct opt *o)
{
	bool pairs = o->value && strstr(o->value, "=") && o->kind == OPT_LIST;
	const char *group[64];
	size_t n;

	if (o->kind == OPT_FILE || o->kind == OPT_DIR)
		fprintf(out, "%s\n", o->kind == OPT_FILE ? "FILE" : "DIR");
	for (size_t i = 0; opt_name(o, i); i++)
		fprintf(out, "%s%s\n", opt_name(o, i), pairs ? "=" : "");
	if (o->kind == OPT_NAMES && !o->no_all)
		fputs("all\n", out);
	if (o->none)
		fputs("none\n", out);
	n = opt_groups(o, group, sizeof(group) / sizeof(group[0]));
	for (size_t i = 0; i < n; i++)
		fprintf(out, "%s\n", group[i]);
}

void opt_print_table(FILE *out, const struct opt_table *table)
{
	static const char *const kind[OPT_N_KINDS] = { "flag", "text", "file",	"dir",	 "number", "real",
						       "time", "choice", "names", "numbers", "list" };

	for (const struct opt *o = table->option; o->name; o++) {
		struct text names = { .n = 0 };

		join_names(&names, o, " ");
		fprintf(out, "%s\t%s\t%s\t%s%s\t%s\t%llu\t%llu\t%s\n", table->verb, o->name,
			kind[o->kind], o->optional ? "=" : "", opt_value_name(o), o->preset ? o->preset : "",
			(unsigned long long)o->least, (unsigned long long)o->most, names.s);
	}
}
