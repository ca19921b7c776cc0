// SPDX-License-Identifier: GPL-2.0-or-later
/* From two tables to pairs of cases: which columns name one, and who has no partner. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "results/compare_group.h"
#include "results/error.h"

/* One side while it is being matched. */
struct side {
	const struct csv_table *table;
	struct compare_share share;
	int *column; /* of the case columns */
	int metric;
	struct compare_groups groups;
};

static bool is_case(const struct csv_column *column, const struct compare_options *o)
{
	for (size_t i = 0; i < o->n_ignore; i++)
		if (!strcmp(column->name, o->ignore[i]))
			return false;
	return column->role == CSV_CASE;
}

/* The case columns that both sides have: an older file lacks the newer ones. */
static int find_columns(const struct compare_options *o, struct side *a, struct side *b,
			struct compare_result *r)
{
	const struct csv_schema *schema = o->schema;

	r->column = calloc(schema->n, sizeof(*r->column));
	r->varies = calloc(schema->n, sizeof(*r->varies));
	a->column = calloc(schema->n, sizeof(*a->column));
	b->column = calloc(schema->n, sizeof(*b->column));
	if (!r->column || !r->varies || !a->column || !b->column)
		return -ENOMEM;
	for (size_t i = 0; i < schema->n; i++) {
		const struct csv_column *c = &schema->column[i];
		int in_a = csv_table_find(a->table, c->name);
		int in_b = csv_table_find(b->table, c->name);

		if (!is_case(c, o) || in_a < 0 || in_b < 0)
			continue;
		a->column[r->n_columns] = in_a;
		b->column[r->n_columns] = in_b;
		r->column[r->n_columns++] = c->name;
	}
	return r->n_columns ? 0 : -ENOENT;
}

static int find_metric(const struct compare_options *o, struct side *a, struct side *b, char *err,
		       size_t err_size)
{
	int i = csv_schema_find(o->schema, o->metric);
	enum csv_role role = i < 0 ? CSV_RUN : o->schema->column[i].role;

	if (role != CSV_LOWER && role != CSV_HIGHER)
		return results_fail(-EINVAL, err, err_size, "%s: not a metric of %s.csv", o->metric,
				    o->schema->name);
	a->metric = csv_table_find(a->table, o->metric);
	b->metric = csv_table_find(b->table, o->metric);
	if (a->metric < 0 || b->metric < 0)
		return results_fail(-ENOENT, err, err_size, "%s has no column %s",
				    a->metric < 0 ? "A" : "B", o->metric);
	return 0;
}

static int group(struct side *side, size_t n_columns, bool by_process)
{
	const struct compare_reader reader = { .table = side->table,
					       .column = side->column,
					       .n_keys = n_columns,
					       .metric = side->metric,
					       .by_process = by_process,
					       .share = side->share };

	return compare_group_table(&reader, &side->groups);
}

/* A case without a figure is only counted, as skipped rows. */
static void add_lonely(struct compare_lonely *lonely, struct compare_group *group)
{
	if (!group->n)
		return;
	lonely->value[lonely->n++] = group->value;
	group->value = NULL;
}

static int add_pair(struct compare_result *r, struct compare_group *a, struct compare_group *b,
		    const struct compare_options *o)
{
	struct compare_row *row = &r->row[r->n];

	if (!a->n && !b->n)
		return 0;
	r->n++;
	row->value = a->value;
	row->first_row = a->first_row;
	a->value = NULL;
	return compare_measure(row, a, b, o, r->by_process);
}

/* Both sides are sorted: one walk over the two. */
static int match(struct compare_groups *a, struct compare_groups *b, struct compare_result *r,
		 const struct compare_options *o)
{
	size_t i = 0, j = 0;
	int ret = 0;

	r->row = calloc(a->n + 1, sizeof(*r->row));
	r->only_a.value = calloc(a->n + 1, sizeof(*r->only_a.value));
	r->only_b.value = calloc(b->n + 1, sizeof(*r->only_b.value));
	if (!r->row || !r->only_a.value || !r->only_b.value)
		return -ENOMEM;
	while (!ret && (i < a->n || j < b->n)) {
		int order = i < a->n ? -1 : 1;

		if (i < a->n && j < b->n)
			order = compare_group_order(&a->group[i], &b->group[j], a->n_keys);
		if (order < 0)
			add_lonely(&r->only_a, &a->group[i]);
		else if (order > 0)
			add_lonely(&r->only_b, &b->group[j]);
		else
			ret = add_pair(r, &a->group[i], &b->group[j], o);
		i += order <= 0;
		j += order >= 0;
	}
	return ret;
}

