// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * From nothing to a guest that is fit for a verdict.  A software KVM may emulate a guest at level 0
 * instruction by instruction: such a vCPU is hardly ever in guest mode, and a kick of it sends no
 * IPI.  So both levels are run, and their paces decide: emulation makes four orders of magnitude.
 */
#include "kvm/proven_guest.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "results/stats.h"

enum { MS = 1000000, SELF_TEST = 100 };
/* Measured: 300..600 where it is emulated, 4e6 natively, 1e4..2e5 on emulated hardware. */
static const double emulated_loops_per_ms = 5000;
static const double deaf_max_ns = 1 * MS, deaf_min_ns = 0.1 * MS;

/* Turns of the loop per ms of CPU time in a window of 3 ms or more of it; NaN: none. */
static double pace_once(const struct kvm_proven_guest *bed, uint64_t limit)
{
	uint64_t cpu0 = kvm_vcpu_cpu_ns(&bed->vcpu), loops0 = bed->vm.shared->loops, cpu;

	do {
		kvm_sleep_ns(MS);
		cpu = kvm_vcpu_cpu_ns(&bed->vcpu) - cpu0;
	} while (cpu < 3 * MS && kvm_now_ns() < limit && !kvm_vcpu_ended(&bed->vcpu));
	return cpu ? (double)(bed->vm.shared->loops - loops0) * MS / (double)cpu : NAN;
}

/*
 * Of several windows the best.  CPU time already leaves other threads' load out of it, but not what a
 * hypervisor below us gives to others.  NaN: the guest does not run.
 */
static double pace(const struct kvm_proven_guest *bed)
{
	uint64_t limit = kvm_now_ns() + 1000 * (uint64_t)MS;
	double best = NAN;

	for (int i = 0; i < 8 && kvm_now_ns() < limit; i++)
		best = fmax(best, pace_once(bed, limit));
	return bed->vm.shared->fault || kvm_vcpu_ended(&bed->vcpu) ? NAN : best;
}

static int start(struct kvm_proven_guest *bed, int cpl, int pu, char *err, size_t err_size)
{
	int failed = kvm_vm_open(&bed->vm, cpl, err, err_size);

	if (failed)
		return failed;
	failed = kvm_vcpu_start(&bed->vcpu, &bed->vm);
	if (failed) {
		kvm_vm_close(&bed->vm);
		snprintf(err, err_size, "cannot start the vCPU's thread: %s", strerror(EAGAIN));
		return failed;
	}
	failed = topo_pin_thread(bed->topo, bed->vcpu.tid, pu);
	if (failed) {
		topo_pin_explain(bed->topo, pu, failed, err, err_size);
		kvm_proven_guest_close(bed);
	}
	return failed;
}

int kvm_proven_guest_close(struct kvm_proven_guest *bed)
{
	int failed = kvm_vcpu_stop(&bed->vcpu);

	if (!failed)
		kvm_vm_close(&bed->vm);
	return failed;
}

/* The guest at the level where it runs; what both levels gave is in `host`. */
static int start_native(struct kvm_proven_guest *bed, int pu, struct kvm_host *host, char *err,
			size_t err_size)
{
	int failed = start(bed, 0, pu, err, err_size);

	if (failed)
		return failed;
	host->loops_per_ms[0] = pace(bed);
	failed = kvm_proven_guest_close(bed);
	if (failed)
		return failed;
	failed = start(bed, 3, pu, err, err_size);
	if (failed)
		return failed;
	host->loops_per_ms[1] = pace(bed);
	host->cpl = 3;
	if (host->loops_per_ms[0] > emulated_loops_per_ms &&
	    !(host->loops_per_ms[0] < host->loops_per_ms[1] / 100)) {
		host->cpl = 0;
		failed = kvm_proven_guest_close(bed);
		return failed ? failed : start(bed, 0, pu, err, err_size);
	}
	return 0;
}

