/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A measuring session: a results folder with its files, and the run of a plan into it, in this process or
 * in fresh ones, from the start or from where an earlier one was ended.  machine_stop ends it early.
 */
#ifndef BENCH_SESSION_H
#define BENCH_SESSION_H

#include <time.h>

#include "bench/run/run.h"
#include "results/folder.h"
#include "results/sink.h"

struct bench_session {
	struct sink sink; /* where rows go: into the two files */
	struct folder folder;
	struct csv_writer bench, latency;
	struct bench_meter meter;
	struct csv_schema columns; /* bench.csv's in this run */
	/* Per cell of the plan: what the rows that are there say. */
	struct bench_session_cell {
		bool any, ok, violated;
	} *cell;
	unsigned int process;
	unsigned char *skip; /* per turn: rows that were there; NULL: none */
	int lock;	     /* on the folder, so that two runs do not share it; -1: none */
	const struct bench_plan *plan;
	struct timespec began;
	char err[512];
	int write_failed; /* -errno */
	size_t late;	  /* rows that were left out, since the time was over */
	/* Before each row, with the session as arg; or NULL. */
	void (*progress)(void *arg, size_t done, size_t of, const struct bench_case *c);
};

/* How processes of their own are started, and what their exit codes say. */
struct bench_respawn {
	/* In the child: becomes a process that joins the folder; returns only where it cannot. */
	void (*exec)(const char *dir, unsigned int process);
	bool (*has_measured)(int exit_code);
	void (*progress)(unsigned int process, unsigned int of); /* before each */
};

/*
 * 0, or -errno with a line in err; -EINVAL: the folder is not one to measure this plan into.  Whatever is
 * returned, bench_session_close() is for what was opened.
 */
int bench_session_open(struct bench_session *session, const char *out, int argc, char **argv,
		       const struct bench_plan *plan);
/* The same for a folder that an ended run left; what it has counts and is not repeated. */
int bench_session_resume(struct bench_session *session, const char *dir, int argc, char **argv,
			 const struct bench_plan *plan);
/* The same for one process of many, under a session that is open: run.json is left alone. */
int bench_session_join(struct bench_session *session, const char *dir, unsigned int process,
		       const struct bench_plan *plan);
/* Plans each backend in a child.  -ECHILD with a line in err: one crashed or hung there, by name. */
int bench_try(const struct bench_options *options, const struct topo *topo, char *err, size_t err_size);
/* bench_row_cost() in a child; -ECHILD, too. */
int bench_row_cost_apart(const struct bench_options *options, const struct topo *topo, uint64_t *row_ns,
			 char *err, size_t err_size);
/* Measures the plan.  0, or -errno with a line in err; -EINTR: machine_stop was set. */
int bench_session_run(struct bench_session *session);
/*
 * The same in a child process.  -ECHILD, too: a backend crashed or hung, err and run.json's `failed` say in
 * which row; the rows before it are kept.
 */
int bench_session_run_apart(struct bench_session *session);
/* The same in one fresh process after the other: as many as the plan's options say. */
int bench_session_respawn(struct bench_session *session, const struct bench_respawn *how);
/* Of all cells the worst, each being as good as its best row; VERDICT_NA: nothing could run. */
enum verdict bench_session_verdict(const struct bench_session *session);
/* Writes matrix.csv and the end into run.json, and closes.  -errno with a line in err. */
int bench_session_close(struct bench_session *session, const char *state);

/* The plan, and what is counted, as JSON for run.json. */
struct cJSON *bench_plan_json(const struct bench_plan *plan);
struct cJSON *bench_perf_json(const struct bench_meter *meter);

/*
 * matrix.csv, what the repetitions of each pair of PUs come to, with where the two are: written anew from the
 * folder's bench.csv if the plan has pairs.  -errno with a line in err.
 */
int bench_matrix_csv(const struct folder *folder, const struct bench_plan *plan, char *err,
		     size_t err_size);

/* Parts of the above. */
struct folder_options;
void bench_session_begin(struct bench_session *session, const struct bench_plan *plan);
int bench_session_describe(struct folder_options *options, const char *out, int argc, char **argv,
			   const struct bench_plan *plan); /* -ENOMEM */
int bench_session_lock(struct bench_session *session);
int bench_session_open_files(struct bench_session *session, enum csv_open how);
/* For who reads run.json: in which row, and what err says of it. */
void bench_session_note_failure(struct bench_session *session, const char *row);
int bench_session_no_memory(struct bench_session *session); /* -ENOMEM, and says so in err */
void bench_session_count(struct bench_session *session, size_t cell, enum verdict verdict);
struct csv_table;
/* Marks in done[] the turns that `process` has measured, and counts them where that is wanted.  -ENOMEM. */
int bench_session_done(struct bench_session *session, const struct csv_table *table, unsigned int process,
		       unsigned char *done, bool count);
int bench_session_read(struct bench_session *session, const struct csv_schema *schema,
		       struct csv_table *table);

static inline unsigned int bench_processes(const struct bench_plan *plan)
{
	return plan->options->processes ? plan->options->processes : 1;
}

#endif
