/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A measuring session: the results folder with its files, the signals that end it early, and the
 * run of a plan into it.
 */
#ifndef CLI_SESSION_H
#define CLI_SESSION_H

#include <time.h>

#include "bench/plan.h"
#include "bench/run.h"
#include "cli/summary.h"
#include "results/folder.h"

struct session {
	struct folder folder;
	struct csv_writer bench, latency;
	struct summary summary;
	struct bench_summary totals;
	const struct topo *topo;
	struct timespec began;
	char err[512];
	int write_failed;
};

/* Exit codes; one line on stderr on failure. */
int session_open(struct session *session, const char *out, int argc, char **argv,
		 const struct bench_plan *plan, const struct topo *topo);
/* Measures the plan.  EXIT_AS_STATED, EXIT_VIOLATED, EXIT_UNDECIDED, ..., or 128 + signal. */
int session_bench(struct session *session, const struct bench_plan *plan);
/* Writes the end into run.json and closes; returns the worse of `code` and its own. */
int session_close(struct session *session, int code);

/* From here on SIGINT and SIGTERM end the session cleanly. */
void session_catch_signals(void);
int session_signal(void); /* 0: none came */

/* Loads this machine's topology, or another one's for planning. */
int session_topo(struct topo **topo, const char *xml, const char *synthetic);

/* The plan as JSON for run.json. */
struct cJSON *session_plan_json(const struct bench_plan *plan);

#endif
