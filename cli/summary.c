// SPDX-License-Identifier: GPL-2.0-or-later
/* Collecting the repetitions of each cell, and printing what they come to. */
#include "cli/summary.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <cjson/cJSON.h>

#include "results/stats.h"

/* Of all processes. */
static size_t repetitions_of(const struct bench_plan *plan)
{
	const struct bench_options *o = plan->options;

	return (size_t)o->repetitions * (o->processes ? o->processes : 1);
}

int summary_init(struct summary *summary, const struct bench_plan *plan)
{
	size_t reps = repetitions_of(plan);

	*summary = (struct summary){ plan, calloc(plan->n_cells, sizeof(struct summary_cell)) };
	if (!summary->cell)
		return -ENOMEM;
	for (size_t i = 0; i < plan->n_cells; i++) {
		double *d = calloc(3 * reps, sizeof(double));

		if (!d) {
			summary_fini(summary);
			return -ENOMEM;
		}
		summary->cell[i].ns = d;
		summary->cell[i].p50 = d + reps;
		summary->cell[i].p99 = d + 2 * reps;
		if (plan->cell[i].na) {
			summary->cell[i].verdict = VERDICT_NA;
			snprintf(summary->cell[i].reason, sizeof(summary->cell[i].reason), "%s",
				 plan->cell[i].na);
		}
	}
	return 0;
}

void summary_fini(struct summary *summary)
{
	for (size_t i = 0; summary->cell && i < summary->plan->n_cells; i++)
		free(summary->cell[i].ns);
	free(summary->cell);
	summary->cell = NULL;
}

static void add_counts(struct summary_cell *s, const struct bench_result *r)
{
	s->kicks += r->kicks;
	s->sent += r->sent;
	s->useful += r->ipis.useful;
	s->stale += r->ipis.stale;
	s->spurious += r->ipis.spurious;
	s->misdirected += r->misdirected;
	s->coalesced += r->outcome[KICK_CLAIMED];
	s->stints += r->stints;
	s->poisoned += r->poisoned;
	s->lost += r->lost;
	s->has_counts = r->has_counts;
	s->oversubscribed |= r->oversubscribed;
	s->counts = r->counts;
}

/* p50 and p99 are NaN where no latency was measured. */
static void add(struct summary *summary, size_t cell, const struct bench_result *r, double ns_per_op,
		double p50, double p99)
{
	struct summary_cell *s = &summary->cell[cell];

	if (summary->plan->cell[cell].na || s->repetitions == repetitions_of(summary->plan))
		return;
	s->repetitions++;
	if (r->verdict > s->verdict)
		s->verdict = r->verdict;
	if (r->verdict != VERDICT_OK) {
		snprintf(s->reason, sizeof(s->reason), "%s", r->why);
		return;
	}
	add_counts(s, r);
	s->ns[s->n++] = ns_per_op;
	if (isfinite(p50) && isfinite(p99)) {
		s->p50[s->n_p50] = p50;
		s->p99[s->n_p50++] = p99;
	}
}

void summary_add(struct summary *summary, size_t cell, const struct bench_result *r, double ns_per_op)
{
	add(summary, cell, r, ns_per_op, r->has_latency ? histogram_quantile(&r->latency, .5) : NAN,
	    r->has_latency ? histogram_quantile(&r->latency, .99) : NAN);
}

static double number(const struct csv_table *table, size_t row, const char *column)
{
	double value;

	return csv_cell_double(table, row, csv_table_find(table, column), &value) ? value : NAN;
}

static uint64_t count(const struct csv_table *table, size_t row, const char *column)
{
	double value = number(table, row, column);

	return value > 0 ? (uint64_t)value : 0;
}

void summary_add_row(struct summary *summary, size_t cell, const struct csv_table *t, size_t row)
{
	static struct bench_result r; /* holds a histogram */

	r = (struct bench_result){ .kicks = count(t, row, "kicks"),
				   .sent = count(t, row, "ipis_sent"),
				   .ipis.useful = count(t, row, "ipis_useful"),
				   .ipis.stale = count(t, row, "ipis_stale"),
				   .ipis.spurious = count(t, row, "ipis_spurious"),
				   .misdirected = count(t, row, "ipis_misdirected"),
				   .outcome[KICK_CLAIMED] = count(t, row, "coalesced"),
				   .stints = count(t, row, "stints"),
				   .poisoned = count(t, row, "poisoned"),
				   .lost = count(t, row, "lost"),
				   .has_counts = isfinite(number(t, row, "loads_per_kick")),
				   .counts.loads = count(t, row, "loads_per_kick"),
				   .counts.stores = count(t, row, "stores_per_kick"),
				   .counts.locked_rmws = count(t, row, "locked_rmws_per_kick"),
				   .counts.fences = count(t, row, "fences_per_kick"),
				   .verdict = verdict_of(csv_cell(t, row, csv_table_find(t, "verdict"))) };

	if (!r.verdict)
		r.verdict = VERDICT_INCONCLUSIVE;
	r.oversubscribed = !strcmp(csv_cell(t, row, csv_table_find(t, "placement")), "oversubscribed");
	snprintf(r.why, sizeof(r.why), "%s", csv_cell(t, row, csv_table_find(t, "reason")));
	add(summary, cell, &r, number(t, row, "ns_per_op"), number(t, row, "p50_ns"),
	    number(t, row, "p99_ns"));
}

