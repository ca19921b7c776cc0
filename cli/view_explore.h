/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rows of explore (explore/cell/ask.h) as lines, as JSON, as the tables of --matrix and of `run`. */
#ifndef CLI_VIEW_EXPLORE_H
#define CLI_VIEW_EXPLORE_H

#include <stddef.h>

#include "cli/view_terminal.h"
#include "results/sink.h"

struct cJSON;

/* The exit code of all rows until now; of none, EXIT_SKIPPED. */
struct view_code {
	struct sink sink;
	int code;
};
void view_code_init(struct view_code *view);

/* How many cells came to what, and which. */
enum view_end { VIEW_VIOLATED, VIEW_UNDECIDED, VIEW_FAILED, VIEW_HOLDS, VIEW_NA, VIEW_ENDS };
struct view_tally {
	size_t n[VIEW_ENDS], cells;
	char *names[VIEW_ENDS]; /* "old two-kicks (sc tso), ...", or NULL */
	char last[VIEW_ENDS][96];
	bool expected; /* as declared, or not */
};
void view_tally_add(struct view_tally *tally, const struct csv_row *row);
/* The closing line of several cells; frees what is in it. */
void view_tally_print(struct view_tally *tally);

/* A line for each cell, and below it what was counted, and the counter-example. */
struct view_cells {
	struct sink sink;
	struct view_progress *progress;
	bool all_steps;
	struct csv_row last;
	struct view_tally tally;
};
int view_cells_init(struct view_cells *view, struct view_progress *progress, bool all_steps); /* -ENOMEM */
/* After the last line. */
void view_cells_fini(struct view_cells *view);

/* An array with an object for each cell: to be printed and deleted by the caller. */
struct view_cells_json {
	struct sink sink;
	struct cJSON *array, *cell;
};
void view_cells_json_init(struct view_cells_json *view);

/* One table per preset, a line per backend, a column per memory model: of rows in that order. */
struct view_matrix {
	struct sink sink;
	struct view_progress *progress;
	size_t n_backends, n_models;
	const char *const *model;
	char word[8][160];
	char *why[8]; /* of those that failed */
	size_t cached;
	bool late; /* a cell was not through in its time */
	struct view_tally tally;
};
/* After the last table; frees what is in it. */
void view_matrix_totals(struct view_matrix *view, double seconds);
void view_matrix_init(struct view_matrix *view, struct view_progress *progress, size_t n_backends,
		      const char *const *model, size_t n_models);

/* The table of `run`: a line per backend, a word for each of its cells. */
struct view_quick {
	struct sink sink;
	size_t n_cells, done; /* of a backend */
};
void view_quick_init(struct view_quick *view, size_t n_cells);

/* Pictures of counter-examples: each in the folder, or all into one file: the last stays. */
struct view_svg {
	struct sink sink;
	const char *path;
	const struct folder *folder;
	char cell[200]; /* that the next one is of */
	int failed;	/* -errno of the last that could not be written */
};
void view_svg_init(struct view_svg *view, const char *path, const struct folder *folder);

#endif
