// SPDX-License-Identifier: GPL-2.0-or-later
/* Where KTAP and JUnit's XML go. */
#include "cli/ci.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/exit_code.h"
#include "cli/opt.h"
#include "results/file.h"

int verb_ci_begin(struct verb_ci *ci, const char *verb, bool json)
{
	int copy, failed;

	sink_tests_init(&ci->tests);
	ci->verb = verb;
	if (ci->ktap && json)
		return usage_error("%s: --ktap and --json exclude each other", verb);
	failed = ci->junit ? results_file_check(ci->junit, NULL) : 0;
	if (failed)
		return env_error("%s: %s", ci->junit, strerror(-failed));
	if (!ci->ktap)
		return EXIT_AS_STATED;
	/* Whatever prints to stdout from here on prints for people. */
	fflush(stdout);
	copy = dup(STDOUT_FILENO);
	ci->out = copy < 0 ? NULL : fdopen(copy, "w");
	if (!ci->out || dup2(STDERR_FILENO, STDOUT_FILENO) < 0)
		return env_error("stdout: %s", strerror(errno));
	return EXIT_AS_STATED;
}

static int write_xml(const struct verb_ci *ci)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	int failed = out ? sink_tests_junit(&ci->tests, out) : -ENOMEM;

	if (out && fclose(out))
		failed = -ENOMEM;
	if (!failed)
		failed = results_file_write(ci->junit, text, size);
	free(text);
	return failed ? env_error("%s: %s", ci->junit, strerror(-failed)) : EXIT_AS_STATED;
}

static int write_ktap(const struct verb_ci *ci)
{
	int failed = sink_tests_ktap(&ci->tests, ci->out);
	bool unwritten = fflush(ci->out) || ferror(ci->out);

	if (failed)
		env_error("stdout: %s", strerror(-failed));
	else if (unwritten)
		env_error("cannot write to stdout");
	fclose(ci->out);
	return failed || unwritten ? EXIT_ENVIRONMENT : EXIT_AS_STATED;
}

/* What no case says: that all of it broke off, or that there was none.  Not to look like a pass. */
static void add_whole(struct verb_ci *ci, int code)
{
	char why[64] = "see what the verb said";
	bool broken = code >= 128 || code == EXIT_ENVIRONMENT || code == EXIT_USAGE;

	for (size_t i = 0; i < ci->tests.n && code < 128; i++)
		broken &= ci->tests.test[i].outcome < SINK_FAILED;
	if (code >= 128)
		snprintf(why, sizeof(why), "interrupted by signal %d", code - 128);
	if (broken || !ci->tests.n)
		sink_tests_add(&ci->tests, ci->verb, "as a whole",
			       broken ? SINK_BROKEN : SINK_SKIPPED, 0,
			       broken ? why : "nothing to judge");
}

int verb_ci_end(struct verb_ci *ci, int code)
{
	fflush(stdout);
	add_whole(ci, code);
	if (ci->junit)
		code = exit_code_then(code, write_xml(ci));
	if (ci->out)
		code = exit_code_then(code, write_ktap(ci));
	sink_tests_fini(&ci->tests);
	return code;
}
