/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A line on a terminal that says how far explore is, and signals that end it. */
#ifndef CLI_VIEW_PROGRESS_H
#define CLI_VIEW_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "explore/cell/budget.h"

struct view_progress {
	bool terminal;
	bool cells;	/* which cell it is is worth a line */
	bool stands;	/* something is on the line */
	uint64_t shown; /* executions */
};

/* The watcher tells this progress, which must outlive it. */
struct xp_watcher view_progress_init(struct view_progress *progress, bool cells);
void view_progress_wipe(struct view_progress *progress);

#endif
