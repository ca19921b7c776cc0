// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The columns. A new one is one line here, at the end of its list since scripts may count columns;
 * then UPDATE_DOCS=1 test_results_schema rewrites results/README.md.
 */
#include <stddef.h>
#include "results/schema.h"

#define N(columns) (sizeof(columns) / sizeof((columns)[0]))

/* clang-format off */
static const struct csv_column bench_columns[] = {
	{ "run_id", CSV_STRING, CSV_RUN, "", "The run: start time (UTC) and host, as in run.json." },
	{ "backend", CSV_STRING, CSV_CASE, "", "The kick protocol: impl/NAME.h." },
	{ "scenario", CSV_STRING, CSV_CASE, "", "What is driven: floor, fastpath, roundtrip, contend, migrate, entry." },
	{ "path", CSV_STRING, CSV_CASE, "", "The path a kick takes, or the floor's operation; checked after the batch." },
	{ "line", CSV_STRING, CSV_CASE, "", "The vCPU's cache line between kicks: hot, or stolen by another PU." },
	{ "form", CSV_STRING, CSV_CASE, "", "What one op is: kick (the whole function), request_kick, claim." },
	{ "put", CSV_STRING, CSV_CASE, "", "vcpu->cpu after put: sticky (as on x86) or minus1 (as on arm64, riscv)." },
	{ "transport", CSV_STRING, CSV_CASE, "", "How an IPI reaches the target: doorbell, signal, membarrier." },
	{ "distance", CSV_STRING, CSV_CASE, "", "From kicker PU to vCPU PU: same, smt, l2, l3, die, package, numa, remote." },
	{ "kicker_pu", CSV_STRING, CSV_CASE, "", "Logical indexes of the kickers' PUs, joined by +." },
	{ "vcpu_pu", CSV_STRING, CSV_CASE, "", "Logical indexes of the carriers' PUs, joined by +." },
	{ "kickers", CSV_U64, CSV_CASE, "", "Kicker threads." },
	{ "vcpus", CSV_U64, CSV_CASE, "", "vCPUs." },
	{ "pcpus", CSV_U64, CSV_CASE, "", "Emulated physical CPUs." },
	{ "migrations_per_s", CSV_DOUBLE, CSV_CASE, "1/s", "Migration rate asked for; 0 = none." },
	{ "widen", CSV_STRING, CSV_CASE, "", "Named window held open on purpose, or none: never compare the two." },
	{ "loop", CSV_STRING, CSV_CASE, "", "closed (the next kick waits for the last) or open (fixed arrivals)." },
	{ "repetition", CSV_U64, CSV_RUN, "", "Counted from 0 within the case." },
	{ "window_ns", CSV_U64, CSV_RUN, "ns", "How long was measured." },
	{ "ops", CSV_U64, CSV_HIGHER, "", "Operations in the window." },
	{ "ns_per_op", CSV_DOUBLE, CSV_LOWER, "ns", "Mean time of one op over the batch; of one round trip where that is the op." },
	{ "min_ns", CSV_DOUBLE, CSV_LOWER, "ns", "Smallest latency." },
	{ "p50_ns", CSV_DOUBLE, CSV_LOWER, "ns", "Median latency; percentiles come from the histogram in latency.csv." },
	{ "p90_ns", CSV_DOUBLE, CSV_LOWER, "ns", "90th percentile of latency." },
	{ "p99_ns", CSV_DOUBLE, CSV_LOWER, "ns", "99th percentile of latency." },
	{ "p999_ns", CSV_DOUBLE, CSV_LOWER, "ns", "99.9th percentile of latency." },
	{ "max_ns", CSV_DOUBLE, CSV_LOWER, "ns", "Largest latency." },
	{ "kicks", CSV_U64, CSV_COUNT, "", "Kicks made." },
	{ "ipis_sent", CSV_U64, CSV_COUNT, "", "IPIs sent = useful + stale + spurious + double + dropped, after the drain." },
	{ "ipis_useful", CSV_U64, CSV_COUNT, "", "Ended the stint they were meant for." },
	{ "ipis_stale", CSV_U64, CSV_COUNT, "", "Received on a pCPU where the vCPU is not." },
	{ "ipis_misdirected", CSV_U64, CSV_COUNT, "", "Part of stale: sent to a pCPU of neither the claimed stint nor a later one. Only protocols that claim." },
	{ "ipis_spurious", CSV_U64, CSV_COUNT, "", "Landed in a later stint, or found the vCPU there but out of guest mode." },
	{ "ipis_double", CSV_U64, CSV_COUNT, "", "Merged with one already pending on that pCPU." },
	{ "ipis_dropped", CSV_U64, CSV_COUNT, "", "Sent to a pCPU that was offline." },
	{ "coalesced", CSV_U64, CSV_COUNT, "", "Kicks that sent nothing since another had claimed the stint." },
	{ "stints", CSV_U64, CSV_COUNT, "", "Stays in guest mode." },
	{ "exits", CSV_U64, CSV_COUNT, "", "Stays in guest mode that an IPI ended." },
	{ "poisoned", CSV_U64, CSV_COUNT, "", "Stints found in guest mode, claimed, with no IPI pending and the claimer gone." },
	{ "lost", CSV_U64, CSV_COUNT, "", "Requests that no kick made anybody see in bounded time." },
	{ "locked_rmws_per_kick", CSV_DOUBLE, CSV_LOWER, "", "Locked read-modify-writes of one op on this path: exact, from the counting build." },
	{ "fences_per_kick", CSV_DOUBLE, CSV_LOWER, "", "Full fences of one op on this path: exact, from the counting build." },
	{ "overlap", CSV_DOUBLE, CSV_HIGHER, "", "Share of the window in which all threads ran." },
	{ "fairness", CSV_DOUBLE, CSV_HIGHER, "", "Smallest over largest count of ops of one thread." },
	{ "nivcsw", CSV_U64, CSV_COUNT, "", "Involuntary context switches of the team in the window." },
	{ "verdict", CSV_STRING, CSV_COUNT, "", "ok, inconclusive (the path was not reached), na, violated (contradicts its declaration)." },
	{ "loads_per_kick", CSV_DOUBLE, CSV_LOWER, "", "Loads of shared words of one op on this path: exact, from the counting build." },
	{ "stores_per_kick", CSV_DOUBLE, CSV_LOWER, "", "Stores to shared words of one op on this path: exact, from the counting build." },
	{ "reason", CSV_STRING, CSV_COUNT, "", "Why the verdict is not ok." },
	{ "placement", CSV_STRING, CSV_CASE, "", "exclusive (a PU for each thread) or oversubscribed (never ranked)." },
	{ "pcpus_per_carrier", CSV_U64, CSV_CASE, "", "Emulated CPUs that one carrier thread runs." },
	{ "natural_exits_per_s", CSV_DOUBLE, CSV_CASE, "1/s", "Guest exits that nobody asked for; 0 = off." },
	{ "arrivals_per_s", CSV_DOUBLE, CSV_CASE, "1/s", "Open loop: kicks that are due per second." },
	{ "migrations", CSV_U64, CSV_COUNT, "", "Migrations made in the window." },
	{ "preempted", CSV_U64, CSV_COUNT, "", "Samples that met a preemption: not among the percentiles." },
	{ "seed", CSV_U64, CSV_RUN, "", "Seed of everything random in the row." },
	{ "process", CSV_U64, CSV_RUN, "", "Counted from 0: --respawn measures the plan in several fresh processes." },
	{ "resumed", CSV_U64, CSV_COUNT, "", "Interrupts (signal, rseq abort) that found no IPI pending: the stint went on." },
};

