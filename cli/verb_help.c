// SPDX-License-Identifier: GPL-2.0-or-later
/* kickbench help: the verbs, and what each of them takes. */
#include <stdio.h>
#include <string.h>

#include "cli/opt_doc.h"
#include "cli/verbs.h"

const struct verb *const verb_all[] = {
#define X(name) &verb_##name,
#include "verbs.def"
#undef X
	NULL,
};

enum { MOST_VERBS = sizeof(verb_all) / sizeof(verb_all[0]) };

const struct verb *verb_find(const char *name)
{
	for (size_t i = 0; verb_all[i]; i++)
		if (!strcmp(verb_all[i]->table->verb, name))
			return verb_all[i];
	return NULL;
}

int verb_unknown(const char *name)
{
	const char *known[MOST_VERBS];
	size_t n;

	for (n = 0; verb_all[n]; n++)
		known[n] = verb_all[n]->table->verb;
	return unknown_name("verb", name, known, n);
}

void verb_print_all(FILE *out)
{
	fputs("usage: kickbench VERB [options]      (help VERB, or VERB --help, explains them)\n"
	      "Measures what a vCPU kick costs, and checks whether it can get lost.\n\n", out);
	for (size_t i = 0; verb_all[i]; i++)
		fprintf(out, "  %-10s %s\n", verb_all[i]->table->verb, verb_all[i]->table->summary);
	fputs("\n  --help     this text\n"
	      "  --version  revision, compiler and libraries of this build\n", out);
}

static struct help_command {
	bool manual, table, words;
	const char *option; /* whose words are wanted */
} command;

static int take_words(void *arg, const struct opt_value *v)
{
	struct help_command *c = arg;

	c->words = true;
	c->option = v->text;
	return 0;
}

static const struct opt options[] = {
	{ .name = "manual", .kind = OPT_FLAG, .hidden = true,
	  .doc = "the OPTIONS of a verb's manual page",
	  OPT_TO(struct help_command, manual) },
	{ .name = "table", .kind = OPT_FLAG, .hidden = true, .doc = "all options of all verbs, for tests",
	  OPT_TO(struct help_command, table) },
	{ .name = "words", .kind = OPT_TEXT, .optional = true, .hidden = true, .take = take_words,
	  .doc = "what bash completes: the verb's options, or the values of one of them" },
	{ 0 },
};

static int check(void *arg, const struct opt_line *line)
{
	(void)arg;
	return line->n_operands > 1 ? usage_error("help: unexpected argument '%s'", line->operand[1]) : 0;
}

static const struct opt_table table = {
	.verb = "help",
	.summary = "the verbs, or the options of one of them",
	.usage = "[VERB]",
	.about = "Prints what there is to choose from. `kickbench VERB --help` says the same.",
	.option = options,
	.size = sizeof(struct help_command),
	.check = check,
	.operand = "VERB",
};

static void print_verbs(void)
{
	for (size_t i = 0; verb_all[i]; i++)
		puts(verb_all[i]->table->verb);
}

static void print_words(const struct opt_table *of)
{
	const char *name = command.option ? command.option + strspn(command.option, "-") : NULL;
	const struct opt *o = name ? opt_find(of->option, name, strlen(name)) : NULL;

	if (o)
		opt_print_words(stdout, o);
	if (name)
		return;
	for (o = of->option; o->name; o++)
		if (!o->hidden)
			printf("--%s\n", o->name);
	puts("--help");
}

static int run(struct opt_line *line)
{
	const struct verb *verb = line->n_operands ? verb_find(line->operand[0]) : NULL;

	if (line->n_operands && !verb)
		return verb_unknown(line->operand[0]);
	if (command.table)
		for (size_t i = 0; verb_all[i]; i++)
			opt_print_table(stdout, verb_all[i]->table);
	else if (!verb && command.words)
		print_verbs();
	else if (!verb)
		verb_print_all(stdout);
	else if (command.words)
		print_words(verb->table);
	else if (command.manual)
		opt_print_manual(stdout, verb->table);
	else
		opt_print_help(stdout, verb->table);
	return EXIT_AS_STATED;
}

const struct verb verb_help = { &table, &command, run };