static int compare_first_rows(const void *a, const void *b)
{
	const struct compare_row *x = a, *y = b;

	return (x->first_row > y->first_row) - (x->first_row < y->first_row);
}

static void mark_varying(struct compare_result *r, const char **first, const char **value)
{
	for (size_t i = 0; i < r->n_columns; i++)
		r->varies[i] |= strcmp(first[i], value[i]) != 0;
}

static void find_varying(struct compare_result *r)
{
	const char **first = r->n	   ? r->row[0].value
			     : r->only_a.n ? r->only_a.value[0]
			     : r->only_b.n ? r->only_b.value[0]
					   : NULL;

	for (size_t i = 0; i < r->n; i++)
		mark_varying(r, first, r->row[i].value);
	for (size_t i = 0; i < r->only_a.n; i++)
		mark_varying(r, first, r->only_a.value[i]);
	for (size_t i = 0; i < r->only_b.n; i++)
		mark_varying(r, first, r->only_b.value[i]);
}

/* What one sample is: processes differ by more than their repetitions, so they decide if there are any. */
static int choose_samples(const struct side *a, const struct side *b, const struct compare_options *o,
			  struct compare_result *r)
{
	int ret = compare_count_processes(a->table, &r->n_processes_a);

	if (!ret)
		ret = compare_count_processes(b->table, &r->n_processes_b);
	r->n_processes_a /= a->share.of;
	r->n_processes_b /= b->share.of;
	r->by_process = o->samples == COMPARE_PROCESSES ||
			(o->samples == COMPARE_AUTO && r->n_processes_a >= COMPARE_MIN_REPETITIONS &&
			 r->n_processes_b >= COMPARE_MIN_REPETITIONS);
	return ret;
}

static int compare_groups(struct side *a, struct side *b, const struct compare_options *o,
			  struct compare_result *r)
{
	int ret = choose_samples(a, b, o, r);

	if (!ret)
		ret = group(a, r->n_columns, r->by_process);
	if (!ret)
		ret = group(b, r->n_columns, r->by_process);
	if (!ret)
		ret = match(&a->groups, &b->groups, r, o);
	if (ret)
		return ret;
	r->n_skipped_a = a->groups.n_skipped;
	r->n_skipped_b = b->groups.n_skipped;
	qsort(r->row, r->n, sizeof(*r->row), compare_first_rows);
	find_varying(r);
	return compare_judge(r, o);
}

static int compare_sides(struct side *a, struct side *b, const struct compare_options *o,
			 struct compare_result *r, char *err, size_t err_size)
{
	int ret = find_metric(o, a, b, err, err_size);

	*r = (struct compare_result){ 0 };
	if (ret)
		return ret;
	ret = find_columns(o, a, b, r);
	if (!ret)
		ret = compare_groups(a, b, o, r);
	compare_groups_fini(&a->groups);
	compare_groups_fini(&b->groups);
	free(a->column);
	free(b->column);
	if (!ret)
		return 0;
	compare_result_fini(r);
	return results_fail(ret, err, err_size, "%s",
			    ret == -ENOENT ? "A and B share no column that names a case"
					   : strerror(-ret));
}

int compare_tables(const struct csv_table *a, const struct csv_table *b,
		   const struct compare_options *options, struct compare_result *result, char *err,
		   size_t err_size)
{
	struct side side_a = { .table = a, .share = { 0, 1 } };
	struct side side_b = { .table = b, .share = { 0, 1 } };

	return compare_sides(&side_a, &side_b, options, result, err, err_size);
}

int compare_halves(const struct csv_table *table, const struct compare_options *options,
		   struct compare_result *result, char *err, size_t err_size)
{
	struct side side_a = { .table = table, .share = { 0, 2 } };
	struct side side_b = { .table = table, .share = { 1, 2 } };

	return compare_sides(&side_a, &side_b, options, result, err, err_size);
}

static void lonely_fini(struct compare_lonely *lonely)
{
	for (size_t i = 0; i < lonely->n; i++)
		free(lonely->value[i]);
	free(lonely->value);
}

void compare_result_fini(struct compare_result *result)
{
	for (size_t i = 0; i < result->n; i++)
		free(result->row[i].value);
	free(result->row);
	free(result->column);
	free(result->varies);
	lonely_fini(&result->only_a);
	lonely_fini(&result->only_b);
	*result = (struct compare_result){ 0 };
}