/*
 * The case columns of bench.csv stand here under the same names: folder_write_latency() copies
 * them.
 */
static const struct csv_column latency_columns[] = {
	{ "run_id", CSV_STRING, CSV_RUN, "", "As in bench.csv, like all columns up to process." },
	{ "backend", CSV_STRING, CSV_CASE, "", "" },
	{ "scenario", CSV_STRING, CSV_CASE, "", "" },
	{ "path", CSV_STRING, CSV_CASE, "", "" },
	{ "line", CSV_STRING, CSV_CASE, "", "" },
	{ "form", CSV_STRING, CSV_CASE, "", "" },
	{ "put", CSV_STRING, CSV_CASE, "", "" },
	{ "transport", CSV_STRING, CSV_CASE, "", "" },
	{ "distance", CSV_STRING, CSV_CASE, "", "" },
	{ "kicker_pu", CSV_STRING, CSV_CASE, "", "" },
	{ "vcpu_pu", CSV_STRING, CSV_CASE, "", "" },
	{ "kickers", CSV_U64, CSV_CASE, "", "" },
	{ "vcpus", CSV_U64, CSV_CASE, "", "" },
	{ "pcpus", CSV_U64, CSV_CASE, "", "" },
	{ "migrations_per_s", CSV_DOUBLE, CSV_CASE, "1/s", "" },
	{ "widen", CSV_STRING, CSV_CASE, "", "" },
	{ "loop", CSV_STRING, CSV_CASE, "", "" },
	{ "repetition", CSV_U64, CSV_RUN, "", "" },
	{ "placement", CSV_STRING, CSV_CASE, "", "" },
	{ "pcpus_per_carrier", CSV_U64, CSV_CASE, "", "" },
	{ "natural_exits_per_s", CSV_DOUBLE, CSV_CASE, "1/s", "" },
	{ "arrivals_per_s", CSV_DOUBLE, CSV_CASE, "1/s", "" },
	{ "seed", CSV_U64, CSV_RUN, "", "" },
	{ "process", CSV_U64, CSV_RUN, "", "" },
	{ "kind", CSV_STRING, CSV_CASE, "", "What was timed, where a case has several: roundtrip, claim_to_send, ..." },
	{ "bucket_low_ns", CSV_U64, CSV_CASE, "ns", "Smallest value that falls into the bucket." },
	{ "bucket_high_ns", CSV_U64, CSV_RUN, "ns", "Smallest value above the bucket: at most 1/128 wider." },
	{ "count", CSV_U64, CSV_COUNT, "", "Samples in it; empty buckets have no row." },
};

