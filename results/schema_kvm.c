// SPDX-License-Identifier: GPL-2.0-or-later
/* The columns of what real kernels answer: kvm.csv and kernel-lab.csv. As in schema.c. */
#include <stddef.h>
#include "results/schema.h"

#define N(columns) (sizeof(columns) / sizeof((columns)[0]))

/* clang-format off */
static const struct csv_column kvm_columns[] = {
	{ "run_id", CSV_STRING, CSV_RUN, "", "The run: start time (UTC) and host, as in run.json." },
	{ "kick", CSV_STRING, CSV_CASE, "", "What kicks: msi, irqfd, clock, ...; floor: an ioctl that does nothing." },
	{ "form", CSV_STRING, CSV_CASE, "", "kick (kvm_vcpu_kick), mask, mask_wait (waits for the handler), signal, floor." },
	{ "state", CSV_STRING, CSV_CASE, "", "The vCPU when it is kicked: guest (it spins there) or halted." },
	{ "migrate", CSV_U64, CSV_CASE, "", "1: the vCPU's thread is moved from PU to PU meanwhile." },
	{ "distance", CSV_STRING, CSV_CASE, "", "From kicker PU to vCPU PU; empty where one of them moves." },
	{ "kicker_pu", CSV_STRING, CSV_CASE, "", "Logical index of the kicker's PU; empty: it floats." },
	{ "vcpu_pu", CSV_STRING, CSV_CASE, "", "Logical index of the vCPU's PU; empty: it moves over all others." },
	{ "cpl", CSV_U64, CSV_CASE, "", "Privilege level the guest runs at: 0, or 3 where only that runs natively." },
	{ "window_ns", CSV_U64, CSV_RUN, "ns", "How long was measured." },
	{ "kicks", CSV_U64, CSV_COUNT, "", "Kicks made." },
	{ "migrations", CSV_U64, CSV_COUNT, "", "Moves of the vCPU's thread to another PU." },
	{ "call_min_ns", CSV_DOUBLE, CSV_LOWER, "ns", "The system call that kicks: shortest." },
	{ "call_p50_ns", CSV_DOUBLE, CSV_LOWER, "ns", "Its median." },
	{ "call_p90_ns", CSV_DOUBLE, CSV_LOWER, "ns", "" },
	{ "call_p99_ns", CSV_DOUBLE, CSV_LOWER, "ns", "" },
	{ "call_max_ns", CSV_DOUBLE, CSV_LOWER, "ns", "" },
	{ "exit_p50_ns", CSV_DOUBLE, CSV_LOWER, "ns", "From before the call until the statistics show another exit; ticks count, too." },
	{ "exit_p90_ns", CSV_DOUBLE, CSV_LOWER, "ns", "" },
	{ "exit_p99_ns", CSV_DOUBLE, CSV_LOWER, "ns", "" },
	{ "exit_max_ns", CSV_DOUBLE, CSV_LOWER, "ns", "" },
	{ "handler_p50_ns", CSV_DOUBLE, CSV_LOWER, "ns", "From before the call until the guest's handler has counted; signals: until KVM_RUN returned." },
	{ "handler_p90_ns", CSV_DOUBLE, CSV_LOWER, "ns", "" },
	{ "handler_p99_ns", CSV_DOUBLE, CSV_LOWER, "ns", "" },
	{ "handler_max_ns", CSV_DOUBLE, CSV_LOWER, "ns", "" },
	{ "exits_per_kick", CSV_DOUBLE, CSV_COUNT, "", "Statistic exits, natural ones included; this and the next three of a vCPU that stays." },
	{ "res_per_kick", CSV_DOUBLE, CSV_COUNT, "", "Reschedule IPIs (RES of /proc/interrupts) on the vCPU's CPU, all causes." },
	{ "cal_per_kick", CSV_DOUBLE, CSV_COUNT, "", "Function-call IPIs (CAL) there, all causes." },
	{ "traced_ipis_per_kick", CSV_DOUBLE, CSV_COUNT, "", "IPIs that the kicker itself sent, by the tracepoints ipi:ipi_send_*; empty: not allowed or not there." },
	{ "natural_exits_per_s", CSV_DOUBLE, CSV_COUNT, "1/s", "Exits of the guest with nobody kicking, before this run's rows." },
	{ "deaf_ns", CSV_U64, CSV_RUN, "ns", "Guest time without an exit after which an interrupt counts as lost." },
	{ "judged", CSV_U64, CSV_COUNT, "", "Interrupts that the oracle watched; a moving vCPU gets one after each kick that brings none." },
	{ "lost", CSV_U64, CSV_COUNT, "", "Interrupts after which the guest ran that long without an exit, or that never came." },
	{ "rescued", CSV_U64, CSV_COUNT, "", "Those of them that it took a signal to deliver; the rest met a natural exit." },
	{ "nvcsw", CSV_U64, CSV_COUNT, "", "Voluntary context switches of the vCPU's thread." },
	{ "nivcsw", CSV_U64, CSV_COUNT, "", "Its involuntary ones." },
	{ "verdict", CSV_STRING, CSV_COUNT, "", "ok, inconclusive (too little happened), na, violated (an interrupt was lost)." },
	{ "reason", CSV_STRING, CSV_COUNT, "", "Why the verdict is not ok." },
};

