// SPDX-License-Identifier: GPL-2.0-or-later
/* A plan measured in one fresh process after the other: new addresses, new pages. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bench/session/session.h"
#include "machine/clock.h"
#include "results/schema.h"

enum { EXIT_NOT_STARTED = 127 };

/* The child; it ends with its parent, also with one that died before we could say so. */
static void become_process(const struct bench_session *s, const struct bench_respawn *how,
			   unsigned int process, pid_t parent)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() == parent)
		how->exec(s->folder.path, process);
	_exit(EXIT_NOT_STARTED);
}

static bool is_over(const struct bench_session *s)
{
	return s->plan->options->until_ns && clock_raw_ns() >= s->plan->options->until_ns;
}

/* Its exit code; a signal that we got, or the end of the time, is passed on once. */
static int wait_for(const struct bench_session *s, pid_t child)
{
	const struct timespec nap = { .tv_nsec = 5000000 };
	int status = 0;
	bool told = false;

	while (waitpid(child, &status, WNOHANG) == 0) {
		if ((machine_stop || is_over(s)) && !told) {
			kill(child, SIGTERM);
			told = true;
		}
		nanosleep(&nap, NULL);
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* 0, or -errno with a line in err: the process cannot be, or failed otherwise than by its rows. */
static int run_process(struct bench_session *s, const struct bench_respawn *how, unsigned int process)
{
	pid_t parent = getpid(), child;
	int code;

	fflush(NULL);
	child = fork();
	if (!child)
		become_process(s, how, process, parent);
	if (child < 0) {
		snprintf(s->err, sizeof(s->err), "process %u cannot be started", process);
		return -ECHILD;
	}
	code = wait_for(s, child);
	if (machine_stop)
		return -EINTR;
	if (how->has_measured(code) || is_over(s))
		return 0;
	snprintf(s->err, sizeof(s->err), "process %u failed (%d)", process, code);
	return -ECHILD;
}

/* Marks what the process has measured. */
static int read_done(struct bench_session *s, unsigned int process, unsigned char *done)
{
	struct csv_table table;
	int failed = bench_session_read(s, &schema_bench, &table);

	if (failed)
		return failed;
	failed = bench_session_done(s, &table, process, done, false);
	csv_table_fini(&table);
	return failed;
}

/* Rows are measured in the plan's order: it was in the first that it lacks. */
static void note_failure(struct bench_session *s, unsigned int process, unsigned char *done)
{
	const unsigned char *missing = NULL;
	char row[320] = "";

	if (!read_done(s, process, done))
		missing = memchr(done, 0, s->plan->n_turns);
	if (missing) {
		const struct bench_turn *turn = &s->plan->turn[missing - done];

		bench_row_name(&s->plan->cell[turn->cell], turn->repetition, row, sizeof(row));
	}
	bench_session_note_failure(s, row);
}

/* Runs the processes that lack rows, then sums up what all of them left. */
static int run_processes(struct bench_session *s, const struct bench_respawn *how, unsigned char *done)
{
	unsigned int n = bench_processes(s->plan);
	struct csv_table table;
	int failed = 0;

	for (unsigned int p = 0; p < n && !failed && !machine_stop && !is_over(s); p++) {
		failed = read_done(s, p, done);
		if (failed || !memchr(done, 0, s->plan->n_turns))
			continue;
		how->progress(p, n);
		failed = run_process(s, how, p);
		if (failed == -ECHILD)
			note_failure(s, p, done);
	}
	if (bench_session_read(s, &schema_bench, &table))
		return failed ? failed : -EIO;
	for (unsigned int p = 0; p < n; p++) {
		if (bench_session_done(s, &table, p, done, true) && !failed)
			failed = -ENOMEM;
		for (size_t i = 0; is_over(s) && i < s->plan->n_turns; i++)
			s->late += !done[i];
	}
	csv_table_fini(&table);
	return failed;
}

int bench_session_respawn(struct bench_session *s, const struct bench_respawn *how)
{
	unsigned char *done = calloc(s->plan->n_turns + 1, 1);
	int failed = done ? run_processes(s, how, done) : bench_session_no_memory(s);

	free(done);
	return failed;
}
