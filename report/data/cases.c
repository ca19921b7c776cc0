// SPDX-License-Identifier: GPL-2.0-or-later
/* Grouping rows by case, and what a case's repetitions come to. */
#include "report/data/cases.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RESAMPLES = 5000, MAX_KEYS = 64 };

/* What names a case, but for its placement: that follows from the rest, and is known only once it ran. */
struct key {
	const struct csv_table *table;
	int column[MAX_KEYS];
	size_t n;
};

static int order_rows(const void *a, const void *b, void *arg)
{
	const struct key *key = arg;
	size_t x = *(const size_t *)a, y = *(const size_t *)b;

	for (size_t i = 0; i < key->n; i++) {
		int order = strcmp(csv_cell(key->table, x, key->column[i]),
				   csv_cell(key->table, y, key->column[i]));

		if (order)
			return order;
	}
	return 0;
}

static int order_rows_then_number(const void *a, const void *b, void *arg)
{
	int order = order_rows(a, b, arg);

	return order ? order : *(const size_t *)a < *(const size_t *)b ? -1 : 1;
}

struct group {
	size_t from, to;  /* in the sorted rows */
	size_t first_row; /* in the file */
};

static int by_size(size_t x, size_t y)
{
	return x < y ? -1 : x > y;
}

static int order_groups(const void *a, const void *b)
{
	return by_size(((const struct group *)a)->first_row, ((const struct group *)b)->first_row);
}

static void find_key(struct key *key, const struct csv_table *table, const struct csv_schema *schema)
{
	key->table = table;
	key->n = 0;
	for (size_t i = 0; i < schema->n && key->n < MAX_KEYS; i++) {
		int column = csv_table_find(table, schema->column[i].name);

		if (schema->column[i].role == CSV_CASE && column >= 0 &&
		    strcmp(schema->column[i].name, "placement"))
			key->column[key->n++] = column;
	}
}

/* From sorted rows to groups, in the order of the file. */
static size_t split(struct key *key, const size_t *sorted, struct group *group)
{
	size_t n = 0;

	for (size_t from = 0, to; from < key->table->n_rows; from = to) {
		for (to = from + 1; to < key->table->n_rows; to++)
			if (order_rows(&sorted[from], &sorted[to], key))
				break;
		group[n++] = (struct group){ from, to, sorted[from] };
	}
	qsort(group, n, sizeof(*group), order_groups);
	return n;
}

int cases_make(struct cases *cases, const struct csv_table *table, const struct csv_schema *schema)
{
	size_t rows = table->n_rows, used = 0;
	size_t *sorted = calloc(rows + 1, sizeof(*sorted));
	struct group *group = calloc(rows + 1, sizeof(*group));
	struct key key;

	*cases = (struct cases){ .table = table,
				 .row = calloc(rows + 1, sizeof(size_t)),
				 .first = calloc(rows + 1, sizeof(size_t)) };
	if (!sorted || !group || !cases->row || !cases->first) {
		free(sorted);
		free(group);
		cases_fini(cases);
		return -ENOMEM;
	}
	find_key(&key, table, schema);
	for (size_t i = 0; i < rows; i++)
		sorted[i] = i;
	qsort_r(sorted, rows, sizeof(*sorted), order_rows_then_number, &key);
	cases->n = split(&key, sorted, group);
	for (size_t i = 0; i < cases->n; i++) {
		cases->first[i] = used;
		for (size_t k = group[i].from; k < group[i].to; k++)
			cases->row[used++] = sorted[k];
	}
	cases->first[cases->n] = used;
	free(sorted);
	free(group);
	return 0;
}

void cases_fini(struct cases *cases)
{
	free(cases->row);
	free(cases->first);
	*cases = (struct cases){ 0 };
}

/* Where in the plan a case stands: the ranks of scenario and backend by their first cases in the file. */
struct place {
	size_t scenario, backend, at; /* backend 0: the floor */
};

/* The first case of those up to i that has i's text in that column. */
static size_t first_like(const struct cases *cases, size_t i, const char *column)
{
	size_t first = 0;

	while (!case_is(cases, first, column, case_text(cases, i, column)))
		first++;
	return first;
}

static int order_places(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	if (x->scenario != y->scenario)
		return by_size(x->scenario, y->scenario);
	return x->backend != y->backend ? by_size(x->backend, y->backend) : by_size(x->at, y->at);
}

