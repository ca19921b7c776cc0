// SPDX-License-Identifier: GPL-2.0-or-later
/* Command lines of chance, for every verb: taken, or refused by exit code 2. */
#include "bench/plan/plan.h"
#include "cli/exit_code.h"
#include "cli/verbs.h"
#include "explore/cell/memory_room.h"
#include "kvm/kvm.h"
#include "stress/stress.h"
#include "tests/fuzz.h"
#include "tests/scratch.h"

enum { MOST_WORDS = 12 };

/* One of its names, a number, a list, or what no option takes. */
static void value(struct fuzz *f, const struct opt *o, char *text, size_t size)
{
	size_t names = 0;

	while (opt_name(o, names))
		names++;
	snprintf(text, size, "%.300s",
		 names && fuzz_below(f, 3) ? opt_name(o, fuzz_below(f, names)) : fuzz_word(f));
	while (!fuzz_below(f, 3) && strlen(text) + 140 < size)
		snprintf(text + strlen(text), size - strlen(text), ",%.120s",
			 names && fuzz_below(f, 2) ? opt_name(o, fuzz_below(f, names)) : fuzz_word(f));
}

static void one(struct fuzz *f)
{
	static char word[MOST_WORDS][1024];
	char *argv[2 * MOST_WORDS + 2], verb_name[] = "verb", text[900];
	const struct verb *verb;
	struct opt_line line = { .argv = argv };
	size_t verbs = 0, options = 0;
	int code;

	while (verb_all[verbs])
		verbs++;
	verb = verb_all[fuzz_below(f, verbs)];
	while (verb->table->option && verb->table->option[options].name)
		options++;
	argv[line.argc++] = verb_name;
	for (size_t n = fuzz_below(f, MOST_WORDS / 2), i = 0; i < n; i++) {
		const struct opt *o = NULL;

		if (options && fuzz_below(f, 10))
			o = &verb->table->option[fuzz_below(f, options)];
		if (o)
			value(f, o, text, sizeof(text));
		else
			snprintf(text, sizeof(text), "%s", fuzz_word(f));
		snprintf(word[2 * i], sizeof(word[0]), o ? "--%s" : "%s", o ? o->name : text);
		if (o && fuzz_below(f, 2))
			snprintf(word[2 * i], sizeof(word[0]), "--%s=%s", o->name, text);
		argv[line.argc++] = word[2 * i];
		if (o && o->kind != OPT_FLAG && fuzz_below(f, 8)) {
			snprintf(word[2 * i + 1], sizeof(word[0]), "%s", text);
			argv[line.argc++] = word[2 * i + 1];
		}
	}
	argv[line.argc] = NULL;
	code = opt_parse(verb->table, verb->command, &line);
	if (code != EXIT_AS_STATED && code != EXIT_USAGE && code != EXIT_SKIPPED)
		abort();
}

int main(void)
{
	if (chdir(scratch()))
		return 1;
	stdout = fopen("/dev/null", "we"); /* a sanitizer has the file descriptor */
	stderr = stdout;
	return fuzz_run("options", 20000, one);
}
