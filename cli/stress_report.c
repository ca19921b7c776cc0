// SPDX-License-Identifier: GPL-2.0-or-later
/* Rows, text and JSON of stress. */
#include "cli/stress_report.h"

#include <string.h>
#include <cjson/cJSON.h>

#include "results/schema.h"

const char *stress_expected_word(const struct stress_backend *b)
{
	static const char *const words[] = { "sound", "caught", "silent" };

	return words[stress_expect(b)->verdict];
}

void stress_fault_names(unsigned int faults, char *text, size_t size)
{
	static const char *const names[] = { "stalls", "late-ipis", "load", "no-memory" };
	size_t used = 0;

	text[0] = '\0';
	for (int f = 0; f < 4; f++)
		if (faults >> f & 1 && used < size)
			used += (size_t)snprintf(text + used, size - used, "%s%s", used ? "+" : "",
						 names[f]);
}

static uint64_t all_found(const uint64_t *found)
{
	uint64_t n = 0;

	for (int kind = 0; kind < STRESS_N_KINDS; kind++)
		n += found[kind];
	return n;
}

/* Which column shows which count. */
static const struct {
	const char *column;
	enum stress_count count;
} counts[] = {
	{ "kicks", STRESS_KICKS },
	{ "requests", STRESS_REQUESTS },
	{ "bare_kicks", STRESS_BARE },
	{ "masks", STRESS_MASKS },
	{ "waits", STRESS_WAITS },
	{ "self_kicks", STRESS_SELF },
	{ "stints", STRESS_STINTS },
	{ "migrations", STRESS_MIGRATIONS },
	{ "migrations_in_windows", STRESS_MOVED },
	{ "sleeps", STRESS_SLEEPS },
	{ "walks", STRESS_WALKS },
};
enum { N_COUNTS = sizeof(counts) / sizeof(counts[0]) };

static void set_violations(struct csv_row *csv, const struct stress_row *row)
{
	static const char *const column[STRESS_N_KINDS] = { "lost",	"poisoned", NULL,
							    "weak",	"wait",	    "account",
							    "coalesce", "cpu",	    "self",
							    "wake",	"mode",	    "deadlock" };
	uint64_t n = all_found(row->found), first = UINT64_MAX;

	for (int kind = 0; kind < STRESS_N_KINDS; kind++) {
		if (column[kind])
			csv_set_u64(csv, column[kind], row->found[kind]);
		if (row->found[kind] && row->first_ns[kind] < first)
			first = row->first_ns[kind];
	}
	if (n)
		csv_set_double(csv, "first_violation_s", (double)first * 1e-9);
	if (row->found[__builtin_ctz(KICK_V_POISONED)])
		csv_set_double(csv, "first_poisoned_s",
			       (double)row->first_ns[__builtin_ctz(KICK_V_POISONED)] * 1e-9);
	if (row->found[__builtin_ctz(KICK_V_LOST)])
		csv_set_double(csv, "first_lost_s",
			       (double)row->first_ns[__builtin_ctz(KICK_V_LOST)] * 1e-9);
	if (row->n[STRESS_KICKS])
		csv_set_double(csv, "violations_per_million_kicks",
			       (double)n * 1e6 / (double)row->n[STRESS_KICKS]);
	if (!row->ns)
		return;
	csv_set_double(csv, "violations_per_s", (double)n * 1e9 / (double)row->ns);
	csv_set_double(csv, "kicks_per_s", (double)row->n[STRESS_KICKS] * 1e9 / (double)row->ns);
}