int cases_by_plan(const struct cases *cases, size_t **order)
{
	struct place *place = calloc(cases->n + 1, sizeof(*place));

	*order = calloc(cases->n + 1, sizeof(**order));
	if (!place || !*order) {
		free(place);
		free(*order);
		*order = NULL;
		return -ENOMEM;
	}
	for (size_t i = 0; i < cases->n; i++)
		place[i] = (struct place){ first_like(cases, i, "scenario"),
					   case_is(cases, i, "backend", "floor") ?
						   0 :
						   1 + first_like(cases, i, "backend"),
					   i };
	qsort(place, cases->n, sizeof(*place), order_places);
	for (size_t i = 0; i < cases->n; i++)
		(*order)[i] = place[i].at;
	free(place);
	return 0;
}

/* Folders from before there was a column for it have the parts that most names are made of. */
void case_name(const struct cases *cases, size_t i, char *text, size_t size)
{
	static const char *const part[] = { "scenario", "path", "line", "form", "put", "loop" };
	size_t used = (size_t)snprintf(text, size, "%s", case_text(cases, i, "cell"));

	for (size_t k = 0; !*case_text(cases, i, "cell") && k < 6 && used < size; k++)
		if (*case_text(cases, i, part[k]))
			used += (size_t)snprintf(text + used, size - used, used ? "/%s" : "%s",
						 case_text(cases, i, part[k]));
}

const char *case_text(const struct cases *cases, size_t i, const char *column)
{
	return csv_cell(cases->table, cases->row[cases->first[i]], csv_table_find(cases->table, column));
}

bool case_is(const struct cases *cases, size_t i, const char *column, const char *value)
{
	return !strcmp(case_text(cases, i, column), value);
}

double case_number(const struct cases *cases, size_t i, const char *column)
{
	double value;

	return csv_cell_double(cases->table, cases->row[cases->first[i]],
			       csv_table_find(cases->table, column), &value)
		       ? value
		       : NAN;
}

size_t case_samples(const struct cases *cases, size_t i, const char *column, double *x)
{
	const struct csv_table *t = cases->table;
	int metric = csv_table_find(t, column), verdict = csv_table_find(t, "verdict");
	size_t n = 0;

	for (size_t k = cases->first[i]; k < cases->first[i + 1] && n < CASE_MAX_SAMPLES; k++)
		if (verdict_of(csv_cell(t, cases->row[k], verdict)) == VERDICT_OK &&
		    csv_cell_double(t, cases->row[k], metric, &x[n]))
			n++;
	return n;
}

double case_median(const struct cases *cases, size_t i, const char *column)
{
	static double x[CASE_MAX_SAMPLES];

	return stats_median(x, case_samples(cases, i, column, x));
}

bool case_figure(const struct cases *cases, size_t i, const char *column, struct case_figure *figure)
{
	static const double zero[] = { 0 };
	static double x[CASE_MAX_SAMPLES];

	figure->n = case_samples(cases, i, column, x);
	if (!figure->n)
		return false;
	figure->median = stats_median(x, figure->n);
	return !stats_difference_interval(zero, 1, x, figure->n, .95, RESAMPLES, 1, &figure->ci);
}

bool case_difference(const struct cases *cases, size_t a, size_t b, const char *column,
		     struct case_figure *figure)
{
	static double x[CASE_MAX_SAMPLES], y[CASE_MAX_SAMPLES];
	size_t nx = case_samples(cases, a, column, x), ny = case_samples(cases, b, column, y);

	figure->n = nx < ny ? nx : ny;
	if (!figure->n)
		return false;
	figure->median = stats_median(y, ny) - stats_median(x, nx);
	return !stats_difference_interval(x, nx, y, ny, .95, RESAMPLES, 1, &figure->ci);
}

uint64_t case_sum(const struct cases *cases, size_t i, const char *column)
{
	const struct csv_table *t = cases->table;
	int count = csv_table_find(t, column), verdict = csv_table_find(t, "verdict");
	uint64_t sum = 0;
	double x;

	for (size_t k = cases->first[i]; k < cases->first[i + 1]; k++) {
		enum verdict v = verdict_of(csv_cell(t, cases->row[k], verdict));

		if ((v == VERDICT_OK || v == VERDICT_VIOLATED) &&
		    csv_cell_double(t, cases->row[k], count, &x))
			sum += csv_to_u64(x);
	}
	return sum;
}

