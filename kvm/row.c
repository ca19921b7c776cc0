// SPDX-License-Identifier: GPL-2.0-or-later
/* The rows of kvm.csv and kernel-lab.csv: the only place that fills their columns. */
#include <stdio.h>

#include "kvm/kick.h"
#include "kvm/kvm.h"
#include "kvm/lab.h"
#include "results/schema.h"
#include "results/sink.h"

static void set_latency(struct csv_row *csv, const char *prefix, const struct histogram *h,
			bool with_min)
{
	static const struct {
		const char *name;
		double q;
	} cell[] = { { "min", 0 }, { "p50", 0.5 }, { "p90", 0.9 }, { "p99", 0.99 }, { "max", 1 } };
	char name[64];

	for (size_t i = with_min ? 0 : 1; h->n && i < sizeof(cell) / sizeof(cell[0]); i++) {
		snprintf(name, sizeof(name), "%s_%s_ns", prefix, cell[i].name);
		csv_set_double(csv, name, histogram_quantile(h, cell[i].q));
	}
}

static void set_places(struct csv_row *csv, const struct kvm_case *what)
{
	char text[32];

	if (what->kicker_pu >= 0) {
		snprintf(text, sizeof(text), "%d", what->kicker_pu);
		csv_set_string(csv, "kicker_pu", text);
	}
	if (what->vcpu_pu >= 0) {
		snprintf(text, sizeof(text), "%d", what->vcpu_pu);
		csv_set_string(csv, "vcpu_pu", text);
	}
	if (!what->migrate)
		csv_set_string(csv, "distance", topo_distance_name(what->distance));
}

static void set_counts(struct csv_row *csv, const struct kvm_row *row)
{
	csv_set_u64(csv, "window_ns", row->window_ns);
	csv_set_u64(csv, "kicks", row->kicks);
	csv_set_u64(csv, "migrations", row->migrations);
	set_latency(csv, "call", &row->call, true);
	set_latency(csv, "exit", &row->exit, false);
	set_latency(csv, "handler", &row->came, false);
	csv_set_double(csv, "exits_per_kick", row->exits);
	csv_set_double(csv, "res_per_kick", row->res);
	csv_set_double(csv, "cal_per_kick", row->cal);
	csv_set_double(csv, "traced_ipis_per_kick", row->traced);
	csv_set_u64(csv, "nvcsw", row->nvcsw);
	csv_set_u64(csv, "nivcsw", row->nivcsw);
	if (!row->judged)
		return;
	csv_set_u64(csv, "judged", row->judged);
	csv_set_u64(csv, "lost", row->lost);
	csv_set_u64(csv, "rescued", row->rescued);
}

static void set_row(struct csv_row *csv, const char *run_id, const struct kvm_row *row)
{
	const struct kvm_case *what = &row->what;

	csv_set_string(csv, "run_id", run_id);
	csv_set_string(csv, "kick", what->kick->name);
	csv_set_string(csv, "form", what->kick->form);
	csv_set_string(csv, "state", what->halted ? "halted" : "guest");
	csv_set_u64(csv, "migrate", what->migrate);
	csv_set_u64(csv, "cpl", (uint64_t)row->cpl);
	csv_set_double(csv, "natural_exits_per_s", row->natural_exits_per_s);
	csv_set_u64(csv, "deaf_ns", row->deaf_ns);
	csv_set_string(csv, "verdict", verdict_word(row->verdict));
	csv_set_string(csv, "reason", row->reason);
	set_places(csv, what);
	if (row->kicks || row->judged)
		set_counts(csv, row);
}

int kvm_row_hand_out(struct sink *sink, const char *run_id, const struct kvm_row *row)
{
	struct csv_row csv;
	int failed = csv_row_init(&csv, &schema_kvm);

	if (failed)
		return failed;
	set_row(&csv, run_id, row);
	failed = sink_row(sink, &csv);
	csv_row_fini(&csv);
	return failed;
}

int kvm_lab_csv(struct csv_row *csv, const struct kvm_lab_options *lab, const struct kvm_lab_row *row)
{
	csv_row_clear(csv);
	csv_set_string(csv, "variant", row->variant);
	csv_set_string(csv, "first", lab->first->name);
	csv_set_string(csv, "second", lab->second->name);
	csv_set_u64(csv, "migrate", lab->migrate);
	csv_set_u64(csv, "gate", lab->gate);
	csv_set_u64(csv, "rounds", row->rounds);
	csv_set_u64(csv, "poisoned", row->poisoned);
	csv_set_u64(csv, "ipis", row->ipis);
	csv_set_u64(csv, "swallowed", row->swallowed);
	if (!lab->free_ns) {
		csv_set_u64(csv, "lost", row->lost);
		csv_set_u64(csv, "first_lost", row->first_lost);
		csv_set_u64(csv, "rescued", row->rescued);
		csv_set_u64(csv, "held", row->held);
		csv_set_u64(csv, "wait_ns", lab->wait_ns);
	}
	if (row->latency.n) {
		csv_set_double(csv, "p50_ns", histogram_quantile(&row->latency, 0.5));
		csv_set_double(csv, "p90_ns", histogram_quantile(&row->latency, 0.9));
		csv_set_double(csv, "max_ns", histogram_quantile(&row->latency, 1));
	}
	csv_set_double(csv, "exits_per_s", row->exits_per_s);
	return csv->error;
}
