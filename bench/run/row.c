// SPDX-License-Identifier: GPL-2.0-or-later
/* From a measured case to a row of bench.csv: what was not measured stays empty. */
#include <stdio.h>

#include "bench/plan/plan.h"
#include "bench/run/run.h"
#include "machine/preempt.h"
#include "results/schema.h"

static void set_pu(struct csv_row *row, const char *name, int pu)
{
	char text[16];

	if (pu < 0)
		return;
	snprintf(text, sizeof(text), "%d", pu);
	csv_set_string(row, name, text);
}

/* "53", or "53+54+55". */
static void set_kickers(struct csv_row *row, const struct bench_case *c)
{
	char text[MACHINE_MAX_KICKERS * 6];
	int used = 0;

	for (int i = 0; i < c->kickers && c->kicker_pu >= 0; i++)
		used += snprintf(text + used, sizeof(text) - (size_t)used, "%s%d", i ? "+" : "",
				 bench_kicker_pu(c, i));
	if (used)
		csv_set_string(row, "kicker_pu", text);
}

/* In the kernel a vCPU that moves has several. */
static void set_vcpus(struct csv_row *row, const struct bench_case *c)
{
	char text[64] = "";
	bool live = c->state == BENCH_IN_GUEST || c->mask_width;
	int n = live ? c->pcpus - c->kickers : c->vcpu_pu >= 0, used = 0;

	for (int i = 0; i < n && used + 16 < (int)sizeof(text); i++)
		used += snprintf(text + used, sizeof(text) - (size_t)used, "%s%d", i ? "+" : "",
				 bench_vcpu_pu(c, i));
	if (used)
		csv_set_string(row, "vcpu_pu", text);
}

/* The module's counts, of this row alone. */
static void set_kernel(struct csv_row *row, const struct bench_result *r)
{
	csv_set_u64(row, "kernel_resched_ipis", r->resched);
	csv_set_u64(row, "kernel_call_ipis", r->called);
	csv_set_string(row, "kernel_status", "kick_judge");
	csv_set_u64(row, "kernel_foreign_ipis", r->foreign);
	csv_set_u64(row, "kernel_repeats", r->repeats);
}

void bench_row_case(struct csv_row *row, const struct bench_case *c, unsigned int process)
{
	char text[64];

	csv_set_string(row, "backend", c->backend ? c->backend->name : "floor");
	csv_set_string(row, "scenario", c->scenario->name);
	csv_set_string(row, "path", c->path);
	csv_set_string(row, "line", c->line);
	csv_set_string(row, "form", c->form);
	csv_set_string(row, "put", c->put);
	csv_set_string(row, "loop", c->loop);
	csv_set_string(row, "home", c->home);
	set_kickers(row, c);
	if (machine_is_kernel(c->transport))
		set_vcpus(row, c);
	else
		set_pu(row, "vcpu_pu", c->vcpu_pu);
	if (c->vcpu_pu >= 0)
		csv_set_string(row, "distance", topo_distance_name(c->distance));
	if (c->backend) {
		csv_set_string(row, "transport", machine_transport_name[c->transport]);
		csv_set_u64(row, "kickers", (uint64_t)c->kickers);
		csv_set_u64(row, "vcpus", (uint64_t)c->vcpus);
		csv_set_u64(row, "pcpus", (uint64_t)c->pcpus);
	}
	if (c->state == BENCH_IN_GUEST) {
		csv_set_u64(row, "pcpus_per_carrier", (uint64_t)(c->pcpus - c->kickers));
		csv_set_double(row, "migrations_per_s", c->migrations_per_s);
		csv_set_double(row, "natural_exits_per_s", c->natural_exits_per_s);
		snprintf(text, sizeof(text), "cpu-claim:%gus", (double)c->widen_ns / 1000);
		csv_set_string(row, "widen", c->widen_ns ? text : "none");
	}
	if (c->scenario->case_columns)
		c->scenario->case_columns(c, row);
	if (c->rate_per_s > 0)
		csv_set_double(row, "arrivals_per_s", c->rate_per_s);
	csv_set_string(row, "arrivals", c->arrivals);
	csv_set_u64(row, "repetition", c->repetition);
	csv_set_u64(row, "seed", c->seed);
	csv_set_u64(row, "process", process);
}

