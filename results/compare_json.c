// SPDX-License-Identifier: GPL-2.0-or-later
/* A comparison as JSON: what the table shows, in full, with null where there is no figure. */
#include <math.h>
#include <stddef.h>
#include <cjson/cJSON.h>
#include "results/compare.h"
#include "results/json.h"

static void add_number(struct cJSON *object, const char *name, double value)
{
	if (isfinite(value))
		cJSON_AddNumberToObject(object, name, value);
	else
		cJSON_AddNullToObject(object, name);
}

static struct cJSON *case_json(const struct compare_result *r, const char **value)
{
	struct cJSON *object = cJSON_CreateObject();

	for (size_t i = 0; i < r->n_columns; i++)
		if (*value[i])
			cJSON_AddStringToObject(object, r->column[i], value[i]);
	return object;
}

static void add_lonely(struct cJSON *object, const char *name, const struct compare_result *r,
		       const struct compare_lonely *lonely)
{
	struct cJSON *array = cJSON_AddArrayToObject(object, name);

	for (size_t i = 0; i < lonely->n; i++)
		cJSON_AddItemToArray(array, case_json(r, lonely->value[i]));
}

static struct cJSON *row_json(const struct compare_result *r, const struct compare_row *row)
{
	struct cJSON *object = cJSON_CreateObject();

	cJSON_AddItemToObject(object, "case", case_json(r, row->value));
	cJSON_AddNumberToObject(object, "n_a", (double)row->n_a);
	cJSON_AddNumberToObject(object, "n_b", (double)row->n_b);
	add_number(object, "median_a", row->a);
	add_number(object, "median_b", row->b);
	add_number(object, "spread_a", row->spread_a);
	add_number(object, "spread_b", row->spread_b);
	add_number(object, "ratio", row->ratio);
	add_number(object, "ratio_low", row->interval.low);
	add_number(object, "ratio_high", row->interval.high);
	add_number(object, "u", row->u);
	add_number(object, "p", row->p);
	add_number(object, "p_holm", row->p_holm);
	add_number(object, "detectable", row->detectable);
	cJSON_AddStringToObject(object, "verdict", compare_verdict_name(row->verdict));
	if (row->reason)
		cJSON_AddStringToObject(object, "reason", row->reason);
	return object;
}

static void add_summary(struct cJSON *object, const struct compare_result *r)
{
	struct cJSON *summary = cJSON_AddObjectToObject(object, "summary");

	cJSON_AddNumberToObject(summary, "matched", (double)r->n);
	cJSON_AddNumberToObject(summary, "comparable", (double)r->n_comparable);
	for (int v = 0; v <= COMPARE_INCONCLUSIVE; v++)
		cJSON_AddNumberToObject(summary, compare_verdict_name((enum compare_verdict)v),
					(double)r->n_verdict[v]);
	cJSON_AddNumberToObject(summary, "skipped_rows_a", (double)r->n_skipped_a);
	cJSON_AddNumberToObject(summary, "skipped_rows_b", (double)r->n_skipped_b);
	add_number(summary, "geomean", compare_has_several(r) ? NAN : r->geomean);
}

/* What sets the cases without a partner apart. */
static void add_apart(struct cJSON *object, const struct compare_result *r)
{
	struct cJSON *array = cJSON_AddArrayToObject(object, "apart");
	char a[96], b[96];

	for (size_t i = 0; i < r->n_columns; i++)
		if (compare_apart(r, i, a, b)) {
			struct cJSON *apart = cJSON_CreateObject();

			cJSON_AddStringToObject(apart, "column", r->column[i]);
			cJSON_AddStringToObject(apart, "a", a);
			cJSON_AddStringToObject(apart, "b", b);
			cJSON_AddItemToArray(array, apart);
		}
}

static void add_pooled(struct cJSON *object, const struct compare_result *r)
{
	struct cJSON *array = cJSON_AddArrayToObject(object, "pooled");

	for (size_t i = 0; i < r->n_pooled; i++) {
		struct cJSON *pooled = cJSON_CreateObject();

		cJSON_AddStringToObject(pooled, "side", r->pooled[i].in_b ? "B" : "A");
		cJSON_AddStringToObject(pooled, "column", r->pooled[i].column);
		cJSON_AddStringToObject(pooled, "values", r->pooled[i].values);
		cJSON_AddItemToArray(array, pooled);
	}
}

struct cJSON *compare_json(const struct compare_result *result,
			   const struct compare_options *options)
{
	struct cJSON *object = cJSON_CreateObject();
	struct cJSON *rows;

	if (!object)
		return NULL;
	cJSON_AddStringToObject(object, "metric", options->metric);
	cJSON_AddNumberToObject(object, "margin", options->margin);
	cJSON_AddNumberToObject(object, "alpha", options->alpha);
	results_json_add_u64(object, "seed", options->seed);
	cJSON_AddStringToObject(object, "samples", result->by_process ? "processes" : "repetitions");
	cJSON_AddNumberToObject(object, "processes_a", (double)result->n_processes_a);
	cJSON_AddNumberToObject(object, "processes_b", (double)result->n_processes_b);
	if (result->by) {
		cJSON_AddStringToObject(object, "by", result->by);
		cJSON_AddStringToObject(object, "base", result->base);
	}
	add_summary(object, result);
	rows = cJSON_AddArrayToObject(object, "rows");
	for (size_t i = 0; i < result->n; i++)
		cJSON_AddItemToArray(rows, row_json(result, &result->row[i]));
	add_lonely(object, "only_a", result, &result->only_a);
	add_lonely(object, "only_b", result, &result->only_b);
	add_apart(object, result);
	add_pooled(object, result);
	return object;
}
