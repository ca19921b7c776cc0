// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Rows to cases, and repetitions to samples: sorted by their case columns, then by process, so that
 * what belongs together stands together, in file order.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "results/compare_group.h"
#include "results/verdict.h"

struct reference {
	const struct compare_reader *reader;
	int run_id, process, verdict; /* columns */
	size_t row;
};

static const char *cell(const struct reference *x, int column)
{
	return csv_cell(x->reader->table, x->row, column);
}

static int compare_cells(const struct reference *x, const struct reference *y)
{
	int order = 0;

	for (size_t i = 0; !order && i < x->reader->n_keys; i++)
		order = strcmp(cell(x, x->reader->column[i]), cell(y, y->reader->column[i]));
	return order;
}

/* Numbers by value: 10 comes after 9. */
static int compare_processes(const struct reference *x, const struct reference *y)
{
	const char *p = cell(x, x->process), *q = cell(y, y->process);
	int order = strcmp(cell(x, x->run_id), cell(y, y->run_id));

	if (!order)
		order = (strlen(p) > strlen(q)) - (strlen(p) < strlen(q));
	return order ? order : strcmp(p, q);
}

static int compare_rows(const struct reference *x, const struct reference *y)
{
	return (x->row > y->row) - (x->row < y->row);
}

static int compare_references(const void *a, const void *b)
{
	const struct reference *x = a, *y = b;
	int order = compare_cells(x, y);

	if (!order && x->reader->by_process)
		order = compare_processes(x, y);
	return order ? order : compare_rows(x, y);
}

static int compare_by_process(const void *a, const void *b)
{
	return compare_processes(a, b);
}

int compare_group_order(const struct compare_group *x, const struct compare_group *y, size_t n_keys)
{
	int order = 0;

	for (size_t i = 0; !order && i < n_keys; i++)
		order = strcmp(x->value[i], y->value[i]);
	return order;
}

static struct reference *references(const struct compare_reader *reader)
{
	const struct csv_table *t = reader->table;
	struct reference *row = malloc((t->n_rows + 1) * sizeof(*row));

	for (size_t i = 0; row && i < t->n_rows; i++)
		row[i] = (struct reference){ .reader = reader,
					     .run_id = csv_table_find(t, "run_id"),
					     .process = csv_table_find(t, "process"),
					     .verdict = csv_table_find(t, "verdict"),
					     .row = i };
	return row;
}

int compare_count_processes(const struct csv_table *table, size_t *n)
{
	const struct compare_reader reader = { .table = table };
	struct reference *row = references(&reader);

	*n = table->n_rows > 0;
	if (!row)
		return -ENOMEM;
	qsort(row, table->n_rows, sizeof(*row), compare_by_process);
	for (size_t i = 1; i < table->n_rows; i++)
		*n += compare_processes(&row[i - 1], &row[i]) != 0;
	free(row);
	return 0;
}

static struct compare_group *new_group(struct compare_groups *groups, const struct reference *row,
				       size_t n_rows)
{
	struct compare_group *group = &groups->group[groups->n++];

	group->first_row = row->row;
	group->n = 0;
	group->x = malloc(n_rows * sizeof(*group->x));
	group->value = malloc((row->reader->n_keys + 1) * sizeof(*group->value));
	if (!group->x || !group->value)
		return NULL;
	for (size_t i = 0; i < row->reader->n_keys; i++)
		group->value[i] = cell(row, row->reader->column[i]);
	return group;
}

/* A table without a verdict column was made by somebody who had no doubts. */
static bool is_ok(const struct reference *row)
{
	return row->verdict < 0 || verdict_of(cell(row, row->verdict)) == VERDICT_OK;
}

/* The figures of the n references, behind the group's samples; how many. */
static size_t take_figures(struct compare_groups *groups, struct compare_group *group,
			   const struct reference *row, size_t n)
{
	size_t taken = 0;

	for (size_t i = 0; i < n; i++) {
		const struct compare_reader *reader = row[i].reader;
		double x;

		if (!is_ok(&row[i]) || !csv_cell_double(reader->table, row[i].row, reader->metric, &x))
			groups->n_skipped++;
		else
			group->x[group->n + taken++] = x;
	}
	return taken;
}

/* ABBA ABBA ... */
static bool is_taken(struct compare_share share, size_t sample)
{
	return share.of == 1 || ((sample + 1) / 2 % 2) == share.part;
}

/* The n references of one case: a sample for each process, or for each repetition. */
static int take_case(struct compare_groups *groups, const struct reference *row, size_t n)
{
	struct compare_group *group = new_group(groups, row, n);
	const struct compare_reader *reader = row->reader;
	size_t i, j, sample = 0;

	if (!group)
		return -ENOMEM;
	for (i = 0; i < n; i = j) {
		size_t taken;

		for (j = i + 1; reader->by_process && j < n && !compare_processes(&row[i], &row[j]); j++)
			;
		taken = take_figures(groups, group, &row[i], j - i);
		if (taken && is_taken(reader->share, sample++)) {
			group->x[group->n] = stats_median(&group->x[group->n], taken);
			group->n++;
		}
	}
	return 0;
}

static int take_cases(struct compare_groups *groups, const struct reference *row, size_t n)
{
	int ret = 0;
	size_t i, j;

	for (i = 0; !ret && i < n; i = j) {
		for (j = i + 1; j < n && !compare_cells(&row[i], &row[j]); j++)
			;
		ret = take_case(groups, &row[i], j - i);
	}
	return ret;
}

int compare_group_table(const struct compare_reader *reader, struct compare_groups *groups)
{
	size_t n = reader->table->n_rows;
	struct reference *row = references(reader);
	int ret = -ENOMEM;

	*groups = (struct compare_groups){ .n_keys = reader->n_keys };
	groups->group = calloc(n + 1, sizeof(*groups->group));
	if (row && groups->group) {
		qsort(row, n, sizeof(*row), compare_references);
		ret = take_cases(groups, row, n);
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
