// SPDX-License-Identifier: GPL-2.0-or-later
/* The clock of explore. */
#include "explore/cell/budget.h"

#include <math.h>

#include "explore/cell/cell.h"

bool xp_stopped(const struct xp_watcher *watcher)
{
	return watcher && watcher->stopped && watcher->stopped(watcher->arg);
}

void xp_tell(const struct xp_watcher *watcher, const struct xp_news *news)
{
	if (watcher && watcher->news)
		watcher->news(watcher->arg, news);
}

void xp_budget_begin(struct xp_budget *b, double seconds, const struct xp_watcher *watcher)
{
	*b = (struct xp_budget){ .seconds = seconds, .watcher = watcher };
	clock_gettime(CLOCK_MONOTONIC, &b->began);
}

double xp_budget_elapsed(const struct xp_budget *b)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)(now.tv_sec - b->began.tv_sec) + (double)(now.tv_nsec - b->began.tv_nsec) * 1e-9;
}

bool xp_budget_tick(void *arg, uint64_t executions)
{
	struct xp_budget *b = arg;

	b->news.executions = executions;
	b->news.seconds = xp_budget_elapsed(b);
	b->news.share = xp.search == &xp_dpor ? xp_share_done() : 0;
	xp_tell(b->watcher, &b->news);
	return !xp_stopped(b->watcher) && (!b->seconds || b->news.seconds < b->seconds);
}

/*
 * Whose turn it is.  There are more executions than states wherever there are many of either: so the prover
 * has what is small, the walk the most of what is left, and the prover the rest.  Graphs of which all is left
 * have about as many states as executions, unless something is read again and again; but who will not be
 * through by an estimate that leaves out what is not known yet has a quarter of the time.
 */
enum { EXECUTIONS = 100000, GRAPHS = 1000000, WALKED = 8000000 };

static bool all_is_left(void)
{
	return xp.model->graph && xp.model->remembers && xp.model->remembers();
}

bool xp_budget_late(void *arg, uint64_t executions)
{
	const struct xp_budget *b = arg;
	bool whole = all_is_left(), proves = xp.search == &xp_dpor;
	double elapsed, spent;

	if (!b->seconds)
		return proves ? executions >= (whole ? GRAPHS : EXECUTIONS) : whole && executions >= WALKED;
	elapsed = xp_budget_elapsed(b);
	spent = elapsed / b->seconds;
	if (!whole)
		return proves ? elapsed > fmin(b->seconds / 40, 0.25) : spent > 0.85;
	return spent > 0.75 || (proves && spent > 0.25 && xp_share_done() < spent);
}
