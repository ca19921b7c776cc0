// SPDX-License-Identifier: GPL-2.0-or-later
/* One row: kick, watch, again, until its time is over; then the counters, and what it is worth. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "kvm/proven_guest.h"
#include "kvm/mover.h"
#include "kvm/stats.h"
#include "perf/perf.h"
#include "results/error.h"

enum { US = 1000, TOO_FEW = 10, MAX_PUS = 64 };

/* What the kernel counts, at one moment. */
struct counts {
	uint64_t exits, nvcsw, nivcsw;
	struct perf_interrupts ipis;
	bool has_ipis;
};

struct row_run {
	struct kvm_proven_guest *bed;
	struct kvm_row *row;
	const struct kvm_kick *kick;
	struct kvm_kicker kicker;
	struct kvm_mover mover;
	struct perf_set sent; /* the tracepoints of IPIs: counted of the kicker alone */
	struct perf_gauge gauge;
	struct counts before, after;
	int pus[MAX_PUS];
	uint64_t random;
};

static void read_counts(const struct row_run *r, struct counts *c)
{
	const struct topo_pu *pu = topo_pu(r->bed->topo, r->row->what.vcpu_pu);
	char path[64], *text;
	size_t length;

	*c = (struct counts){ .exits = kvm_vm_exits(&r->bed->vm) };
	c->has_ipis = pu && !perf_interrupts_read(pu->cpu, &c->ipis);
	snprintf(path, sizeof(path), "/proc/self/task/%d/status", r->bed->vcpu.tid);
	if (!results_read(path, &text, &length) && length) {
		c->nvcsw = kvm_status_of(text, "voluntary_ctxt_switches");
		c->nivcsw = kvm_status_of(text, "nonvoluntary_ctxt_switches");
	}
	free(text);
}

/* Linux has these tracepoints since 6.4; without tracefs, or without leave, nothing is counted. */
static void start_gauge(struct row_run *r)
{
	const struct topo_pu *pu = topo_pu(r->bed->topo, r->row->what.kicker_pu);
	char err[256];

	r->sent = (struct perf_set){ 0 };
	if (!pu ||
	    perf_set_add(&r->sent, "ipi:ipi_send_cpu,ipi:ipi_send_cpumask", err, sizeof(err)))
		return;
	perf_gauge_open(&r->gauge, &r->sent, pu->cpu);
	perf_gauge_start(&r->gauge);
}

/* Per kick; NaN: not counted. */
static double stop_gauge(struct row_run *r)
{
	struct perf_value value[PERF_MAX_EVENTS];
	double sum = 0;

	if (!r->sent.n)
		return NAN;
	perf_gauge_stop(&r->gauge);
	perf_gauge_read(&r->gauge, value);
	perf_gauge_close(&r->gauge);
	for (size_t i = 0; i < r->sent.n; i++)
		sum += perf_counted(value[i].state) ? value[i].count : NAN;
	perf_set_fini(&r->sent);
	return sum / (double)r->row->kicks;
}

/* A pause of up to 20 us between two kicks, so that they meet the guest in all its phases. */
static void think(struct row_run *r)
{
	uint64_t until;

	r->random = r->random * UINT64_C(6364136223846793005) + 1442695040888963407u;
	until = kvm_now_ns() + (r->random >> 33) % (20 * US);
	while (kvm_now_ns() < until)
		;
}

/* Halted long enough for the kernel's own polling to have ended, which is 200 us at most by default. */
static int settle(struct row_run *r)
{
	if (!r->row->what.halted) {
		int failed = kvm_await_guest(&r->bed->oracle);

		think(r);
		return failed;
	}
	kvm_sleep_ns(500 * US);
	return 0;
}

static void record(struct kvm_row *row, const struct kvm_effect *e)
{
	histogram_record(&row->call, e->call_ns);
	if (e->exit_ns && !row->what.halted)
		histogram_record(&row->exit, e->exit_ns);
	if (e->came_ns && !e->lost)
		histogram_record(&row->came, e->came_ns);
	row->kicks++;
}

/* An interrupt that not even a signal brought is as lost as one can be. */
static int watched(struct row_run *r, const struct kvm_kick *kick, struct kvm_kicker *kicker,
		   struct kvm_effect *effect)
{
	int failed = kvm_kick_watched(&r->bed->oracle, kick, kicker, effect);

	if (kick->interrupts && (!failed || effect->lost)) {
		r->row->judged++;
		r->row->lost += effect->lost;
		r->row->rescued += effect->rescued;
	}
	return failed;
}

/* A kick; and of a moving vCPU, after a kick that brings no interrupt, one that does. */
static int kick_once(struct row_run *r)
{
	struct kvm_proven_guest *bed = r->bed;
	struct kvm_effect effect;
	int failed = settle(r);

	if (!failed)
		failed = watched(r, r->kick, &r->kicker, &effect);
	if (failed)
		return failed;
	record(r->row, &effect);
	if (r->kick->interrupts || !r->row->what.migrate)
		return 0;
	return watched(r, bed->msi, &bed->detector, &effect);
}

static bool is_floor(const struct kvm_kick *kick)
{
	return kick == kvm_kicks;
}

static int floor_once(struct row_run *r)
{
	uint64_t began = kvm_now_ns();
	int failed = r->kick->fire(&r->kicker);

	histogram_record(&r->row->call, kvm_now_ns() - began);
	r->row->kicks++;
	return failed;
}

static int go_round(struct row_run *r, uint64_t window_ns, const struct kvm_options *o)
{
	uint64_t began = kvm_now_ns(), now = began;
	int failed = 0;

	for (; !failed && now - began < window_ns; now = kvm_now_ns()) {
		failed = is_floor(r->kick) ? floor_once(r) : kick_once(r);
		if (!failed && o->stop && o->stop())
			failed = -EINTR;
	}
	r->row->window_ns = now - began;
	return failed;
}