double summary_ns(const struct summary_cell *cell)
{
	return stats_median(cell->ns, cell->n);
}

double summary_p50(const struct summary_cell *cell)
{
	return stats_median(cell->p50, cell->n_p50);
}

const struct summary_cell *summary_of_backend(const struct summary *summary, size_t cell,
					      const char *backend)
{
	char want[256], name[256];

	bench_case_name(&summary->plan->cell[cell], want, sizeof(want));
	for (size_t i = 0; i < summary->plan->n_cells; i++) {
		const struct bench_case *c = &summary->plan->cell[i];

		if (!c->backend || strcmp(c->backend->name, backend) ||
		    c->kicker_pu != summary->plan->cell[cell].kicker_pu ||
		    c->vcpu_pu != summary->plan->cell[cell].vcpu_pu)
			continue;
		bench_case_name(c, name, sizeof(name));
		if (!strcmp(name, want))
			return &summary->cell[i];
	}
	return NULL;
}

static void print_number(FILE *out, double x)
{
	if (isnan(x))
		fprintf(out, " %9s", "");
	else
		fprintf(out, x < 1000 ? " %9.2f" : " %9.0f", x);
}

static void print_cell(const struct summary *summary, size_t i, FILE *out)
{
	const struct summary_cell *s = &summary->cell[i];
	const struct bench_case *c = &summary->plan->cell[i];
	char name[256];

	bench_case_name(c, name, sizeof(name));
	fprintf(out, "%-47s %-13s", name, c->backend ? c->backend->name : "-");
	print_number(out, summary_ns(s));
	print_number(out, summary_p50(s));
	print_number(out, stats_median(s->p99, s->n_p50));
	fprintf(out, "  %s%s%s%s\n", verdict_word(s->verdict), s->oversubscribed ? ", oversubscribed" : "",
		s->reason[0] ? ": " : "", s->reason);
}

/* Cells that cannot be, once per backend and reason. */
static void print_na(const struct summary *summary, FILE *out)
{
	const struct bench_case *c = summary->plan->cell, *last = NULL;
	size_t n = 0;

	for (size_t i = 0; i < summary->plan->n_cells; i++) {
		if (!c[i].na)
			continue;
		if (last && (last->na != c[i].na || last->backend != c[i].backend)) {
			fprintf(out, "na: %s, %s: %s (cells: %zu)\n", last->backend->name,
				last->scenario->name, last->na, n);
			n = 0;
		}
		last = &c[i];
		n++;
	}
	if (last)
		fprintf(out, "na: %s, %s: %s (cells: %zu)\n", last->backend->name, last->scenario->name,
			last->na, n);
}

void summary_print(const struct summary *summary, FILE *out)
{
	size_t not_run = 0;

	fprintf(out, "%-47s %-13s %9s %9s %9s  %s\n", "case (medians of the valid repetitions)",
		"backend", "ns/op", "p50 ns", "p99 ns", "verdict");
	for (size_t i = 0; i < summary->plan->n_cells; i++) {
		if (!summary->cell[i].verdict)
			not_run++;
		else if (!summary->plan->cell[i].na)
			print_cell(summary, i, out);
	}
	print_na(summary, out);
	if (not_run)
		fprintf(out, "not run: %zu of %zu cells\n", not_run, summary->plan->n_cells);
}

static void add_double(cJSON *object, const char *name, double x)
{
	if (!isnan(x))
		cJSON_AddNumberToObject(object, name, x);
}

struct cJSON *summary_json(const struct summary *summary)
{
	cJSON *all = cJSON_CreateArray();

	for (size_t i = 0; i < summary->plan->n_cells; i++) {
		const struct summary_cell *s = &summary->cell[i];
		const struct bench_case *c = &summary->plan->cell[i];
		cJSON *o = cJSON_CreateObject();
		char name[256];

		bench_case_name(c, name, sizeof(name));
		cJSON_AddStringToObject(o, "case", name);
		cJSON_AddStringToObject(o, "backend", c->backend ? c->backend->name : "floor");
		add_double(o, "ns_per_op", summary_ns(s));
		add_double(o, "p50_ns", summary_p50(s));
		add_double(o, "p99_ns", stats_median(s->p99, s->n_p50));
		cJSON_AddNumberToObject(o, "valid_repetitions", (double)s->n);
		cJSON_AddNumberToObject(o, "kicks", (double)s->kicks);
		cJSON_AddNumberToObject(o, "misdirected", (double)s->misdirected);
		cJSON_AddNumberToObject(o, "poisoned", (double)s->poisoned);
		cJSON_AddNumberToObject(o, "lost", (double)s->lost);
		cJSON_AddStringToObject(o, "verdict", s->verdict ? verdict_word(s->verdict) : "not run");
		if (s->reason[0])
			cJSON_AddStringToObject(o, "reason", s->reason);
		cJSON_AddItemToArray(all, o);
	}
	return all;
}
