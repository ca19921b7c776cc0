// SPDX-License-Identifier: GPL-2.0-or-later
/* Where KTAP and JUnit's XML go. */
#include "cli/ci.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "cli/exit_code.h"
#include "cli/opt.h"

int verb_ci_begin(struct verb_ci *ci, const char *verb, bool json)
{
	int copy;

	sink_tests_init(&ci->tests);
	if (ci->ktap && json)
		return usage_error("%s: --ktap and --json exclude each other", verb);
	if (ci->junit) {
		ci->xml = fopen(ci->junit, "w");
		if (!ci->xml)
			return env_error("%s: %s", ci->junit, strerror(errno));
	}
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

static int end(FILE *f, int failed, const char *what)
{
	if (fclose(f) && !failed)
		failed = -errno;
	return failed ? env_error("%s: %s", what, strerror(-failed)) : EXIT_AS_STATED;
}

int verb_ci_end(struct verb_ci *ci, int code)
{
	fflush(stdout);
	if (ci->xml)
		code = exit_code_worst(
			code, end(ci->xml, sink_tests_junit(&ci->tests, ci->xml), ci->junit));
	if (ci->out)
		code = exit_code_worst(
			code, end(ci->out, sink_tests_ktap(&ci->tests, ci->out), "stdout"));
	sink_tests_fini(&ci->tests);
	return code;
}
