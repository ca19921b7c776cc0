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

/*
 * Which samples of a case a side takes: all (0 of 1), or the first or second half in ABBA order
 * (0 of 2, 1 of 2), which a steady drift hits alike.
 */
struct compare_share {
	size_t part, of;
};

/* How to read one table. */
struct compare_reader {
	const struct csv_table *table;
	const int *column; /* of the n_keys columns that name a case */
	size_t n_keys;
	int metric;
	bool by_process; /* a sample is the median of a process, not a repetition */
	struct compare_share share;
};

/* Group the table's rows by case. -ENOMEM. */
int compare_group_table(const struct compare_reader *reader, struct compare_groups *groups);
/* How many processes (run_id and process) the table's rows are from. -ENOMEM. */
int compare_count_processes(const struct csv_table *table, size_t *n);
void compare_groups_fini(struct compare_groups *groups);

/* Order of two cases by their values. */
int compare_group_order(const struct compare_group *x, const struct compare_group *y,
			size_t n_keys);

/* Fill a result row from the two sides of a case: all but p_holm and the verdict. -ENOMEM. */
int compare_measure(struct compare_row *row, const struct compare_group *a,
		    const struct compare_group *b, const struct compare_options *options,
		    bool by_process);

/* What needs all rows: Holm, verdicts, what each row could have shown, the mean. -ENOMEM. */
int compare_judge(struct compare_result *result, const struct compare_options *options);

#endif
