// SPDX-License-Identifier: GPL-2.0-or-later
/* A measuring session as verbs see it: signals, progress on the terminal, exit codes. */
#include "cli/session.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/verbs.h"

/* On a terminal: what is measured now, and how long it will take. */
static void on_progress(void *arg, size_t done, size_t of, const struct bench_case *c)
{
	const struct bench_session *s = arg;
	struct timespec now;
	double spent;
	char name[256];

	if (!isatty(STDERR_FILENO) || done % 8)
		return;
	clock_gettime(CLOCK_MONOTONIC, &now);
	spent = (double)(now.tv_sec - s->began.tv_sec) + (double)(now.tv_nsec - s->began.tv_nsec) * 1e-9;
	bench_case_name(c, name, sizeof(name));
	fprintf(stderr, "\r\033[K%zu/%zu  %.0f s left  %.60s", done, of,
		done ? spent / (double)done * (double)(of - done) : 0, name);
	if (done + 8 >= of)
		fprintf(stderr, "\r\033[K");
}

int verb_session_opened(struct bench_session *s, int failed)
{
	s->progress = on_progress;
	if (failed == -EINVAL)
		return usage_error("%s", s->err);
	return failed ? env_error("%s", s->err) : EXIT_AS_STATED;
}

/* This program again. */
static void exec_process(const char *dir, unsigned int process)
{
	char number[16];
	char *argv[] = { (char *)"kickbench", (char *)"bench",	   (char *)"--resume", (char *)dir,
			 (char *)"--process", number, NULL };

	snprintf(number, sizeof(number), "%u", process);
	execv("/proc/self/exe", argv);
}

static bool has_measured(int code)
{
	return code == EXIT_AS_STATED || code == EXIT_VIOLATED || code == EXIT_UNDECIDED ||
	       code == EXIT_SKIPPED;
}

static void on_process(unsigned int process, unsigned int of)
{
	if (isatty(STDERR_FILENO))
		fprintf(stderr, "process %u of %u\n", process + 1, of);
}

int verb_session_measure(struct bench_session *s, bool in_processes)
{
	static const struct bench_respawn how = { exec_process, has_measured, on_process };
	int failed = in_processes ? bench_session_respawn(s, &how) : bench_session_run(s);

	if (verb_signal() && !s->write_failed)
		return 128 + verb_signal();
	if (failed)
		return env_error("%s", s->err);
	switch (bench_session_verdict(s)) {
	case VERDICT_VIOLATED:
		return EXIT_VIOLATED;
	case VERDICT_INCONCLUSIVE:
		return EXIT_UNDECIDED;
	case VERDICT_OK:
		return EXIT_AS_STATED;
	default:
		return skipped("nothing that was asked for can run: %s", s->plan->cell[0].na);
	}
}

int verb_session_close(struct bench_session *s, int code)
{
	if (bench_session_close(s, verb_state(code)))
		code = exit_code_worst(code, env_error("%s", s->err));
	return code;
}
