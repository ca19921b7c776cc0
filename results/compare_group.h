/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Private to compare: the repetitions of each case, and the steps from two groups to a verdict. */
#ifndef RESULTS_COMPARE_GROUP_H
#define RESULTS_COMPARE_GROUP_H

#include "results/compare.h"

/* The repetitions of one case. */
struct compare_group {
	const char **value; /* per key */
	double *x;
	size_t n;
	size_t first_row;
};

struct compare_groups {
	struct compare_group *group; /* sorted by value */
	size_t n;
	size_t n_skipped;
	size_t n_keys;
};

/* Which rows a side takes: all (0 of 1), or every second repetition of a case (0 of 2, 1 of 2). */
struct compare_share {
	size_t part, of;
};

/* Group `table` by the columns column[0..n_keys). -ENOMEM. */
int compare_group_table(const struct csv_table *table, const int *column, size_t n_keys, int metric,
			struct compare_share share, struct compare_groups *groups);
void compare_groups_fini(struct compare_groups *groups);

/* Order of two cases by their values. */
int compare_group_order(const struct compare_group *x, const struct compare_group *y,
			size_t n_keys);

/* Fill a result row from the two sides of a case: all but p_holm and the verdict. -ENOMEM. */
int compare_measure(struct compare_row *row, const struct compare_group *a,
		    const struct compare_group *b, const struct compare_options *options);

/* What needs all rows: Holm, verdicts, what each row could have shown, the mean. -ENOMEM. */
int compare_judge(struct compare_result *result, const struct compare_options *options);

#endif
