/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Worker processes that share the parts of one cell, or several cells. */
#ifndef EXPLORE_WORKERS_H
#define EXPLORE_WORKERS_H

#include <stddef.h>

#include "explore/cell/budget.h"
#include "explore/cell/explore.h"

enum { XP_MOST_WORKERS = 256 };

struct xp_workers {
	struct xp_cell *cell; /* not changed, but for status and reason where a worker fails */
	const struct xp_options *options;
	double seconds; /* 0: no limit */
	const struct xp_watcher *watcher;
	int n;
	const uint64_t *todo; /* parts, ascending; or cells, by numbers of the caller's */
	size_t n_todo;
	/* In the parent, for each part as it comes in; whole: to its end. */
	void (*result)(void *arg, uint64_t part, const struct xp_cell *result, bool whole);
	/* Or for cells: in a worker, which fills the cell and says in how many seconds; in the parent. */
	double (*work_on)(void *arg, uint64_t number, struct xp_cell *cell,
			  const struct xp_watcher *watcher);
	void (*arrived)(void *arg, uint64_t number, const struct xp_cell *said,
			double seconds);
	void *arg;
};

/*
 * Returns when every worker has ended: all is done, or time is over, or a signal came.  0, or a worker died
 * or failed: then the cell is XP_FAILED with a reason, and the others are ended, unless they work on cells.
 */
int xp_workers_run(const struct xp_workers *workers);

#endif
