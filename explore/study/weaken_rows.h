/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The study of barriers as rows of schema_weaken.  A row that has a counter-example is followed by its lanes.
 */
#ifndef EXPLORE_WEAKEN_ROWS_H
#define EXPLORE_WEAKEN_ROWS_H

#include "explore/cell/ask.h"
#include "explore/study/barriers.h"

struct xp_weaken_ask {
	const struct xp_ask *cells;
	bool pairs;
	bool together; /* seconds are for all cells of a backend, not for each */
	/* The study of one backend is over; n_bases is 0 if it has none of the cells. */
	void (*ended)(void *arg, const struct xp_barriers *barriers);
	void *arg;
};

/* 0, or -errno: of the study (see xp_barriers_study()), or the first that the sink said. */
int xp_run_weaken(const struct xp_weaken_ask *ask, struct sink *sink);

#endif
