/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What explore prints and writes. */
#ifndef CLI_EXPLORE_OUTPUT_H
#define CLI_EXPLORE_OUTPUT_H

#include "explore/cell/explore.h"
#include "results/folder.h"
#include "results/verdict.h"

struct cJSON;

/* A cell with what the caller knows of it. */
struct explore_row {
	const struct xp_cell *cell;
	double seconds;
	bool expected;	       /* was the declaration judged? */
	unsigned int declared; /* KICK_V_* */
	const struct xp_cell *pct; /* sampled beside an exact count, or NULL */
	bool cached;	       /* known from an earlier run */
	enum verdict verdict;
};

void explore_print(const struct explore_row *row, bool all_steps);
struct cJSON *explore_json(const struct explore_row *row);

/* The results folder of --out. */
struct explore_folder {
	struct folder folder;
	struct csv_writer csv;
	int examples; /* so far */
	char err[512];
};
/* explore.csv and the examples go into a folder that is open already; no close: see _leave(). */
int explore_folder_join(struct explore_folder *f, const struct folder *folder);
void explore_folder_leave(struct explore_folder *f);
/* Exit codes. */
int explore_folder_open(struct explore_folder *f, const struct csv_schema *schema, const char *out,
			int argc, char **argv, uint64_t seed);
int explore_folder_write(struct explore_folder *f, const struct explore_row *row);
int explore_folder_close(struct explore_folder *f, int code);

/* Of the last replayed example. */
int explore_write_svg(const char *path, const struct xp_cell *cell);

#endif