bool case_has(const struct cases *cases, size_t i, const char *column)
{
	int at = csv_table_find(cases->table, column);

	for (size_t k = cases->first[i]; k < cases->first[i + 1]; k++)
		if (*csv_cell(cases->table, cases->row[k], at))
			return true;
	return false;
}

size_t case_n_ok(const struct cases *cases, size_t i)
{
	int verdict = csv_table_find(cases->table, "verdict");
	size_t n = 0;

	for (size_t k = cases->first[i]; k < cases->first[i + 1]; k++)
		n += verdict_of(csv_cell(cases->table, cases->row[k], verdict)) == VERDICT_OK;
	return n;
}

enum verdict case_worst(const struct cases *cases, size_t i, const char **reason)
{
	const struct csv_table *t = cases->table;
	enum verdict worst = VERDICT_NONE, one;

	*reason = "";
	for (size_t k = cases->first[i]; k < cases->first[i + 1]; k++) {
		one = verdict_of(csv_cell(t, cases->row[k], csv_table_find(t, "verdict")));
		one = one ? one : VERDICT_INCONCLUSIVE;
		worst = one > worst ? one : worst;
		if (one != VERDICT_OK)
			*reason = csv_cell(t, cases->row[k], csv_table_find(t, "reason"));
	}
	return worst;
}

void case_verdict(const struct cases *cases, size_t i, char *text, size_t size)
{
	const struct csv_table *t = cases->table;
	int verdict = csv_table_find(t, "verdict"), reason = csv_table_find(t, "reason");
	size_t n = cases->first[i + 1] - cases->first[i], n_ok = case_n_ok(cases, i);
	const char *other = "ok", *why = "";
	enum verdict worst = VERDICT_OK, one;

	for (size_t k = cases->first[i]; k < cases->first[i + 1]; k++) {
		size_t row = cases->row[k];

		one = verdict_of(csv_cell(t, row, verdict));
		if (one == VERDICT_OK || one < worst)
			continue;
		worst = one;
		other = csv_cell(t, row, verdict);
		why = csv_cell(t, row, reason);
	}
	if (n_ok && n_ok < n)
		snprintf(text, size, "%zu of %zu ok%s: %s", n_ok, n,
			 worst == VERDICT_VIOLATED ? ", violated" : "", why);
	else
		snprintf(text, size, "%s%s%s", other, *why ? ": " : "", why);
}

bool case_next(const struct cases *cases, size_t *i, const struct case_want *want)
{
	for (; *i < cases->n; ++*i) {
		const struct case_want *w = want;

		while (w->column && case_is(cases, *i, w->column, w->value))
			w++;
		if (!w->column)
			return true;
	}
	return false;
}

bool case_in_kernel(const struct cases *cases, size_t i)
{
	return case_is(cases, i, "transport", "reschedule") || case_is(cases, i, "transport", "call");
}

bool case_of_backend(const struct cases *cases, size_t i, const char *backend, size_t *found)
{
	/* clang-format off */
	static const char *const same[] = {
		"scenario", "path", "line", "form", "put", "transport", "distance", "kicker_pu", "vcpu_pu",
		"kickers", "vcpus", "migrations_per_s", "widen", "loop", "home", "in_guest_pct", "wakeup",
		"mask_width", "placement", "arrivals_per_s", "arrivals", "natural_exits_per_s",
		"pcpus_per_carrier"
	};
	/* clang-format on */
	enum { N = sizeof(same) / sizeof(same[0]) };
	struct case_want want[N + 2] = { { "backend", backend } };

	for (size_t k = 0; k < N; k++)
		want[k + 1] = (struct case_want){ same[k], case_text(cases, i, same[k]) };
	*found = 0;
	return case_next(cases, found, want);
}

bool case_trip_floor(const struct cases *cases, size_t *i)
{
	static const char *const paths[] = { "handover", "pingpong" };

	for (size_t k = 0; k < sizeof(paths) / sizeof(paths[0]); k++) {
		const struct case_want want[] = { { "scenario", "floor" }, { "path", paths[k] }, { 0 } };

		for (*i = 0; case_next(cases, i, want); ++*i)
			if (!isnan(case_median(cases, *i, "p50_ns")))
				return true;
	}
	return false;
}

const char *case_trip_floor_name(const char *path)
{
	return strcmp(path, "pingpong") ? path : "ping-pong";
}
