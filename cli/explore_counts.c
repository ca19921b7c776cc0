// SPDX-License-Identifier: GPL-2.0-or-later
/* How many interleavings violate what, and the odds of meeting one at random. */
#include "cli/explore_counts.h"

#include <string.h>
#include <cjson/cJSON.h>

#include "results/csv.h"
#include "results/stats.h"

void explore_sample_pct(const struct xp_cell *cell, const struct xp_options *options,
			struct xp_cell *pct)
{
	struct xp_options sampling = *options;

	sampling.strategy = XP_PCT;
	sampling.no_example = true;
	*pct = (struct xp_cell){ .backend = cell->backend, .scenario = cell->scenario,
				 .model = cell->model };
	xp_cell_run(pct, &sampling);
}

/* Executions of the sample that show a violation, 0: any. */
static uint64_t hits(const struct xp_cell *pct, unsigned int violation)
{
	return violation ? pct->hits_of[__builtin_ctz(violation)] : pct->hits;
}

static const char *name(unsigned int violation)
{
	return violation ? xp_violation_name(violation) : "any violation";
}

static void print_odds(const struct explore_row *row, const struct xp_odds *odds)
{
	const struct xp_counts *counts = &row->cell->counts;
	char some[XP_U128_TEXT], all[XP_U128_TEXT];

	xp_u128_text(odds->n, some);
	xp_u128_text(counts->executions, all);
	printf("  %-22s %s of %s = %.3g; a uniform walk meets it with p = %.3g", name(odds->violation),
	       some, all, (double)odds->n / (double)counts->executions, odds->p);
	if (row->pct && row->pct->executions) {
		uint64_t n = row->pct->executions, h = hits(row->pct, odds->violation);
		struct stats_interval p = stats_wilson(h, n);

		printf(", pct in %llu of %llu (95 %%: %.2g to %.2g)", (unsigned long long)h,
		       (unsigned long long)n, p.low, p.high);
	}
	putchar('\n');
}

void explore_print_counts(const struct explore_row *row)
{
	const struct xp_counts *counts = &row->cell->counts;
	int i;

	/* One violation is any violation. */
	for (i = counts->n == 2; row->cell->found && i < counts->n; i++)
		print_odds(row, &counts->odds[i]);
}

static cJSON *odds_json(const struct explore_row *row, const struct xp_odds *odds)
{
	cJSON *json = cJSON_CreateObject();
	char text[XP_U128_TEXT];

	xp_u128_text(odds->n, text);
	cJSON_AddStringToObject(json, "violation", odds->violation ? name(odds->violation) : "any");
	cJSON_AddStringToObject(json, "interleavings", text);
	cJSON_AddNumberToObject(json, "p_uniform", odds->p);
	if (row->pct && row->pct->executions) {
		uint64_t n = row->pct->executions, h = hits(row->pct, odds->violation);
		struct stats_interval p = stats_wilson(h, n);

		cJSON_AddNumberToObject(json, "pct_hits", (double)h);
		cJSON_AddNumberToObject(json, "pct_low", p.low);
		cJSON_AddNumberToObject(json, "pct_high", p.high);
	}
	return json;
}

/* Numbers of interleavings are strings: JSON's readers keep 53 bits. */
cJSON *explore_counts_json(const struct explore_row *row)
{
	const struct xp_counts *counts = &row->cell->counts;
	cJSON *json = cJSON_CreateObject(), *odds = cJSON_CreateArray();
	char text[XP_U128_TEXT];
	int i;

	xp_u128_text(counts->executions, text);
	cJSON_AddStringToObject(json, "interleavings", text);
	if (row->pct)
		cJSON_AddNumberToObject(json, "pct_executions", (double)row->pct->executions);
	for (i = 0; i < counts->n; i++)
		cJSON_AddItemToArray(odds, odds_json(row, &counts->odds[i]));
	cJSON_AddItemToObject(json, "violations", odds);
	return json;
}

void explore_fill_counts(struct csv_row *csv, const struct explore_row *row)
{
	const struct xp_counts *counts = &row->cell->counts;
	char text[XP_U128_TEXT];

	if (!counts->n)
		return;
	xp_u128_text(counts->executions, text);
	csv_set_string(csv, "interleavings", text);
	xp_u128_text(counts->odds[0].n, text);
	csv_set_string(csv, "violating", text);
	csv_set_double(csv, "p_uniform", counts->odds[0].p);
	if (row->pct) {
		csv_set_u64(csv, "pct_executions", row->pct->executions);
		csv_set_u64(csv, "pct_hits", row->pct->hits);
	}
}
