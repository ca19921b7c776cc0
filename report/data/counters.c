// SPDX-License-Identifier: GPL-2.0-or-later
/* Counts of a window, per op. */
#include "report/data/counters.h"

#include <stdio.h>
#include <string.h>

#include "results/stats.h"
#include "results/verdict.h"

static bool is_shown(const char *column)
{
	static const char *const software[] = { "perf_status", "perf_task_clock", "perf_context_switches",
						"perf_cpu_migrations", "perf_page_faults" };
	size_t length = strlen(column);

	if (strncmp(column, "perf_", 5) || (length > 5 && !strcmp(column + length - 5, "_vcpu")))
		return false;
	for (size_t i = 0; i < sizeof(software) / sizeof(software[0]); i++)
		if (!strcmp(column, software[i]))
			return false;
	return true;
}

static bool has_values(const struct csv_table *table, size_t column)
{
	double value;

	for (size_t row = 0; row < table->n_rows; row++)
		if (csv_cell_double(table, row, (int)column, &value))
			return true;
	return false;
}

struct counters counters_find(const struct csv_table *table)
{
	struct counters c = { .n = 0 };

	for (size_t i = 0; i < table->n_columns && c.n < MAX_COUNTERS; i++)
		if (is_shown(table->header[i]) && has_values(table, i))
			c.column[c.n++] = table->header[i];
	return c;
}

void counters_columns(const struct counters *counters, char *columns, size_t size)
{
	for (size_t i = 0; i < counters->n; i++) {
		size_t used = strlen(columns);

		snprintf(columns + used, size - used, "|%s per op", counters->column[i] + 5);
	}
}

double counters_per_op(const struct cases *c, size_t i, const char *column)
{
	const struct csv_table *t = c->table;
	int count = csv_table_find(t, column), ops = csv_table_find(t, "ops");
	int verdict = csv_table_find(t, "verdict");
	double x[CASE_MAX_SAMPLES], value, n;
	size_t used = 0;

	for (size_t k = c->first[i]; k < c->first[i + 1] && used < CASE_MAX_SAMPLES; k++) {
		size_t row = c->row[k];

		if (verdict_of(csv_cell(t, row, verdict)) == VERDICT_OK &&
		    csv_cell_double(t, row, count, &value) && csv_cell_double(t, row, ops, &n) && n > 0)
			x[used++] = value / n;
	}
	return stats_median(x, used);
}

const char *counters_missing(const struct counters *counters, const struct csv_table *table)
{
	int status = csv_table_find(table, "perf_status");

	if (counters->n)
		return "";
	for (size_t row = 0; status >= 0 && row < table->n_rows; row++)
		if (*csv_cell(table, row, status) && strcmp(csv_cell(table, row, status), "ok"))
			return csv_cell(table, row, status);
	return "bench.csv has no perf_ columns with values";
}