static void set_row(struct csv_row *csv, const struct stress_row *row)
{
	csv_set_string(csv, "windows", row->windows);
	csv_set_u64(csv, "phases", row->phases);
	csv_set_double(csv, "seconds", (double)row->ns * 1e-9);
	for (int c = 0; c < N_COUNTS; c++)
		csv_set_u64(csv, counts[c].column, row->n[counts[c].count]);
	csv_set_u64(csv, "ipis_sent", row->sent);
	csv_set_u64(csv, "ipis_useful", row->ipis.useful);
	csv_set_u64(csv, "ipis_stale", row->ipis.stale);
	csv_set_u64(csv, "ipis_spurious", row->ipis.spurious);
	csv_set_u64(csv, "ipis_double", row->ipis.dbl);
	csv_set_u64(csv, "ipis_dropped", row->ipis.dropped);
	csv_set_u64(csv, "ipis_invalid", row->ipis.invalid);
	set_violations(csv, row);
}

static void set_run(struct csv_row *csv, const char *run_id, const struct stress_backend *b,
		    const struct stress_options *o, const struct stress_result *r)
{
	char faults[64];

	stress_fault_names(o->faults, faults, sizeof(faults));
	csv_set_string(csv, "run_id", run_id);
	csv_set_string(csv, "backend", b->name);
	csv_set_u64(csv, "seed", o->seed);
	csv_set_string(csv, "transport", "doorbell");
	csv_set_string(csv, "faults", faults);
	csv_set_u64(csv, "kickers", (uint64_t)r->kickers);
	csv_set_u64(csv, "carriers", (uint64_t)r->carriers);
	csv_set_u64(csv, "vcpus", (uint64_t)r->vcpus);
	csv_set_u64(csv, "pcpus", (uint64_t)r->pcpus);
	csv_set_string(csv, "placement", r->oversubscribed ? "oversubscribed" : "exclusive");
	csv_set_string(csv, "verdict", verdict_word(r->verdict));
	csv_set_string(csv, "expected", stress_expected_word(b));
	csv_set_string(csv, "reason", r->why);
}

int stress_report_rows(struct csv_writer *writer, const char *run_id,
		       const struct stress_backend *b, const struct stress_options *o,
		       const struct stress_result *r)
{
	struct csv_row csv;
	int failed = csv_row_init(&csv, &schema_stress);

	if (failed)
		return failed;
	for (size_t i = 0; !failed && i < r->n_rows; i++) {
		csv_row_clear(&csv);
		set_run(&csv, run_id, b, o, r);
		set_row(&csv, &r->row[i]);
		failed = csv_write(writer, &csv);
	}
	csv_row_fini(&csv);
	return failed;
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
			fprintf(out, "  %s %llu", stress_kind_name[kind],
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
			fprintf(out, "  first %s after %.3f s\n", stress_kind_name[kind],
				(double)r->first_ns[kind] * 1e-9);
}

void stress_report_print(FILE *out, const struct stress_backend *b, const struct stress_options *o,
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
	for (int c = 0; c < N_COUNTS; c++)
		cJSON_AddNumberToObject(o, counts[c].column, (double)row->n[counts[c].count]);
	for (int kind = 0; kind < STRESS_N_KINDS; kind++)
		if (row->found[kind])
			cJSON_AddNumberToObject(found, stress_kind_name[kind],
						(double)row->found[kind]);
	cJSON_AddItemToObject(o, "violations", found);
	return o;
}

struct cJSON *stress_report_json(const struct stress_backend *b, const struct stress_options *o,
				 const struct stress_result *r)
{
	cJSON *json = cJSON_CreateObject(), *rows, *first = cJSON_CreateObject();

	cJSON_AddStringToObject(json, "backend", b->name);
	cJSON_AddStringToObject(json, "verdict", verdict_word(r->verdict));
	cJSON_AddStringToObject(json, "expected", stress_expected_word(b));
	if (r->declared == STRESS_DECLARED_UNDECIDED)
		cJSON_AddNullToObject(json, "as_declared");
	else
		cJSON_AddBoolToObject(json, "as_declared", r->declared == STRESS_AS_DECLARED);
	cJSON_AddStringToObject(json, "reason", r->why);
	cJSON_AddNumberToObject(json, "seed", (double)o->seed);
	for (int kind = 0; kind < STRESS_N_KINDS; kind++)
		if (r->found[kind])
			cJSON_AddNumberToObject(first, stress_kind_name[kind],
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
