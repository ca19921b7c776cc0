/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The only clock of explore: how long a cell may take, and who wants to know how far it is. */
#ifndef EXPLORE_BUDGET_H
#define EXPLORE_BUDGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

struct xp_cell;

/* How far it is; what is 0 is not known. */
struct xp_news {
	const struct xp_cell *cell; /* that is explored now */
	uint64_t executions;	    /* of it, and seconds on it, until now */
	double seconds;
	double share;		    /* of the prover's search that is done, an estimate */
	size_t cells, of_cells;	    /* done before it, of all that were asked for, in so many seconds */
	double cells_seconds;
	uint64_t parts, of_parts;   /* of it, where it is divided; new: known since it was begun */
	uint64_t new_parts;
};

/* Who waits for it. */
struct xp_watcher {
	bool (*stopped)(void *arg); /* asked all the time: is it to end now? */
	void (*news)(void *arg, const struct xp_news *news); /* may be NULL */
	void *arg;
};

struct xp_budget {
	struct timespec began;
	double seconds; /* 0: no limit */
	const struct xp_watcher *watcher; /* NULL: nobody */
	struct xp_news news;
};

bool xp_stopped(const struct xp_watcher *watcher);
void xp_tell(const struct xp_watcher *watcher, const struct xp_news *news);

void xp_budget_begin(struct xp_budget *budget, double seconds, const struct xp_watcher *watcher);
double xp_budget_elapsed(const struct xp_budget *budget); /* seconds */
/* For xp_options.tick, with the budget as its arg: tells the watcher; false once it is spent. */
bool xp_budget_tick(void *budget, uint64_t executions);
/* For xp_options.late: the search that runs has had its share of the time; without a limit, of executions. */
bool xp_budget_late(void *budget, uint64_t executions);

#endif
