// SPDX-License-Identifier: GPL-2.0-or-later
/* Rows to cases: sorted by their case columns, so that repetitions stand together in file order. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "results/compare_group.h"

struct reference {
	const struct csv_table *table;
	const int *column;
	size_t n_keys;
	size_t row;
};

static int compare_cells(const struct reference *x, const struct reference *y)
{
	int order = 0;

	for (size_t i = 0; !order && i < x->n_keys; i++)
		order = strcmp(csv_cell(x->table, x->row, x->column[i]),
			       csv_cell(y->table, y->row, y->column[i]));
	return order;
}

static int compare_references(const void *a, const void *b)
{
	const struct reference *x = a, *y = b;
	int order = compare_cells(x, y);

	return order ? order : (x->row > y->row) - (x->row < y->row);
}

int compare_group_order(const struct compare_group *x, const struct compare_group *y, size_t n_keys)
{
	int order = 0;

	for (size_t i = 0; !order && i < n_keys; i++)
		order = strcmp(x->value[i], y->value[i]);
	return order;
}

static struct compare_group *new_group(struct compare_groups *groups, const struct reference *row,
				       size_t n_rows)
{
	struct compare_group *group = &groups->group[groups->n++];

	group->first_row = row->row;
	group->n = 0;
	group->x = malloc(n_rows * sizeof(*group->x));
	group->value = malloc((row->n_keys + 1) * sizeof(*group->value));
	if (!group->x || !group->value)
		return NULL;
	for (size_t i = 0; i < row->n_keys; i++)
		group->value[i] = csv_cell(row->table, row->row, row->column[i]);
	return group;
}

/* A table without a verdict column was made by somebody who had no doubts. */
static bool is_ok(const struct csv_table *table, size_t row, int verdict)
{
	return verdict < 0 || !strcmp(csv_cell(table, row, verdict), "ok");
}

/* The n references of one case. */
static int take_case(struct compare_groups *groups, const struct reference *row, size_t n,
		     int metric, struct compare_share share)
{
	int verdict = csv_table_find(row->table, "verdict");
	struct compare_group *group = new_group(groups, row, n);
	size_t taken = 0;

	if (!group)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++) {
		double x;

		if (!is_ok(row->table, row[i].row, verdict) ||
		    !csv_cell_double(row->table, row[i].row, metric, &x))
			groups->n_skipped++;
		else if (taken++ % share.of == share.part)
			group->x[group->n++] = x;
	}
	return 0;
}

static int take_cases(struct compare_groups *groups, const struct reference *row, size_t n,
		      int metric, struct compare_share share)
{
	int ret = 0;
	size_t i, j;

	for (i = 0; !ret && i < n; i = j) {
		for (j = i + 1; j < n && !compare_cells(&row[i], &row[j]); j++)
			;
		ret = take_case(groups, &row[i], j - i, metric, share);
	}
	return ret;
}

int compare_group_table(const struct csv_table *table, const int *column, size_t n_keys, int metric,
			struct compare_share share, struct compare_groups *groups)
{
	size_t n = table->n_rows;
	struct reference *row = malloc((n + 1) * sizeof(*row));
	int ret = -ENOMEM;

	*groups = (struct compare_groups){ .n_keys = n_keys };
	groups->group = calloc(n + 1, sizeof(*groups->group));
	if (row && groups->group) {
		for (size_t i = 0; i < n; i++)
			row[i] = (struct reference){ table, column, n_keys, i };
		qsort(row, n, sizeof(*row), compare_references);
		ret = take_cases(groups, row, n, metric, share);
	}
	free(row);
	return ret;
}

void compare_groups_fini(struct compare_groups *groups)
{
	for (size_t i = 0; i < groups->n; i++) {
		free(groups->group[i].x);
		free(groups->group[i].value);
	}
	free(groups->group);
	*groups = (struct compare_groups){ 0 };
}
