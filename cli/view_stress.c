// SPDX-License-Identifier: GPL-2.0-or-later
/* Text and JSON of stress. */
#include "cli/view_stress.h"

#include <string.h>
#include <cjson/cJSON.h>

#include "results/schema.h"

static uint64_t all_found(const uint64_t *found)
{
	uint64_t n = 0;

	for (int kind = 0; kind < STRESS_N_KINDS; kind++)
		n += found[kind];
	return n;
}

static void print_row(FILE *out, const struct stress_row *row)
{
	uint64_t n = all_found(row->found);

	fprintf(out, "  %-14s %7.2f s %10llu kicks %9llu stints %8llu migrations", row->windows,
		(double)row->ns * 1e-9, (unsigned long long)row->n[STRESS_KICKS],
		(unsigned long long)row->n[STRESS_STINTS],
		(unsigned long long)row->n[STRESS_MIGRATIONS]);
	if (!n)
		fprintf(out, "   0 violations in %llu kicks",
			(unsigned long long)row->n[STRESS_KICKS]);
	for (int kind = 0; kind < STRESS_N_KINDS; kind++)
		if (row->found[kind])
			fprintf(out, "  %s %llu", stress_kind_name(kind),
				(unsigned long long)row->found[kind]);
	if (n && row->ns)
		fprintf(out, "  (%.3g /M kicks, %.3g /s)",
			(double)n * 1e6 / (double)row->n[STRESS_KICKS],
			(double)n * 1e9 / (double)row->ns);
	fputc('\n', out);
}

static void print_firsts(FILE *out, const struct stress_result *r)
{
	for (int kind = 0; kind < STRESS_N_KINDS; kind++)
		if (r->found[kind])
			fprintf(out, "  first %s after %.3f s: %s%s\n", stress_kind_name(kind),
				(double)r->first_ns[kind] * 1e-9, kick_property(1u << kind)->means,
				kick_property_judge(kick_property(1u << kind)));
}

/* What a run that found nothing could not have found. */
static void print_unseen(FILE *out, const struct stress_backend *b, const struct stress_result *r)
{
	unsigned int gone = STRESS_ALL_WINDOWS & ~r->passed;
	char names[160];

	if (r->bits)
		return;
	stress_window_names(gone, names, sizeof(names));
	if (gone)
		fprintf(out, "  its text never passed: %s; a race at such a place was met by chance alone\n",
			names);
	if (stress_expect(b)->why)
		fprintf(out, "  silent here: %s\n", stress_expect(b)->why);
	fputs("  interrupts are taken when they go off or on, and in guest mode: none in between was seen\n",
	      out);
}

void view_stress_print(FILE *out, const struct stress_backend *b, const struct stress_options *o,
			 const struct stress_result *r)
{
	static const char *const declared[] = { "", ", which is contradicted", ", which is not decided" };
	const char *preset, *model;

	fprintf(out, "%s: %s%s%s; declared %s%s\n", b->name,
		r->verdict == VERDICT_VIOLATED  ? "BROKEN"
		: r->verdict == VERDICT_OK ? "no violation"
					     : "UNDECIDED",
		r->why[0] ? ": " : "", r->why, stress_expected_word(b),
		declared[r->declared]);
	fprintf(out, "  seed %llu, %d kickers, %d carriers, %d vCPUs on %d pCPUs, %s, doorbell\n",
		(unsigned long long)o->seed, r->kickers, r->carriers, r->vcpus,
		r->pcpus - r->kickers, r->oversubscribed ? "oversubscribed" : "a PU each");
	for (size_t i = 0; i < r->n_rows; i++)
		print_row(out, &r->row[i]);
	print_firsts(out, r);
	print_unseen(out, b, r);
	if (r->kicks_per_s_unwatched > 0)
		fprintf(out,
			"  kick rate with the oracle: %.0f %% of that without (%.3g and %.3g /s)\n",
			100 * r->kicks_per_s / r->kicks_per_s_unwatched, r->kicks_per_s,
			r->kicks_per_s_unwatched);
	if (r->first < 0)
		return;
	fputc('\n', out);
	lanes_text(out, &r->trace[r->first]);
	fputc('\n', out);
	if (stress_nearest_preset(b, r->first, &preset, &model))
		fprintf(out,
			"  step by step: kickbench explore --backend %s --scenario %s --model %s\n",
			b->name, preset, model);
}

static cJSON *row_json(const struct stress_row *row)
{
	cJSON *o = cJSON_CreateObject(), *found = cJSON_CreateObject();

	cJSON_AddStringToObject(o, "windows", row->windows);
	cJSON_AddNumberToObject(o, "seconds", (double)row->ns * 1e-9);
	for (int c = 0; stress_column[c].name; c++)
		cJSON_AddNumberToObject(o, stress_column[c].name, (double)row->n[stress_column[c].count]);
	for (int kind = 0; kind < STRESS_N_KINDS; kind++)
		if (row->found[kind])
			cJSON_AddNumberToObject(found, stress_kind_name(kind),
						(double)row->found[kind]);
	cJSON_AddItemToObject(o, "violations", found);
	return o;
}

struct cJSON *view_stress_json(const struct stress_backend *b, const struct stress_options *o,
				 const struct stress_result *r)
{
	cJSON *json = cJSON_CreateObject(), *rows, *first = cJSON_CreateObject();
	char gone[160];

	cJSON_AddStringToObject(json, "backend", b->name);
	cJSON_AddStringToObject(json, "verdict", verdict_word(r->verdict));
	cJSON_AddStringToObject(json, "expected", stress_expected_word(b));
	if (r->declared == STRESS_DECLARED_UNDECIDED)
		cJSON_AddNullToObject(json, "as_declared");
	else
		cJSON_AddBoolToObject(json, "as_declared", r->declared == STRESS_AS_DECLARED);
	cJSON_AddStringToObject(json, "reason", r->why);
	stress_window_names(STRESS_ALL_WINDOWS & ~r->passed, gone, sizeof(gone));
	cJSON_AddStringToObject(json, "windows_not_passed", gone);
	cJSON_AddNumberToObject(json, "seed", (double)o->seed);
	for (int kind = 0; kind < STRESS_N_KINDS; kind++)
		if (r->found[kind])
			cJSON_AddNumberToObject(first, stress_kind_name(kind),
						(double)r->first_ns[kind] * 1e-9);
	cJSON_AddItemToObject(json, "first_s", first);
	if (r->kicks_per_s_unwatched > 0)
		cJSON_AddNumberToObject(json, "oracle_share",
					r->kicks_per_s / r->kicks_per_s_unwatched);
	rows = cJSON_AddArrayToObject(json, "rows");
	for (size_t i = 0; i < r->n_rows; i++)
		cJSON_AddItemToArray(rows, row_json(&r->row[i]));
	return json;
}
