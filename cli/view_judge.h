/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The page of judge: what was found, what it costs, what was not shown. */
#ifndef CLI_VIEW_JUDGE_H
#define CLI_VIEW_JUDGE_H

#include "cli/view_explore.h"
#include "results/compare.h"

/* What explore says of one backend. */
struct view_judged {
	struct sink sink;
	struct view_tally tally;
	size_t faults, curiosities, na;
	char *found;   /* "LOST, POISONED; MODE (a curiosity, no fault)"; NULL: nothing */
	char *why_not; /* reasons of na, each once */
	char *why_failed, *why_undecided; /* the first reason */
	bool endless; /* executions went on and on: no time decides that */
	char *lanes;   /* the first counter-example */
	char *replay;  /* its name */
	bool shows, of_fault; /* the next lanes are it; it is one of a fault */
	size_t size;
};
void view_judged_init(struct view_judged *view);
void view_judged_fini(struct view_judged *view);
/* Several lines about safety, in our model. */
void view_judged_print(struct view_judged *view, const char *backend, double seconds);

/*
 * A line per case: what it costs beside the base, gated by the base beside itself.  The rows of
 * backends that begin with `again`, the base under other names, are that A/A.  Those of `backend`
 * that are slower, faster, and those that nothing shows.
 */
struct csv_table;
struct view_price {
	size_t faster, slower, same, unknown;
	double sees; /* the smallest change that every row could have shown */
};
void view_price_print(const struct compare_result *r, const struct csv_table *table,
		      const struct compare_options *o, const char *backend, const char *again,
		      struct view_price *price);

#endif
