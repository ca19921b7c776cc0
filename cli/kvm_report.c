// SPDX-License-Identifier: GPL-2.0-or-later
/* Rows, text and JSON of kickbench kvm. */
#include "cli/kvm_report.h"

#include <math.h>
#include <string.h>
#include <cjson/cJSON.h>

#include "kvm/kick.h"
#include "results/schema.h"

static const char *state_of(const struct kvm_case *what)
{
	return what->halted ? "halted" : "guest";
}

void kvm_report_head(FILE *out)
{
	fprintf(out, "latencies: median and 99th percentile, us; the others: per kick\n");
	fprintf(out, "%-11s%-14s %11s %11s %11s %5s %4s %4s %4s  lost\n", "kick", "vCPU", "call", "exit",
		"done", "exits", "RES", "CAL", "sent");
}

/* Two percentiles in microseconds; blank if nothing was recorded. */
static void print_latency(FILE *out, const struct histogram *h)
{
	if (h->n)
		fprintf(out, " %5.1f %5.1f", histogram_quantile(h, 0.5) / 1000,
			histogram_quantile(h, 0.99) / 1000);
	else
		fprintf(out, " %11s", "");
}

static void print_rate(FILE *out, double rate, int width)
{
	if (isnan(rate))
		fprintf(out, " %*s", width, "");
	else
		fprintf(out, " %*.2f", width, rate);
}

/* "guest l3", "halted smt"; a vCPU that migrates is in guest mode, at no distance in particular. */
static void print_vcpu(FILE *out, const struct kvm_case *what)
{
	char text[32] = "guest, moving";

	if (!what->migrate)
		snprintf(text, sizeof(text), "%s %s", state_of(what), topo_distance_name(what->distance));
	fprintf(out, "%-14s", text);
}

/* Where no kick can be called lost, a dash. */
static void print_lost(FILE *out, const struct kvm_row *row)
{
	if (row->judged)
		fprintf(out, "  %llu in %llu", (unsigned long long)row->lost,
			(unsigned long long)row->judged);
	else
		fprintf(out, "  - in %llu", (unsigned long long)row->kicks);
}

void kvm_report_row(FILE *out, const struct kvm_row *row)
{
	fprintf(out, "%-11s", row->what.kick->name);
	print_vcpu(out, &row->what);
	if (row->verdict == VERDICT_NA) {
		fprintf(out, " na: %s\n", row->reason);
		return;
	}
	print_latency(out, &row->call);
	print_latency(out, &row->exit);
	print_latency(out, &row->came);
	print_rate(out, row->exits, 5);
	print_rate(out, row->res, 4);
	print_rate(out, row->cal, 4);
	print_rate(out, row->traced, 4);
	print_lost(out, row);
	if (row->verdict == VERDICT_INCONCLUSIVE)
		fprintf(out, "\n%-11s%s", "", row->reason);
	fputc('\n', out);
}

void kvm_report_host(FILE *out, const struct kvm_host *host)
{
	fprintf(out, "/dev/kvm is %s; the guest runs at privilege level %d",
		host->modules[0] ? host->modules : "built in", host->cpl);
	fprintf(out, " (loops per ms: %.3g at 0, %.3g at 3)\n", host->loops_per_ms[0],
		host->loops_per_ms[1]);
	fprintf(out, "self-test: %llu of %llu interrupts arrived; %.0f natural exits per second\n",
		(unsigned long long)host->arrived, (unsigned long long)host->self_test,
		host->natural_exits_per_s);
	fprintf(out, "lost: the guest runs on for %.0f us after a kick, without exit or interrupt\n\n",
		(double)host->deaf_ns / 1000);
}

void kvm_report_verdict(FILE *out, const struct kvm_result *r)
{
	static const char *const word[N_VERDICTS] = { [VERDICT_NONE] = "UNDECIDED",
						      [VERDICT_OK] = "none lost",
						      [VERDICT_INCONCLUSIVE] = "UNDECIDED",
						      [VERDICT_NA] = "skipped",
						      [VERDICT_VIOLATED] = "LOST" };

	fprintf(out, "\n%s: ", word[r->verdict]);
	if (r->verdict != VERDICT_OK && r->verdict != VERDICT_VIOLATED)
		fprintf(out, "%s: ", r->reason);
	fprintf(out, "%llu lost in %llu kicks with %llu migrations", (unsigned long long)r->lost,
		(unsigned long long)r->judged, (unsigned long long)r->migrations);
	if (r->still)
		fprintf(out, ", and in %llu without", (unsigned long long)r->still);
	if (r->lost)
		fprintf(out, "; %llu of these took a signal, the rest met a natural exit",
			(unsigned long long)r->rescued);
	fputc('\n', out);
}

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

int kvm_report_csv(struct csv_row *csv, const char *run_id, const struct kvm_row *row)
{
	const struct kvm_case *what = &row->what;

	csv_row_clear(csv);
	csv_set_string(csv, "run_id", run_id);
	csv_set_string(csv, "kick", what->kick->name);
	csv_set_string(csv, "form", what->kick->form);
	csv_set_string(csv, "state", state_of(what));
	csv_set_u64(csv, "migrate", what->migrate);
	csv_set_u64(csv, "cpl", (uint64_t)row->cpl);
	csv_set_double(csv, "natural_exits_per_s", row->natural_exits_per_s);
	csv_set_u64(csv, "deaf_ns", row->deaf_ns);
	csv_set_string(csv, "verdict", verdict_word(row->verdict));
	csv_set_string(csv, "reason", row->reason);
	set_places(csv, what);
	if (row->kicks || row->judged)
		set_counts(csv, row);
	return csv->error;
}

struct cJSON *kvm_report_json(const struct kvm_result *r)
{
	cJSON *json = cJSON_CreateObject();

	cJSON_AddStringToObject(json, "modules", r->host.modules);
	cJSON_AddNumberToObject(json, "privilege_level", r->host.cpl);
	cJSON_AddNumberToObject(json, "loops_per_ms_at_0", r->host.loops_per_ms[0]);
	cJSON_AddNumberToObject(json, "loops_per_ms_at_3", r->host.loops_per_ms[1]);
	cJSON_AddNumberToObject(json, "self_test", (double)r->host.self_test);
	cJSON_AddNumberToObject(json, "arrived", (double)r->host.arrived);
	cJSON_AddNumberToObject(json, "natural_exits_per_s", r->host.natural_exits_per_s);
	cJSON_AddNumberToObject(json, "deaf_ns", (double)r->host.deaf_ns);
	cJSON_AddStringToObject(json, "verdict", verdict_word(r->verdict));
	cJSON_AddStringToObject(json, "reason", r->reason);
	cJSON_AddNumberToObject(json, "kicks", (double)r->judged);
	cJSON_AddNumberToObject(json, "kicks_of_still_vcpus", (double)r->still);
	cJSON_AddNumberToObject(json, "migrations", (double)r->migrations);
	cJSON_AddNumberToObject(json, "lost", (double)r->lost);
	cJSON_AddNumberToObject(json, "rescued", (double)r->rescued);
	return json;
}

int kvm_report_lab(struct csv_row *csv, const struct kvm_lab_options *lab,
		   const struct kvm_lab_row *row)
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
