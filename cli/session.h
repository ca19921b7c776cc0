/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A measuring session: the results folder with its files, the signals that end it early, and the
 * run of a plan into it.
 */
#ifndef CLI_SESSION_H
#define CLI_SESSION_H

#include <time.h>

#include "bench/plan/plan.h"
#include "bench/run/run.h"
#include "results/folder.h"

struct session {
	struct folder folder;
	struct csv_writer bench, latency;
	struct bench_meter meter;
	struct csv_schema columns; /* bench.csv's in this run */
	/* Per cell of the plan: what the rows that are there say. */
	struct session_cell {
		bool any, ok, violated;
	} *cell;
	struct bench_summary totals;
	unsigned int process;
	unsigned char *skip; /* per turn: rows that were there; NULL: none */
	int lock;	     /* on the folder, so that two runs do not share it; -1: none */
	const struct bench_plan *plan; /* NULL: not that far */
	const struct topo *topo;
	struct timespec began;
	char err[512];
	int write_failed;
};

/* Exit codes; one line on stderr on failure. */
int session_open(struct session *session, const char *out, int argc, char **argv,
		 const struct bench_plan *plan, const struct topo *topo);
/* The same for a folder that an ended run left; what it has counts and is not repeated. */
int session_resume(struct session *session, const char *dir, int argc, char **argv,
		   const struct bench_plan *plan, const struct topo *topo);
/* The same for one process of many, under a session that is open: run.json is left alone. */
int session_join(struct session *session, const char *dir, unsigned int process,
		 const struct bench_plan *plan, const struct topo *topo);
/* As session_bench(), in one fresh process after the other: as many as the plan's options say. */
int session_respawn(struct session *session, const struct bench_plan *plan);
/* Measures the plan.  EXIT_AS_STATED, EXIT_VIOLATED, EXIT_UNDECIDED, ..., or 128 + signal. */
int session_bench(struct session *session, const struct bench_plan *plan);
/* Writes the end into run.json and closes; returns the worse of `code` and its own. */
int session_close(struct session *session, int code);

/* What session_bench() and session_respawn() return, once all rows are counted. */
int session_code(const struct session *session, int failed, const struct bench_plan *plan);

/* Counts a row of a cell. */
void session_add(struct session *session, size_t cell, enum verdict verdict);

/* Their parts.  0, or -errno with a line in session->err. */
int session_open_files(struct session *session, const struct bench_plan *plan, enum csv_open how);
void session_begin(struct session *session, const struct topo *topo);
/* What will be counted, proven, and the columns for it; for run.json.  -ENOMEM. */
int session_count(struct session *session, const struct bench_plan *plan);
struct cJSON *session_perf_json(const struct bench_meter *meter);
struct folder_options;
int session_describe_folder(struct folder_options *options, const char *out, int argc, char **argv,
			    const struct bench_plan *plan, const struct topo *topo);
int session_lock(struct session *session);

/* From here on SIGINT and SIGTERM end the session cleanly. */
void session_catch_signals(void);
int session_signal(void); /* 0: none came */

/* Loads this machine's topology, or another one's for planning. */
int session_topo(struct topo **topo, const char *xml, const char *synthetic);

/* The plan as JSON for run.json. */
struct cJSON *session_plan_json(const struct bench_plan *plan);

#endif
