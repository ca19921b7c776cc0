// SPDX-License-Identifier: GPL-2.0-or-later
/* The plan of rows, and the verdict over all of them. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "kvm/proven_guest.h"

/* Fewer say nothing about a race. */
enum { MIN_JUDGED = 200, MIN_MIGRATIONS = 50 };

struct row_plan {
	struct kvm_case *what;
	size_t n;
	struct topo_pair *pair; /* one per distance */
	size_t n_pairs;
};

static void add(struct row_plan *plan, struct kvm_case what)
{
	plan->what[plan->n++] = what;
}

/* A vCPU that stays: each distance.  One PU: kicker and vCPU take turns on it. */
static void add_still(struct row_plan *plan, const struct kvm_kick *kick, bool halted)
{
	for (size_t i = 0; i < (halted ? 1 : plan->n_pairs); i++)
		add(plan, (struct kvm_case){ .kick = kick,
					     .halted = halted,
					     .kicker_pu = plan->pair[i].kicker,
					     .vcpu_pu = plan->pair[i].vcpu,
					     .distance = plan->pair[i].distance });
}

/* A vCPU that moves.  On two PUs the kicker must move as well, or they would share one. */
static void add_moving(struct row_plan *plan, const struct topo *topo, const struct kvm_kick *kick)
{
	if (topo_n_pus(topo) < 2)
		return;
	add(plan, (struct kvm_case){ .kick = kick,
				     .migrate = true,
				     .kicker_pu = topo_n_pus(topo) == 2 ? -1 : plan->pair[0].kicker,
				     .vcpu_pu = -1,
				     .distance = TOPO_N_DISTANCES });
}

static int make_pairs(struct row_plan *plan, const struct topo *topo)
{
	unsigned int classes = TOPO_ALL_DISTANCES & ~TOPO_BIT(TOPO_SAME);

	if (topo_n_pus(topo) < 2)
		classes = TOPO_BIT(TOPO_SAME);
	return topo_pairs(topo, classes, 1, 1, &plan->pair, &plan->n_pairs);
}

static int make_plan(struct row_plan *plan, const struct kvm_options *o, const struct topo *topo)
{
	int failed = make_pairs(plan, topo);

	if (failed)
		return failed;
	if (!plan->n_pairs)
		return -ENODEV;
	plan->what = calloc(1 + o->n_kicks * (plan->n_pairs + 2), sizeof(*plan->what));
	if (!plan->what)
		return -ENOMEM;
	add(plan, (struct kvm_case){ .kick = kvm_kick_find("floor"),
				     .kicker_pu = plan->pair[0].kicker,
				     .vcpu_pu = plan->pair[0].vcpu,
				     .distance = plan->pair[0].distance });
	for (size_t i = 0; i < o->n_kicks; i++) {
		if (!o->only_migrate)
			add_still(plan, o->kick[i], false);
		if (!o->only_migrate && o->kick[i]->interrupts)
			add_still(plan, o->kick[i], true);
		add_moving(plan, topo, o->kick[i]);
	}
	return 0;
}

static void add_row(struct kvm_result *result, const struct kvm_row *row)
{
	*(row->what.migrate ? &result->judged : &result->still) += row->judged;
	result->migrations += row->migrations;
	result->lost += row->lost;
	result->rescued += row->rescued;
	if (row->what.kick != kvm_kicks && row->verdict != VERDICT_NA)
		result->measured++;
	else if (row->verdict == VERDICT_NA)
		snprintf(result->na, KVM_REASON, "%s", row->reason);
}

/* result->reason may say already why nothing can be concluded. */
static void conclude(struct kvm_result *result, const struct topo *topo)
{
	char *reason = result->reason;

	if (!reason[0] && result->lost) {
		result->verdict = VERDICT_VIOLATED;
		return;
	}
	if (!reason[0] && !result->measured) {
		snprintf(reason, KVM_REASON, "nothing that was asked for can run: %.100s", result->na);
		result->verdict = VERDICT_NA;
		return;
	}
	if (!reason[0] && topo_n_pus(topo) < 2)
		snprintf(reason, KVM_REASON, "with one PU the vCPU cannot move");
	if (!reason[0] && (result->judged < MIN_JUDGED || result->migrations < MIN_MIGRATIONS))
		snprintf(reason, KVM_REASON,
			 "%llu kicks and %llu migrations are too few (%d and %d are needed)",
			 (unsigned long long)result->judged, (unsigned long long)result->migrations,
			 MIN_JUDGED, MIN_MIGRATIONS);
	result->verdict = reason[0] ? VERDICT_INCONCLUSIVE : VERDICT_OK;
}

