// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Going on with a results folder: rows that are there stay, a torn one and histograms without a row
 * go, and what is missing is measured; in this process, or in one fresh process after the other.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <cjson/cJSON.h>

#include "bench/session/done.h"
#include "cli/exit_code.h"
#include "cli/opt.h"
#include "cli/session.h"
#include "results/schema.h"

static unsigned int n_processes(const struct bench_plan *plan)
{
	return plan->options->processes ? plan->options->processes : 1;
}

static int read_csv(struct session *s, const struct csv_schema *schema, struct csv_table *table)
{
	char name[64], path[PATH_MAX];

	snprintf(name, sizeof(name), "%s.csv", schema->name);
	if (folder_file(&s->folder, name, path, sizeof(path))) {
		snprintf(s->err, sizeof(s->err), "the path of the results folder is too long");
		return -ENAMETOOLONG;
	}
	return csv_read(path, table, s->err, sizeof(s->err));
}

/* A row of the plan that is there. */
struct adding {
	struct session *session;
	const struct bench_plan *plan;
	const struct csv_table *table;
	bool count;
};

static void add_found(void *arg, size_t turn, size_t row)
{
	const struct adding *a = arg;
	const char *verdict = csv_cell(a->table, row, csv_table_find(a->table, "verdict"));

	if (a->count)
		session_add(a->session, a->plan->turn[turn].cell, verdict_of(verdict));
}

/* What a process has, into done[]; counted where that is wanted. */
static int find_done(struct session *s, const struct bench_plan *plan, const struct csv_table *table,
		     unsigned int process, unsigned char *done, bool count)
{
	struct adding adding = { s, plan, table, count };
	int failed = bench_done(plan, table, process, done, add_found, &adding);

	if (failed)
		snprintf(s->err, sizeof(s->err), "out of memory");
	return failed;
}

/* A kill between a histogram and its row leaves the histogram. */
static int cut_orphans(struct session *s, const struct csv_table *bench)
{
	struct csv_table latency;
	size_t n = 0;
	int failed = read_csv(s, &schema_latency, &latency);

	if (failed)
		return failed;
	failed = bench_done_orphans(bench, &latency, &n);
	if (!failed && n)
		failed = csv_cut(&s->latency, latency.n_rows - n);
	if (failed)
		snprintf(s->err, sizeof(s->err), "latency.csv: %s", strerror(-failed));
	csv_table_fini(&latency);
	return failed;
}

/* After the files are open: what is there, and which turns to skip. */
static int take_over(struct session *s, const struct bench_plan *plan)
{
	struct csv_table table;
	int failed = read_csv(s, &schema_bench, &table);

	if (failed)
		return failed;
	s->skip = calloc(plan->n_turns + 1, 1);
	failed = s->skip ? cut_orphans(s, &table) : -ENOMEM;
	if (!failed)
		failed = find_done(s, plan, &table, s->process, s->skip, true);
	csv_table_fini(&table);
	return failed;
}

static int prepare(struct session *s, const struct bench_plan *plan)
{
	if (session_open_files(s, plan, CSV_APPEND))
		return env_error("%s", s->err);
	/* With several processes each takes over its own part. */
	if (n_processes(plan) == 1 && take_over(s, plan))
		return env_error("%s", s->err);
	return EXIT_AS_STATED;
}

int session_resume(struct session *s, const char *dir, int argc, char **argv,
		   const struct bench_plan *plan, const struct topo *topo)
{
	struct folder_options options;
	int failed;

	session_begin(s, topo);
	if (session_describe_folder(&options, dir, argc, argv, plan, topo))
		return env_error("out of memory");
	snprintf(s->folder.path, sizeof(s->folder.path), "%s", dir);
	failed = session_lock(s);
	if (!failed)
		failed = folder_resume(&s->folder, &options, s->err, sizeof(s->err));
	cJSON_Delete((cJSON *)options.plan);
	return failed ? usage_error("%s", s->err) : prepare(s, plan);
}

int session_join(struct session *s, const char *dir, unsigned int process,
		 const struct bench_plan *plan, const struct topo *topo)
{
	session_begin(s, topo);
	s->process = process;
	if (folder_join(&s->folder, dir, s->err, sizeof(s->err)))
		return usage_error("%s", s->err);
	if (session_open_files(s, plan, CSV_APPEND) || take_over(s, plan))
		return env_error("%s", s->err);
	return EXIT_AS_STATED;
}

/* The child, which is this program again: new addresses, new pages. */
static void exec_process(const struct session *s, unsigned int process, pid_t parent)
{
	char number[16], dir[PATH_MAX];
	char *argv[] = { (char *)"kickbench", (char *)"bench",	   (char *)"--resume", dir,
			 (char *)"--process", number, NULL };

	snprintf(dir, sizeof(dir), "%s", s->folder.path);
	snprintf(number, sizeof(number), "%u", process);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent) /* it died before that */
		_exit(EXIT_ENVIRONMENT);
	execv("/proc/self/exe", argv);
	_exit(EXIT_ENVIRONMENT);
}

/* Its exit code; a signal that we got is passed on once. */
static int wait_for(pid_t child)
{
	const struct timespec nap = { .tv_nsec = 5000000 };
	int status = 0;
	bool told = false;

	while (waitpid(child, &status, WNOHANG) == 0) {
		if (session_signal() && !told) {
			kill(child, SIGTERM);
			told = true;
		}
		nanosleep(&nap, NULL);
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* 0, or -errno with a line in err: the process cannot be, or failed otherwise than by its rows. */
static int run_process(struct session *s, unsigned int process)
{
	pid_t parent = getpid(), child;
	int code;

	fflush(NULL);
	child = fork();
	if (!child)
		exec_process(s, process, parent);
	code = child < 0 ? EXIT_ENVIRONMENT : wait_for(child);
	if (session_signal())
		return -EINTR;
	if (code == EXIT_AS_STATED || code == EXIT_VIOLATED || code == EXIT_UNDECIDED ||
	    code == EXIT_SKIPPED)
		return 0;
	snprintf(s->err, sizeof(s->err), "process %u failed (%d)", process, code);
	return -ECHILD;
}

static bool is_missing(const unsigned char *done, size_t n)
{
	return memchr(done, 0, n) != NULL;
}

/* Runs the processes that lack rows, then sums up what all of them left. */
static int run_processes(struct session *s, const struct bench_plan *plan, unsigned char *done)
{
	unsigned int n = n_processes(plan);
	struct csv_table table;
	int failed = 0;

	for (unsigned int p = 0; p < n && !failed && !machine_stop; p++) {
		failed = read_csv(s, &schema_bench, &table);
		if (failed)
			break;
		failed = find_done(s, plan, &table, p, done, false);
		csv_table_fini(&table);
		if (!failed && is_missing(done, plan->n_turns)) {
			if (isatty(STDERR_FILENO))
				fprintf(stderr, "process %u of %u\n", p + 1, n);
			failed = run_process(s, p);
		}
	}
	if (read_csv(s, &schema_bench, &table))
		return failed ? failed : -EIO;
	for (unsigned int p = 0; p < n; p++)
		if (find_done(s, plan, &table, p, done, true) && !failed)
			failed = -ENOMEM;
	csv_table_fini(&table);
	return failed;
}

int session_respawn(struct session *s, const struct bench_plan *plan)
{
	unsigned char *done = calloc(plan->n_turns + 1, 1);
	int failed = done ? run_processes(s, plan, done) : -ENOMEM;

	if (!done)
		snprintf(s->err, sizeof(s->err), "out of memory");
	free(done);
	return session_code(s, failed, plan);
}
