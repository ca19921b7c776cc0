/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The study of barriers of one backend as a table, and as the line of `run`: made from its rows. */
#ifndef CLI_VIEW_WEAKEN_H
#define CLI_VIEW_WEAKEN_H

#include <stdio.h>

#include "explore/study/barriers.h"
#include "results/sink.h"

/* One weakening in one cell. */
struct view_trial {
	struct csv_row row;
	size_t weakening; /* the first trial of the same */
	enum xp_came came;
	char *lanes; /* of its counter-example, or NULL */
};

struct view_weaken {
	struct sink sink;
	struct view_trial *trial;
	size_t n, room;
	int width; /* of the lanes' lines */
	bool taken; /* the last row: it is one of the table's */
	bool undecided, any; /* of all rows until now */
};
void view_weaken_init(struct view_weaken *view, int width);
/* Forgets the trials: another backend is next. */
void view_weaken_clear(struct view_weaken *view);

/*
 * A line per site and weaker order with what it breaks, what carries weight and what could go, pairs that
 * only break together, the weakest set, and the shortest counter-examples.
 */
void view_weaken_table(FILE *out, const struct xp_barriers *b, const struct view_weaken *view);
/* How many carry weight. */
void view_weaken_line(FILE *out, const struct xp_barriers *b, const struct view_weaken *view);

#endif
