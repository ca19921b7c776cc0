// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The judgement: a case is slower or faster when the exact U test says so after Holm and the
 * medians differ by more than the margin; it is the same when the bootstrap interval of their ratio
 * lies within the margin; everything else is inconclusive, with the reason.
 */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "results/compare.h"
#include "results/compare_group.h"
#include "results/schema.h"

const struct compare_options compare_defaults = {
	.schema = &schema_bench,
	.metric = "ns_per_op",
	.margin = 0.05,
	.alpha = 0.05,
	.n_resamples = 10000,
	.seed = 1,
};

const char *compare_verdict_name(enum compare_verdict verdict)
{
	static const char *const names[] = { "same", "faster", "slower", "inconclusive" };

	return names[verdict];
}

static const char *judge_size(const struct compare_group *a, const struct compare_group *b, bool by_process)
{
	if (!a->n || !b->n)
		return a->n ? "no ok repetition in B" : "no ok repetition in A";
	if (a->n < COMPARE_MIN_REPETITIONS || b->n < COMPARE_MIN_REPETITIONS)
		return by_process ? "fewer than 4 processes" : "fewer than 4 repetitions";
	return NULL;
}

/* Everything about a case but the verdict, which needs the other cases' p values. */
int compare_measure(struct compare_row *row, const struct compare_group *a,
		    const struct compare_group *b, const struct compare_options *o, bool by_process)
{
	struct stats_mann_whitney test;
	int ret;

	row->n_a = a->n;
	row->n_b = b->n;
	row->a = stats_median(a->x, a->n);
	row->b = stats_median(b->x, b->n);
	row->spread_a = stats_spread(a->x, a->n);
	row->spread_b = stats_spread(b->x, b->n);
	row->ratio = row->u = row->p = row->p_holm = row->detectable = NAN;
	row->interval = (struct stats_interval){ NAN, NAN };
	row->verdict = COMPARE_INCONCLUSIVE;
	row->reason = judge_size(a, b, by_process);
	if (row->reason)
		return 0;
	ret = stats_ratio_interval(a->x, a->n, b->x, b->n, 1 - o->alpha, o->n_resamples, o->seed,
				   &row->interval);
	if (ret == -EINVAL) {
		row->reason = "a value that is not above 0: no ratio";
		return 0;
	}
	if (!ret)
		ret = stats_mann_whitney(a->x, a->n, b->x, b->n, &test);
	if (ret)
		return ret;
	row->ratio = row->b / row->a;
	row->u = test.u;
	row->p = test.p;
	row->comparable = true;
	return 0;
}

static void judge(struct compare_row *row, const struct compare_options *o, bool higher_is_better)
{
	double limit = 1 + o->margin;
	bool significant = row->p_holm <= o->alpha;
	bool up = row->ratio > limit && row->interval.low > 1;
	bool down = row->ratio < 1 / limit && row->interval.high < 1;

	if (row->interval.low >= 1 / limit && row->interval.high <= limit)
		row->verdict = COMPARE_SAME;
	else if (significant && (up || down))
		row->verdict = up == higher_is_better ? COMPARE_FASTER : COMPARE_SLOWER;
	else if (significant)
		row->reason = "differs, by about the margin";
	else if (up || down)
		row->reason = "not significant over so many rows";
	else
		row->reason = "interval wider than the margin";
}

/* Holm over the comparable rows. */
static int adjust(struct compare_result *r)
{
	double *p = malloc((r->n + 1) * sizeof(*p));
	size_t n = 0;
	int ret;

	if (!p)
		return -ENOMEM;
	for (size_t i = 0; i < r->n; i++)
		if (r->row[i].comparable)
			p[n++] = r->row[i].p;
	r->n_comparable = n;
	ret = stats_holm(p, n);
	for (size_t i = r->n; !ret && i-- > 0;)
		if (r->row[i].comparable)
			r->row[i].p_holm = p[--n];
	free(p);
	return ret;
}

int compare_judge(struct compare_result *r, const struct compare_options *o)
{
	int metric = csv_schema_find(o->schema, o->metric);
	bool higher = o->schema->column[metric].role == CSV_HIGHER;
	double logs = 0;
	int ret = adjust(r);

	for (size_t i = 0; !ret && i < r->n; i++) {
		struct compare_row *row = &r->row[i];

		if (row->comparable) {
			row->detectable = stats_detectable(row->spread_a, row->n_a, row->spread_b,
							   row->n_b,
							   o->alpha / (double)r->n_comparable);
			judge(row, o, higher);
			logs += log(row->ratio);
		}
		r->n_verdict[row->verdict]++;
	}
	r->geomean = r->n_comparable ? exp(logs / (double)r->n_comparable) : NAN;
	return ret;
}

size_t compare_case_name(const struct compare_result *r, const char *const *value, const char *without,
			 char *name, size_t size)
{
	size_t used = 0;

	name[0] = '\0';
	for (size_t i = 0; i < r->n_columns && used < size; i++)
		if (r->varies[i] && *value[i] && strcmp(r->column[i], without))
			used += (size_t)snprintf(name + used, size - used, "%s%s", used ? " " : "",
						 value[i]);
	return used;
}
