/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A cell's work in a child process: no judge's own process runs a backend's text.  What the child has found
 * comes back, or the cell is FAILED, and the reason says what the backend did, and where.
 */
#ifndef EXPLORE_ERRAND_H
#define EXPLORE_ERRAND_H

#include "explore/cell/budget.h"
#include "explore/cell/explore.h"
#include "results/lanes.h"

struct xp_errand {
	/* In the child, of its own copies of what follows; the options' arg is the budget. */
	void (*work)(struct xp_errand *errand);
	struct xp_cell *cell;		  /* its results come back */
	const struct xp_options *options; /* of work(), which may be NULL */
	struct xp_budget *budget;	  /* its watcher is told by the parent; may be NULL */
	void *more;			  /* so many bytes, zeros at first, come back, too */
	size_t more_size;
	void *arg;  /* work()'s own; what it points to is as it was when the child began */
	bool watch; /* with every site remembered; those that were met are met in the parent, too */
	/* Of the cell's example, if it has one: without the folded steps; all, if wanted.  To be freed. */
	bool want_all;
	struct lanes lanes, all_lanes;
};

/* False: the child did not come back, and the cell says so. */
bool xp_errand_run(struct xp_errand *errand);
void xp_errand_fini(struct xp_errand *errand);
/* One child runs many errands of one backend; there is none after this. */
void xp_errands_end(void);
/* The usual work: xp_cell_run(). */
void xp_errand_cell(struct xp_errand *errand);

/* In a child: malloc() fails before the machine or the control group is out of memory. */
void xp_errand_limit(void);

#endif