static const struct csv_column kernel_lab_columns[] = {
	{ "variant", CSV_STRING, CSV_CASE, "", "The kvm.ko that runs: old, patched, or patched_early (its window at old's place)." },
	{ "first", CSV_STRING, CSV_CASE, "", "The kick that is held in the window, named as for --kick." },
	{ "second", CSV_STRING, CSV_CASE, "", "The kick after it, the one that may get lost." },
	{ "migrate", CSV_U64, CSV_CASE, "", "1: the vCPU's thread was moved while the first kick was held." },
	{ "gate", CSV_U64, CSV_CASE, "", "1: held until the vCPU was back in guest mode; 0: for a fixed delay." },
	{ "rounds", CSV_U64, CSV_RUN, "", "Pairs of kicks; of a free run, whose lost and wait_ns are empty, its kicks." },
	{ "poisoned", CSV_U64, CSV_COUNT, "", "Growth of klab_poison: in guest, claimed, and the IPI went elsewhere." },
	{ "lost", CSV_U64, CSV_COUNT, "", "Second kicks that nothing followed within wait_ns." },
	{ "ipis", CSV_U64, CSV_COUNT, "", "Growth of klab_ipis." },
	{ "swallowed", CSV_U64, CSV_COUNT, "", "Growth of klab_swallow: kicks that trusted another one's claim." },
	{ "first_lost", CSV_U64, CSV_COUNT, "", "First kicks whose own interrupt did not come within wait_ns." },
	{ "rescued", CSV_U64, CSV_COUNT, "", "Lost second kicks whose effect came once a signal had ended the guest's stint." },
	{ "held", CSV_U64, CSV_COUNT, "", "Rounds in which the first kick was seen inside the window." },
	{ "wait_ns", CSV_U64, CSV_RUN, "ns", "How long the second kick's effect was waited for." },
	{ "p50_ns", CSV_DOUBLE, CSV_LOWER, "ns", "From before the second call to its effect, of those that had one." },
	{ "p90_ns", CSV_DOUBLE, CSV_LOWER, "ns", "" },
	{ "max_ns", CSV_DOUBLE, CSV_LOWER, "ns", "" },
	{ "exits_per_s", CSV_DOUBLE, CSV_COUNT, "1/s", "Exits of the guest before the rounds, with nobody kicking." },
};
/* clang-format on */

const struct csv_schema schema_kvm = {
	"kvm", "One row per kick, state of the vCPU and placement, on the running kernel.", kvm_columns,
	N(kvm_columns)
};

const struct csv_schema schema_kernel_lab = {
	"kernel-lab", "One row per variant of kvm.ko and pair of kicks.", kernel_lab_columns,
	N(kernel_lab_columns)
};
