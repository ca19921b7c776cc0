// SPDX-License-Identifier: GPL-2.0-or-later
/* What kickbench kvm prints. */
#include "cli/view_kvm.h"

#include <string.h>
#include <cjson/cJSON.h>

#include "results/json.h"

static void print_head(FILE *out)
{
	fprintf(out, "latencies: median and 99th percentile, us; the others: per kick\n");
	fprintf(out, "%-11s%-14s %11s %11s %11s %5s %4s %4s %4s  lost\n", "kick", "vCPU", "call", "exit",
		"done", "exits", "RES", "CAL", "sent");
}

/* Two percentiles in microseconds; blank if nothing was recorded. */
static void print_latency(const struct csv_row *row, const char *p50, const char *p99)
{
	if (csv_get(row, p50))
		printf(" %5.1f %5.1f", csv_get_double(row, p50) / 1000, csv_get_double(row, p99) / 1000);
	else
		printf(" %11s", "");
}

static void print_rate(const struct csv_row *row, const char *column, int width)
{
	if (csv_get(row, column))
		printf(" %*.2f", width, csv_get_double(row, column));
	else
		printf(" %*s", width, "");
}

/* "guest l3", "halted smt"; a vCPU that migrates is in guest mode, at no distance in particular. */
static void print_vcpu(const struct csv_row *row)
{
	const char *distance = csv_get(row, "distance");
	char text[32] = "guest, moving";

	if (distance)
		snprintf(text, sizeof(text), "%s %s", csv_get(row, "state"), distance);
	printf("%-14s", text);
}

/* Where no kick can be called lost, a dash. */
static void print_lost(const struct csv_row *row)
{
	const char *judged = csv_get(row, "judged"), *kicks = csv_get(row, "kicks");

	if (judged)
		printf("  %s in %s", csv_get(row, "lost"), judged);
	else
		printf("  - in %s", kicks ? kicks : "0");
}

static int print_row(struct sink *sink, const struct csv_row *row)
{
	enum verdict verdict = verdict_of(csv_get(row, "verdict"));

	(void)sink;
	printf("%-11s", csv_get(row, "kick"));
	print_vcpu(row);
	if (verdict == VERDICT_NA) {
		printf(" na: %s\n", csv_get(row, "reason"));
		return 0;
	}
	print_latency(row, "call_p50_ns", "call_p99_ns");
	print_latency(row, "exit_p50_ns", "exit_p99_ns");
	print_latency(row, "handler_p50_ns", "handler_p99_ns");
	print_rate(row, "exits_per_kick", 5);
	print_rate(row, "res_per_kick", 4);
	print_rate(row, "cal_per_kick", 4);
	print_rate(row, "traced_ipis_per_kick", 4);
	print_lost(row);
	if (verdict == VERDICT_INCONCLUSIVE)
		printf("\n%-11s%s", "", csv_get(row, "reason"));
	putchar('\n');
	fflush(stdout);
	return 0;
}

struct sink view_kvm_rows = { .row = print_row };

void view_kvm_host(FILE *out, const struct kvm_host *host)
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
	print_head(out);
}

void view_kvm_verdict(FILE *out, const struct kvm_result *r)
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

struct cJSON *view_kvm_json(const struct kvm_result *r)
{
	cJSON *json = cJSON_CreateObject();

	cJSON_AddStringToObject(json, "modules", r->host.modules);
	cJSON_AddNumberToObject(json, "privilege_level", r->host.cpl);
	cJSON_AddNumberToObject(json, "loops_per_ms_at_0", r->host.loops_per_ms[0]);
	cJSON_AddNumberToObject(json, "loops_per_ms_at_3", r->host.loops_per_ms[1]);
	results_json_add_u64(json, "self_test", r->host.self_test);
	results_json_add_u64(json, "arrived", r->host.arrived);
	cJSON_AddNumberToObject(json, "natural_exits_per_s", r->host.natural_exits_per_s);
	results_json_add_u64(json, "deaf_ns", r->host.deaf_ns);
	cJSON_AddStringToObject(json, "verdict", verdict_word(r->verdict));
	cJSON_AddStringToObject(json, "reason", r->reason);
	results_json_add_u64(json, "kicks", r->judged);
	results_json_add_u64(json, "kicks_of_still_vcpus", r->still);
	results_json_add_u64(json, "migrations", r->migrations);
	results_json_add_u64(json, "lost", r->lost);
	results_json_add_u64(json, "rescued", r->rescued);
	return json;
}
