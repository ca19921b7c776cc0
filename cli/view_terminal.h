/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What only a terminal gets: colours, and a line that says how far explore is. */
#ifndef CLI_VIEW_TERMINAL_H
#define CLI_VIEW_TERMINAL_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "explore/cell/budget.h"

/* Each is "" where there is no terminal, or where NO_COLOR is set. */
const char *view_bold(FILE *out);
const char *view_bad(FILE *out);
const char *view_plain(FILE *out);

/* Columns: what COLUMNS says, or the terminal that stdout is; of neither, what is said here. */
int view_width(int otherwise);
/* The command that runs a counter-example again, in lines of at most so many columns that a shell joins. */
void view_replay(FILE *out, const char *name, int width);

struct view_progress {
	bool terminal;
	bool cells;	/* which cell it is is worth a line */
	bool stands;	/* something is on the line */
	uint64_t shown; /* executions */
};

/* The watcher tells this progress, which must outlive it, and asks for signals. */
struct xp_watcher view_progress_init(struct view_progress *progress, bool cells);
void view_progress_wipe(struct view_progress *progress);

#endif