/* Interrupts of both vectors in turn, to a guest that stays where it is.  All must arrive. */
static int self_test(struct kvm_proven_guest *bed, struct kvm_host *host)
{
	struct kvm_kicker other = bed->detector;
	struct kvm_effect effect;
	int failed = 0;

	other.vector = 0;
	for (host->self_test = 0; !failed && host->self_test < SELF_TEST; host->self_test++) {
		failed = kvm_kick_watched(&bed->oracle, bed->msi,
					  host->self_test & 1 ? &bed->detector : &other, &effect);
		host->arrived += !failed && effect.came_ns && !effect.lost;
	}
	return failed == -EIO || failed == -ETIMEDOUT ? 0 : failed;
}

static double natural_exits(const struct kvm_proven_guest *bed, uint64_t ns)
{
	uint64_t began = kvm_now_ns(), exits = kvm_vm_exits(&bed->vm);

	kvm_sleep_ns(ns);
	return (double)(kvm_vm_exits(&bed->vm) - exits) * 1e9 / (double)(kvm_now_ns() - began);
}

/* The median of some windows: starting up costs exits that do not come again. */
static double typical_exits(const struct kvm_proven_guest *bed)
{
	double rate[5];

	for (int i = 0; i < 5; i++)
		rate[i] = natural_exits(bed, 20 * MS);
	return stats_median(rate, 5);
}

/* A quarter of the time between two exits that nobody asked for, or they would hide a deaf guest. */
static void choose_deaf(struct kvm_proven_guest *bed, struct kvm_host *host, char *reason)
{
	double ns;

	host->natural_exits_per_s = typical_exits(bed);
	ns = host->natural_exits_per_s > 0 ? 1e9 / host->natural_exits_per_s / 4 : deaf_max_ns;
	ns = fmin(ns, deaf_max_ns);
	if (ns < deaf_min_ns && !reason[0])
		snprintf(reason, KVM_REASON,
			 "%.0f natural exits per second would heal a lost kick unseen",
			 host->natural_exits_per_s);
	host->deaf_ns = (uint64_t)fmax(ns, deaf_min_ns);
	bed->oracle.deaf_loops = (uint64_t)((double)host->deaf_ns * bed->loops_per_ns) + 1;
}

int kvm_proven_guest_open(struct kvm_proven_guest *bed, const struct topo *topo, int kicker_pu, int vcpu_pu,
		 struct kvm_host *host, char *reason, char *err, size_t err_size)
{
	int failed;

	*bed = (struct kvm_proven_guest){ .topo = topo, .msi = kvm_kick_find("msi") };
	*host = (struct kvm_host){ .loops_per_ms = { NAN, NAN } };
	reason[0] = '\0';
	kvm_vm_modules(host->modules, sizeof(host->modules));
	failed = topo_pin_self(topo, kicker_pu);
	if (failed) {
		topo_pin_explain(topo, kicker_pu, failed, err, err_size);
		return failed == -EOPNOTSUPP ? -EINVAL : failed;
	}
	failed = start_native(bed, vcpu_pu, host, err, err_size);
	if (failed)
		return failed;
	bed->loops_per_ns = host->loops_per_ms[host->cpl ? 1 : 0] / MS;
	if (!(bed->loops_per_ns * MS > emulated_loops_per_ms)) {
		bed->loops_per_ns = emulated_loops_per_ms / MS;
		snprintf(reason, KVM_REASON,
			 "the guest is emulated at every privilege level, or does not run");
	}
	bed->oracle = (struct kvm_oracle){ .vm = &bed->vm,
					   .vcpu = &bed->vcpu,
					   .patience_ns = 50 * MS,
					   .deaf_loops = (uint64_t)(100 * MS * bed->loops_per_ns) };
	failed = kvm_kick_prepare(bed->msi, &bed->detector, &bed->vm, &bed->vcpu, 1, err, err_size);
	if (!failed)
		failed = self_test(bed, host);
	if (!failed && host->arrived < host->self_test && !reason[0])
		snprintf(reason, KVM_REASON, "self-test: %llu of %llu interrupts arrived",
			 (unsigned long long)host->arrived, (unsigned long long)host->self_test);
	if (failed)
		kvm_proven_guest_close(bed);
	else
		choose_deaf(bed, host, reason);
	return failed;
}
