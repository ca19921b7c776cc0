// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Going on with a results folder: rows that are there stay, a torn one and histograms without a row go,
 * and what is missing is measured.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cjson/cJSON.h>

#include "bench/session/done.h"
#include "bench/session/session.h"
#include "results/schema.h"

int bench_session_read(struct bench_session *s, const struct csv_schema *schema, struct csv_table *table)
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
	struct bench_session *session;
	const struct csv_table *table;
	bool count;
};

static void add_found(void *arg, size_t turn, size_t row)
{
	const struct adding *a = arg;
	const char *verdict = csv_cell(a->table, row, csv_table_find(a->table, "verdict"));

	if (a->count)
		bench_session_count(a->session, a->session->plan->turn[turn].cell, verdict_of(verdict));
}

int bench_session_done(struct bench_session *s, const struct csv_table *table, unsigned int process,
		       unsigned char *done, bool count)
{
	struct adding adding = { s, table, count };
	int failed = bench_done(s->plan, table, process, done, add_found, &adding);

	return failed ? bench_session_no_memory(s) : 0;
}

/* A kill between a histogram and its row leaves the histogram. */
static int cut_orphans(struct bench_session *s, const struct csv_table *bench)
{
	struct csv_table latency;
	size_t n = 0;
	int failed = bench_session_read(s, &schema_latency, &latency);

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
static int take_over(struct bench_session *s)
{
	struct csv_table table;
	int failed = bench_session_read(s, &schema_bench, &table);

	if (failed)
		return failed;
	s->skip = calloc(s->plan->n_turns + 1, 1);
	failed = s->skip ? cut_orphans(s, &table) : bench_session_no_memory(s);
	if (!failed)
		failed = bench_session_done(s, &table, s->process, s->skip, true);
	csv_table_fini(&table);
	return failed;
}

int bench_session_resume(struct bench_session *s, const char *dir, int argc, char **argv,
			 const struct bench_plan *plan)
{
	struct folder_options options;
	int failed;

	bench_session_begin(s, plan);
	if (bench_session_describe(&options, dir, argc, argv, plan))
		return bench_session_no_memory(s);
	snprintf(s->folder.path, sizeof(s->folder.path), "%s", dir);
	failed = bench_session_lock(s);
	if (!failed)
		failed = folder_resume(&s->folder, &options, s->err, sizeof(s->err));
	cJSON_Delete((cJSON *)options.plan);
	cJSON_Delete((cJSON *)options.pu_layout);
	if (failed)
		return folder_is_misnamed(failed) ? -EINVAL : failed;
	failed = bench_session_open_files(s, CSV_APPEND);
	/* With several processes each takes over its own part. */
	return failed || bench_processes(plan) > 1 ? failed : take_over(s);
}

int bench_session_join(struct bench_session *s, const char *dir, unsigned int process,
		       const struct bench_plan *plan)
{
	int failed;

	bench_session_begin(s, plan);
	s->process = process;
	failed = folder_join(&s->folder, dir, s->err, sizeof(s->err));
	if (failed)
		return folder_is_misnamed(failed) ? -EINVAL : failed;
	failed = bench_session_open_files(s, CSV_APPEND);
	return failed ? failed : take_over(s);
}