static const struct csv_column explore_columns[] = {
	{ "run_id", CSV_STRING, CSV_RUN, "", "As in bench.csv." },
	{ "backend", CSV_STRING, CSV_CASE, "", "The kick protocol: impl/NAME.h." },
	{ "scenario", CSV_STRING, CSV_CASE, "", "The preset: one-kick, two-kicks, ..." },
	{ "model", CSV_STRING, CSV_CASE, "", "The memory model: sc, tso, pso." },
	{ "form", CSV_STRING, CSV_CASE, "", "full (hosts take IPIs) or core (they stay pending)." },
	{ "kickers", CSV_U64, CSV_CASE, "", "Kickers." },
	{ "kicks", CSV_U64, CSV_CASE, "", "Kicks of each kicker." },
	{ "migrations", CSV_U64, CSV_CASE, "", "Migrations of the vCPU." },
	{ "pcpus", CSV_U64, CSV_CASE, "", "pCPUs that the vCPU goes round." },
	{ "put", CSV_STRING, CSV_CASE, "", "vcpu->cpu after put: sticky or minus1." },
	{ "status", CSV_STRING, CSV_COUNT, "", "exhaustive, bound, budget, sampled, na, failed: what the verdict is worth." },
	{ "found", CSV_STRING, CSV_COUNT, "", "Violations that were found, worst first, or HOLDS." },
	{ "declared", CSV_STRING, CSV_COUNT, "", "What the backend declares; only with --expect." },
	{ "verdict", CSV_STRING, CSV_COUNT, "", "ok, violated, inconclusive, na." },
	{ "reason", CSV_STRING, CSV_COUNT, "", "Why a cell is na or inconclusive." },
	{ "executions", CSV_U64, CSV_COUNT, "", "Complete executions, each for all that differ in independent steps only." },
	{ "pruned", CSV_U64, CSV_COUNT, "", "Executions that were given up as known already." },
	{ "states", CSV_U64, CSV_COUNT, "", "Different states; stateful searches only." },
	{ "steps", CSV_U64, CSV_COUNT, "", "Steps of all executions." },
	{ "seconds", CSV_DOUBLE, CSV_COUNT, "s", "Time of the cell with its counter-example." },
	{ "bound", CSV_U64, CSV_COUNT, "", "Preemptions up to which everything was explored." },
	{ "example_preemptions", CSV_U64, CSV_COUNT, "", "Preemptions of the counter-example." },
	{ "example_steps", CSV_U64, CSV_COUNT, "", "Its steps, folded ones included." },
	{ "replay", CSV_STRING, CSV_COUNT, "", "Argument of --replay that shows it again." },
};
/* clang-format on */

const struct csv_schema schema_bench = { "bench", "One row per case and repetition.", bench_columns,
					 N(bench_columns) };

const struct csv_schema schema_latency = {
	"latency", "One row per non-empty histogram bucket of a case and repetition.",
	latency_columns, N(latency_columns)
};

const struct csv_schema schema_explore = { "explore", "One row per cell: backend, preset, memory model.",
					   explore_columns, N(explore_columns) };

const struct csv_schema *const schema_all[] = { &schema_bench, &schema_latency, &schema_explore, NULL };