static void set_latency(struct csv_row *row, const struct bench_result *r)
{
	static const struct {
		const char *name;
		double q;
	} quantile[] = { { "min_ns", 0 },     { "p50_ns", .5 },	   { "p90_ns", .9 },
			 { "p99_ns", .99 }, { "p999_ns", .999 }, { "max_ns", 1 } };

	if (preempt_is_seen())
		csv_set_u64(row, "preempted", r->preempted);
	if (!r->has_latency)
		return;
	for (size_t i = 0; i < sizeof(quantile) / sizeof(quantile[0]); i++)
		csv_set_double(row, quantile[i].name, histogram_quantile(&r->latency, quantile[i].q));
}

static void set_ipis(struct csv_row *row, const struct bench_case *c, const struct bench_result *r)
{
	csv_set_u64(row, "ipis_sent", r->sent);
	csv_set_u64(row, "ipis_useful", r->ipis.useful);
	csv_set_u64(row, "ipis_stale", r->ipis.stale);
	csv_set_u64(row, "ipis_spurious", r->ipis.spurious);
	csv_set_u64(row, "ipis_double", r->ipis.dbl);
	csv_set_u64(row, "ipis_dropped", r->ipis.dropped + r->ipis.invalid);
	/* Only the probe sees misdirected ones; where nothing migrates there are none to see. */
	if ((bench_decl(c->backend)->features & KICK_F_CLAIM) &&
	    (c->scenario->probed || !r->migrations))
		csv_set_u64(row, "ipis_misdirected", r->misdirected);
}

static void set_counts(struct csv_row *row, const struct bench_result *r)
{
	csv_set_u64(row, "loads_per_kick", r->counts.loads);
	csv_set_u64(row, "stores_per_kick", r->counts.stores);
	csv_set_u64(row, "locked_rmws_per_kick", r->counts.locked_rmws);
	csv_set_u64(row, "fences_per_kick", r->counts.fences);
}

static void set_result(struct csv_row *row, const struct bench_case *c, const struct bench_result *r)
{
	csv_set_u64(row, "ops", r->ops);
	csv_set_u64(row, "window_ns", r->window_ns ? r->window_ns : c->window_ns);
	set_latency(row, r);
	if (r->has_outcomes) {
		csv_set_u64(row, "kicks", r->kicks);
		csv_set_u64(row, "coalesced", r->outcome[KICK_CLAIMED]);
	}
	if (r->has_ipis)
		set_ipis(row, c, r);
	if (r->has_verdicts) {
		csv_set_u64(row, "stints", r->stints);
		csv_set_u64(row, "exits", r->exits);
		csv_set_u64(row, "migrations", r->migrations);
		if (c->transport != MACHINE_DOORBELL && !r->in_kernel)
			csv_set_u64(row, "resumed", r->resumed);
		csv_set_double(row, "fairness", r->fairness);
		if (!c->scenario->blind)
			csv_set_u64(row, "lost", r->lost);
		/* Only the probe looks, and only a claim can poison. */
		if (c->scenario->probed && (bench_decl(c->backend)->features & KICK_F_CLAIM))
			csv_set_u64(row, "poisoned", r->poisoned);
	}
	if (c->scenario->result_columns)
		c->scenario->result_columns(r, row);
	if (r->has_counts)
		set_counts(row, r);
	if (r->in_kernel)
		set_kernel(row, r);
	else
		csv_set_double(row, "overlap", r->overlap);
	csv_set_u64(row, "nivcsw", (uint64_t)r->nivcsw);
	csv_set_string(row, "placement", r->oversubscribed ? "oversubscribed" : "exclusive");
}

int bench_row(struct csv_row *row, const struct bench_run_options *options,
	      const struct bench_case *c, const struct bench_result *r, double ns_per_op)
{
	char name[256];

	csv_row_clear(row);
	bench_case_name(c, name, sizeof(name));
	csv_set_string(row, "run_id", options->run_id);
	csv_set_string(row, "cell", name);
	bench_row_case(row, c, options->process);
	if (!c->na && !r->probed) {
		set_result(row, c, r);
		if (r->ops && r->ns_per_op > 0)
			csv_set_double(row, "ns_per_op", ns_per_op);
		bench_meter_row(row, options->meter, &r->counted);
	}
	csv_set_string(row, "verdict", verdict_word(c->na ? VERDICT_NA : r->verdict));
	csv_set_string(row, "reason", c->na ? c->na : r->why);
	return row->error;
}

int bench_row_out(struct sink *to, const struct csv_row *row, const struct bench_case *c,
		  const struct bench_result *r)
{
	const struct bench_scenario *s = c->scenario;
	int failed = 0;

	if (r->has_latency && !c->na)
		failed = sink_latency(to, row, s->latency_kind ? s->latency_kind : s->name, &r->latency);
	return failed ? failed : sink_row(to, row);
}
