/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A trial of --weaken as a row of weaken.csv, and what the table keeps of it. */
#ifndef CLI_WEAKEN_ROWS_H
#define CLI_WEAKEN_ROWS_H

#include "explore/study/barriers.h"
#include "results/csv.h"

struct weaken_kept {
	enum xp_round round;
	const struct xp_ordered *site[2];
	enum xp_rung to[2];
	char preset[40];
	const char *model;
	unsigned int model_bit;
	enum xp_came came;
	unsigned int broke;
	int steps;   /* lines of the lanes */
	char *lanes; /* of its counter-example with the line for --replay, or NULL */
};

struct weaken_rows {
	struct weaken_kept *kept;
	size_t n, room;
};

/* -ENOMEM.  The lanes are of the execution that was replayed last: to be called at once. */
int weaken_keep(struct weaken_rows *rows, const struct xp_trial *trial);
void weaken_rows_fini(struct weaken_rows *rows);

/* Fills a row of schema_weaken. */
void weaken_fill(struct csv_row *row, const char *run_id, const struct xp_trial *trial);

#endif