/* PUs far apart, without the kicker's unless it moves, too. */
static int choose_pus(struct row_run *r)
{
	int all = topo_n_pus(r->bed->topo), n = 0;

	all = all < MAX_PUS ? all : MAX_PUS;
	topo_place(r->bed->topo, TOPO_SPREAD, (size_t)all, r->pus);
	for (int i = 0; i < all; i++)
		if (r->pus[i] != r->row->what.kicker_pu)
			r->pus[n++] = r->pus[i];
	return n;
}

static int place(struct row_run *r)
{
	const struct kvm_case *what = &r->row->what;
	const struct topo *topo = r->bed->topo;
	int failed, n;

	failed = topo_pin_self(topo, what->kicker_pu < 0 ? 0 : what->kicker_pu);
	if (failed || !what->migrate)
		return failed ? failed : topo_pin_thread(topo, r->bed->vcpu.tid, what->vcpu_pu);
	n = choose_pus(r);
	r->mover = (struct kvm_mover){ .topo = topo,
				       .vcpu_tid = r->bed->vcpu.tid,
				       .pus = r->pus,
				       .n_pus = n,
				       .kicker_tid = what->kicker_pu < 0 ? (int)syscall(SYS_gettid)
									 : 0 };
	r->bed->oracle.hold = &r->mover.hold;
	return kvm_mover_start(&r->mover);
}

/* Of what happened, what is the kicks' own: nothing where the vCPU moved, or was not kicked at all. */
static void count(struct row_run *r, double sent)
{
	const struct counts *a = &r->before, *b = &r->after;
	struct kvm_row *row = r->row;
	double kicks = (double)row->kicks;

	row->nvcsw = b->nvcsw - a->nvcsw;
	row->nivcsw = b->nivcsw - a->nivcsw;
	if (row->what.migrate || is_floor(r->kick) || !row->kicks)
		return;
	row->exits = (double)(b->exits - a->exits) / kicks;
	row->traced = sent;
	if (!a->has_ipis || !b->has_ipis)
		return;
	row->res = (double)(b->ipis.resched - a->ipis.resched) / kicks;
	row->cal = (double)(b->ipis.call - a->ipis.call) / kicks;
}

/* A mask kick is a function call: without its IPIs, what exits there were came for other reasons. */
static bool interrupts_nobody(const struct kvm_row *row)
{
	if (strncmp(row->what.kick->form, "mask", 4))
		return false;
	if (row->exit.n < row->kicks / 2)
		return true;
	return row->what.distance != TOPO_SAME && row->cal < 0.2;
}

static void judge_row(struct kvm_row *row)
{
	if (row->lost) {
		row->verdict = VERDICT_VIOLATED;
		snprintf(row->reason, KVM_REASON, "%llu of %llu interrupts were lost",
			 (unsigned long long)row->lost, (unsigned long long)row->judged);
	} else if (row->kicks < TOO_FEW) {
		row->verdict = VERDICT_INCONCLUSIVE;
		snprintf(row->reason, KVM_REASON, "only %llu kicks",
			 (unsigned long long)row->kicks);
	} else if (interrupts_nobody(row)) {
		row->verdict = VERDICT_NA;
		snprintf(row->reason, KVM_REASON,
			 "it interrupts no vCPU on this kernel: %llu of %llu calls met an exit, CAL %.2f",
			 (unsigned long long)row->exit.n, (unsigned long long)row->kicks, row->cal);
	}
}

static int kick_row(struct row_run *r, uint64_t window_ns, const struct kvm_options *o)
{
	int failed = place(r), moved = 0;

	if (failed)
		return failed;
	start_gauge(r);
	r->bed->vm.shared->halt = r->row->what.halted;
	read_counts(r, &r->before);
	failed = go_round(r, window_ns, o);
	read_counts(r, &r->after);
	count(r, stop_gauge(r));
	if (r->row->what.migrate) {
		moved = kvm_mover_stop(&r->mover);
		r->bed->oracle.hold = NULL;
		r->row->migrations = r->mover.moves;
	} else if (!failed) {
		moved = topo_verify_self(r->bed->topo, r->row->what.kicker_pu);
	}
	r->bed->vm.shared->halt = 0;
	if (r->row->what.halted) /* out of its last halt */
		r->bed->msi->fire(&r->bed->detector);
	return failed ? failed : moved;
}

int kvm_measure_row(struct kvm_proven_guest *bed, const struct kvm_case *what, uint64_t window_ns,
		    const struct kvm_options *o, struct kvm_row *row)
{
	static struct row_run r; /* large, and there is one kicker */
	int failed;

	*row = (struct kvm_row){ .what = *what,
				 .verdict = VERDICT_OK,
				 .cpl = bed->vm.cpl,
				 .exits = NAN,
				 .res = NAN,
				 .cal = NAN,
				 .traced = NAN };
	histogram_init(&row->call);
	histogram_init(&row->exit);
	histogram_init(&row->came);
	r = (struct row_run){ .bed = bed, .row = row, .kick = what->kick, .random = o->seed };
	if (what->halted && bed->vm.cpl) {
		row->verdict = VERDICT_NA;
		snprintf(row->reason, KVM_REASON, "a guest at privilege level %d may not halt",
			 bed->vm.cpl);
		return 0;
	}
	failed = kvm_kick_prepare(r.kick, &r.kicker, &bed->vm, &bed->vcpu, 0, row->reason,
				  KVM_REASON);
	if (failed) {
		row->verdict = VERDICT_NA;
		return 0;
	}
	failed = kick_row(&r, window_ns, o);
	kvm_kick_finish(r.kick, &r.kicker);
	judge_row(row);
	return failed;
}
