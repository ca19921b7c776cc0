/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where a judge's results go.  A judge fills rows of its schema and hands them out as they are done,
 * with the texts that belong to them; whoever called it decides what becomes of them: files, a table on
 * the terminal, JSON, several of these.
 */
#ifndef RESULTS_SINK_H
#define RESULTS_SINK_H

#include <stddef.h>

#include "results/csv.h"
#include "results/folder.h"

struct cJSON;
struct lanes;

struct sink {
	/* A finished row; its schema says of what.  The row stays the caller's.  -errno. */
	int (*row)(struct sink *sink, const struct csv_row *row);
	/* A text that belongs to the last row: a file name ("trace-old-lost.txt") and all of it. */
	int (*text)(struct sink *sink, const char *name, const char *text);
	/* An execution of the last row; a file name without suffix: "example-old-two-kicks-sc".  -errno. */
	int (*lanes)(struct sink *sink, const char *name, const struct lanes *lanes);
};

int sink_row(struct sink *sink, const struct csv_row *row);
int sink_text(struct sink *sink, const char *name, const char *text);
/*
 * One latency.csv row per non-empty bucket; the case's cells are copied from its bench.csv row.
 * `kind` names the histogram where a case has several ("roundtrip", "claim_to_send", ...).  -errno.
 */
int sink_latency(struct sink *sink, const struct csv_row *bench, const char *kind,
		 const struct histogram *h);
int sink_lanes(struct sink *sink, const char *name, const struct lanes *lanes);

enum { SINK_SCHEMAS = 8 };

/*
 * Into a results folder: NAME.csv of each schema that has rows, row by row; each text as a file, lanes as
 * NAME.txt and NAME.json.
 */
struct sink_folder {
	struct sink sink;
	const struct folder *folder;
	struct csv_writer writer[SINK_SCHEMAS];
	size_t n;
	char err[256]; /* of the first failure */
};
void sink_folder_init(struct sink_folder *to, const struct folder *folder);
/* Creates the schema's file before there is a row.  -errno. */
int sink_folder_begin(struct sink_folder *to, const struct csv_schema *schema);
int sink_folder_close(struct sink_folder *to); /* -errno of the first close that failed */

/* Kept in memory, in order: for tables and JSON that are made when all is there. */
struct sink_rows {
	struct sink sink;
	struct csv_row *row;
	size_t n, room;
};
void sink_rows_init(struct sink_rows *to);
void sink_rows_fini(struct sink_rows *to);
struct cJSON *sink_rows_json(const struct sink_rows *rows,
			     const struct csv_schema *schema); /* NULL: -ENOMEM */

/* To several, in order; the first failure is returned, the others get it all the same. */
struct sink_tee {
	struct sink sink;
	struct sink **to;
	size_t n;
};
void sink_tee_init(struct sink_tee *tee, struct sink **to, size_t n);

/* What belongs into files: rows with the columns of a schema of their name, none of the judge's own. */
struct sink_only {
	struct sink sink;
	struct sink *to;
	const struct csv_schema *schema; /* NULL: no rows */
	const char *lanes;		 /* those whose name begins so; NULL: none */
	bool texts;
};
void sink_only_init(struct sink_only *only, struct sink *to, const struct csv_schema *schema);

#endif