static void hand_out(const struct kvm_options *o, const struct kvm_row *row, struct kvm_result *result)
{
	int failed = kvm_row_hand_out(o->sink, o->run_id, row);

	if (!result->unwritten)
		result->unwritten = failed;
}

static int run_rows(struct kvm_proven_guest *bed, const struct row_plan *plan, const struct kvm_options *o,
		    struct kvm_result *result, char *err, size_t err_size)
{
	static struct kvm_row row; /* of three histograms */
	const uint64_t share = (uint64_t)(o->seconds * 1e9) / plan->n;
	const uint64_t end = kvm_now_ns() + 3 * share * plan->n; /* for calls that take long */

	for (size_t i = 0; i < plan->n; i++) {
		uint64_t window = kvm_now_ns() < end ? share : 0;
		int failed = kvm_measure_row(bed, &plan->what[i], window, o, &row);

		row.deaf_ns = result->host.deaf_ns;
		row.natural_exits_per_s = result->host.natural_exits_per_s;
		add_row(result, &row);
		if (!failed || failed == -EINTR || failed == -ETIMEDOUT)
			hand_out(o, &row, result);
		if (failed == -ETIMEDOUT && !result->reason[0] && !result->lost)
			snprintf(result->reason, KVM_REASON, "the guest did not run for 5 s");
		if (failed == -ETIMEDOUT)
			return 0; /* the verdict says it */
		if (failed) {
			snprintf(err, err_size, "kick %s: %s%s%s", row.what.kick->name, strerror(-failed),
				 bed->vcpu.why[0] ? "; " : "", bed->vcpu.why);
			return failed;
		}
	}
	return 0;
}

static int measure(const struct kvm_options *o, const struct topo *topo, const struct row_plan *plan,
		   struct kvm_result *result, char *err, size_t err_size)
{
	struct kvm_proven_guest bed;
	int failed = kvm_proven_guest_open(&bed, topo, plan->pair[0].kicker, plan->pair[0].vcpu,
				  &result->host, result->reason, err, err_size);

	if (failed)
		return failed;
	if (o->begin && o->begin(o->arg, &result->host))
		failed = -ECANCELED;
	else if (result->host.arrived == result->host.self_test)
		failed = run_rows(&bed, plan, o, result, err, err_size);
	if (kvm_proven_guest_close(&bed)) {
		snprintf(err, err_size, "the vCPU's thread does not leave the kernel");
		return -ETIMEDOUT;
	}
	conclude(result, topo);
	return failed;
}

void kvm_options_init(struct kvm_options *o)
{
	*o = (struct kvm_options){ .seconds = 5, .seed = 1 };
	for (const struct kvm_kick *kick = kvm_kicks + 1; kick->name; kick++)
		o->kick[o->n_kicks++] = kick;
}

int kvm_measure(const struct kvm_options *o, const struct topo *topo, struct kvm_result *result,
		char *err, size_t err_size)
{
	struct row_plan plan = { 0 };
	int failed = make_plan(&plan, o, topo);

	*result = (struct kvm_result){ .verdict = VERDICT_INCONCLUSIVE };
	if (failed)
		snprintf(err, err_size, "no plan: %s", strerror(-failed));
	else if (syscall(SYS_tgkill, getpid(), gettid(), 0) && (failed = -EOPNOTSUPP))
		snprintf(err, err_size, "this system, or a sandbox, denies tgkill(): %s", strerror(errno));
	else
		failed = measure(o, topo, &plan, result, err, err_size);
	topo_unpin_self(topo);
	free(plan.what);
	free(plan.pair);
	return failed;
}
