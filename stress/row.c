// SPDX-License-Identifier: GPL-2.0-or-later
/* The rows of a result: the only place that fills stress.csv's columns. */
#include "results/schema.h"
#include "results/sink.h"
#include "stress/stress.h"

const char *stress_expected_word(const struct stress_backend *b)
{
	static const char *const words[] = { "sound", "caught", "silent" };

	return words[stress_expect(b)->verdict];
}

const struct stress_column stress_column[] = {
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
	{ NULL, 0 },
};

static void set_violations(struct csv_row *csv, const struct stress_row *row)
{
	uint64_t n = stress_all_found(row->found), first = UINT64_MAX;

	for (int kind = 0; kind < STRESS_N_KINDS; kind++) {
		if (kick_property(1u << kind)->judges & KICK_STRESS_JUDGES)
			csv_set_u64(csv, stress_kind_name(kind), row->found[kind]);
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
	char distances[96];

	csv_set_string(csv, "windows", row->windows);
	csv_set_u64(csv, "phases", row->phases);
	csv_set_double(csv, "seconds", (double)row->ns * 1e-9);
	for (int c = 0; stress_column[c].name; c++)
		csv_set_u64(csv, stress_column[c].name, row->n[stress_column[c].count]);
	csv_set_u64(csv, "ipis_sent", row->sent);
	csv_set_u64(csv, "ipis_useful", row->ipis.useful);
	csv_set_u64(csv, "ipis_stale", row->ipis.stale);
	csv_set_u64(csv, "ipis_spurious", row->ipis.spurious);
	csv_set_u64(csv, "ipis_double", row->ipis.dbl);
	csv_set_u64(csv, "ipis_dropped", row->ipis.dropped);
	csv_set_u64(csv, "ipis_invalid", row->ipis.invalid);
	stress_distance_names(row->distances, distances, sizeof(distances));
	csv_set_string(csv, "distances", distances);
	set_violations(csv, row);
}

static void set_run(struct csv_row *csv, const char *run_id, const struct stress_backend *b,
		    const struct stress_options *o, const struct stress_result *r)
{
	char faults[64], gone[160], why[sizeof(r->why) + 16];

	stress_fault_names(o->faults, faults, sizeof(faults));
	csv_set_string(csv, "run_id", run_id);
	csv_set_string(csv, "backend", b->name);
	csv_set_u64(csv, "seed", o->seed);
	csv_set_string(csv, "transport", b->decl->features & KICK_F_SIGNAL ? "signal" : "doorbell");
	csv_set_string(csv, "faults", faults);
	csv_set_u64(csv, "kickers", (uint64_t)r->kickers);
	csv_set_u64(csv, "carriers", (uint64_t)r->carriers);
	csv_set_u64(csv, "vcpus", (uint64_t)r->vcpus);
	csv_set_u64(csv, "pcpus", (uint64_t)r->pcpus);
	csv_set_string(csv, "placement", r->oversubscribed ? "oversubscribed" : "exclusive");
	csv_set_string(csv, "verdict", verdict_word(r->verdict));
	csv_set_string(csv, "expected", stress_expected_word(b));
	if (r->failed)
		snprintf(why, sizeof(why), "FAILED: %s", r->why);
	csv_set_string(csv, "reason", r->failed ? why : r->why);
	stress_window_names(STRESS_ALL_WINDOWS & ~r->passed, gone, sizeof(gone));
	csv_set_string(csv, "windows_not_passed", gone);
	csv_set_string(csv, "grade", kick_grade(r->bits));
	csv_set_u64(csv, "pus", (uint64_t)stress_pus_used(r));
	if (b->decl->features & KICK_F_SIGNAL)
		csv_set_string(csv, "run", o->kvm ? "kvm" : "emulated");
}

int stress_rows(struct sink *sink, const char *run_id, const struct stress_backend *b,
		const struct stress_options *o, const struct stress_result *r)
{
	struct csv_row csv;
	int failed = csv_row_init(&csv, &schema_stress);

	if (failed)
		return failed;
	for (size_t i = 0; !failed && i < r->n_rows; i++) {
		csv_row_clear(&csv);
		set_run(&csv, run_id, b, o, r);
		set_row(&csv, &r->row[i]);
		failed = sink_row(sink, &csv);
	}
	csv_row_fini(&csv);
	return failed;
}
