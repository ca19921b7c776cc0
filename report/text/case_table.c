// SPDX-License-Identifier: GPL-2.0-or-later
/* Every case of a run: medians of its valid repetitions and its worst verdict, as a table and as JSON. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <cjson/cJSON.h>

#include "report/text/text.h"
#include "results/json.h"

static void print_number(FILE *out, double x)
{
	if (isnan(x))
		fprintf(out, " %9s", "");
	else
		fprintf(out, x < 1000 ? " %9.2f" : " %9.0f", x);
}

static bool is_oversubscribed(const struct cases *cases, size_t i)
{
	const struct csv_table *t = cases->table;

	for (size_t k = cases->first[i]; k < cases->first[i + 1]; k++)
		if (!strcmp(csv_cell(t, cases->row[k], csv_table_find(t, "placement")), "oversubscribed"))
			return true;
	return false;
}

/* Do neighbours differ in their PUs alone?  Then their names do not tell them apart. */
static bool has_pairs(const struct cases *cases)
{
	static const char *const same[] = { "scenario", "backend", "distance", "transport", "kickers" };
	size_t shared;

	for (size_t i = 1; i < cases->n; i++) {
		for (shared = 0; shared < 5; shared++)
			if (!case_is(cases, i, same[shared], case_text(cases, i - 1, same[shared])))
				break;
		if (shared == 5 && *case_text(cases, i, "vcpu_pu") &&
		    (!case_is(cases, i, "kicker_pu", case_text(cases, i - 1, "kicker_pu")) ||
		     !case_is(cases, i, "vcpu_pu", case_text(cases, i - 1, "vcpu_pu"))))
			return true;
	}
	return false;
}

static void print_case(FILE *out, const struct cases *cases, size_t i, bool pairs)
{
	bool is_floor = case_is(cases, i, "backend", "floor");
	const char *reason;
	enum verdict verdict = case_worst(cases, i, &reason);
	char name[256];

	case_name(cases, i, name, sizeof(name));
	if (pairs && *case_text(cases, i, "vcpu_pu"))
		snprintf(name + strlen(name), sizeof(name) - strlen(name), " pu %s>%s",
			 case_text(cases, i, "kicker_pu"), case_text(cases, i, "vcpu_pu"));
	fprintf(out, "%-47s %-13s", name, is_floor ? "-" : case_text(cases, i, "backend"));
	print_number(out, case_median(cases, i, "ns_per_op"));
	print_number(out, case_median(cases, i, "p50_ns"));
	print_number(out, case_median(cases, i, "p99_ns"));
	fprintf(out, "  %s%s%s%s\n", verdict_word(verdict),
		case_n_ok(cases, i) && is_oversubscribed(cases, i) ? ", oversubscribed" : "",
		*reason ? ": " : "", reason);
}

/* Cases that cannot be, once per backend and reason: the n up to this one. */
static void print_na(FILE *out, const struct cases *cases, size_t i, size_t n)
{
	fprintf(out, "na: %s, %s: %s (cells: %zu)\n", case_text(cases, i, "backend"),
		case_text(cases, i, "scenario"), case_text(cases, i, "reason"), n);
}

static bool same_na(const struct cases *cases, size_t i, size_t k)
{
	return case_is(cases, i, "backend", case_text(cases, k, "backend")) &&
	       case_is(cases, i, "reason", case_text(cases, k, "reason"));
}

static void print_all_na(FILE *out, const struct cases *cases, const size_t *order)
{
	size_t last = 0, n = 0;

	for (size_t i = 0; i < cases->n; i++) {
		if (!case_is(cases, order[i], "verdict", "na"))
			continue;
		if (n && !same_na(cases, order[i], last)) {
			print_na(out, cases, last, n);
			n = 0;
		}
		last = order[i];
		n++;
	}
	if (n)
		print_na(out, cases, last, n);
}

void text_case_table(FILE *out, const struct report_run *run)
{
	const struct cases *cases = &run->bench;
	const cJSON *planned = report_member(run, "plan.cells");
	bool pairs = has_pairs(cases);
	size_t *order;

	if (cases_by_plan(cases, &order))
		return;
	fprintf(out, "%-47s %-13s %9s %9s %9s  %s\n", "case (medians of the valid repetitions)", "backend",
		"ns/op", "p50 ns", "p99 ns", "verdict");
	for (size_t i = 0; i < cases->n; i++)
		if (!case_is(cases, order[i], "verdict", "na"))
			print_case(out, cases, order[i], pairs);
	print_all_na(out, cases, order);
	if (cJSON_IsNumber(planned) && planned->valuedouble > (double)cases->n)
		fprintf(out, "not run: %.0f of %.0f cells\n", planned->valuedouble - (double)cases->n,
			planned->valuedouble);
	free(order);
}

static void add_double(cJSON *object, const char *name, double x)
{
	if (!isnan(x))
		cJSON_AddNumberToObject(object, name, x);
}

static cJSON *case_json(const struct cases *cases, size_t i)
{
	cJSON *o = cJSON_CreateObject();
	const char *reason;
	enum verdict verdict = case_worst(cases, i, &reason);
	char name[256];

	case_name(cases, i, name, sizeof(name));
	cJSON_AddStringToObject(o, "case", name);
	cJSON_AddStringToObject(o, "backend", case_text(cases, i, "backend"));
	cJSON_AddStringToObject(o, "kicker_pu", case_text(cases, i, "kicker_pu"));
	cJSON_AddStringToObject(o, "vcpu_pu", case_text(cases, i, "vcpu_pu"));
	add_double(o, "ns_per_op", case_median(cases, i, "ns_per_op"));
	add_double(o, "p50_ns", case_median(cases, i, "p50_ns"));
	add_double(o, "p99_ns", case_median(cases, i, "p99_ns"));
	cJSON_AddNumberToObject(o, "valid_repetitions", (double)case_n_ok(cases, i));
	results_json_add_u64(o, "kicks", case_sum(cases, i, "kicks"));
	results_json_add_u64(o, "misdirected", case_sum(cases, i, "ipis_misdirected"));
	results_json_add_u64(o, "poisoned", case_sum(cases, i, "poisoned"));
	results_json_add_u64(o, "lost", case_sum(cases, i, "lost"));
	cJSON_AddStringToObject(o, "verdict", verdict_word(verdict));
	if (*reason)
		cJSON_AddStringToObject(o, "reason", reason);
	return o;
}

cJSON *text_cases_json(const struct report_run *run)
{
	cJSON *all = cJSON_CreateArray();
	size_t *order;

	if (cases_by_plan(&run->bench, &order)) {
		cJSON_Delete(all);
		return NULL;
	}
	for (size_t i = 0; i < run->bench.n; i++)
		cJSON_AddItemToArray(all, case_json(&run->bench, order[i]));
	free(order);
	return all;
}
