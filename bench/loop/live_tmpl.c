// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One backend against a vCPU in guest mode on another thread: native operations, nothing noted
 * inside a kick.  wired_tmpl.c is the same text with real interrupts, and real signals to a VMM's threads.
 */
#include "kick_ops_native.h"
#include "kick.h"
#include "machine/world.h"
#ifdef MACHINE_WIRED
#define KICK_VMM_WORLD "machine/vmm.h"
#endif
#include KICK_BACKEND_FILE
#include "kick_absent.h"

#include "bench/loop/arrivals.h"
#include "bench/loop/template.h"
#include "machine/carrier_wired.h"
#if defined(MACHINE_WIRED) && defined(KICK_VMM)
#include "machine/carrier_vmm.h"
#endif
#include "bench/loop/kicker.h"

/* Names that a profile shows: roundtrip_in_guest_patched, and of real interrupts roundtrip_wired_patched. */
#ifdef MACHINE_WIRED
#define BENCH_LIVE(name) BENCH_NAME(name##wired_)
#else
#define BENCH_LIVE(name) BENCH_NAME(name##in_guest_)
#endif

/* A VMM's kick is about some work; without one many of them do nothing. */
static inline enum kick_outcome live_kick(struct kick_vcpu *vcpu)
{
	if (KICK_IS_VMM)
		kick_request(vcpu, 0);
	return kick_send(vcpu, 0);
}

/*
 * Kick, and wait for the vCPU to leave guest mode.  An open loop's latency counts from the intended
 * time, so that a late kick is not forgiven, not even one that met a preemption: those are counted.
 * A kick that sent nothing ended nothing, and a stint may end by itself: not timed.
 */
static void BENCH_LIVE(roundtrip_)(struct team_member *m)
{
	struct bench_kicker *k = m->arg;
	struct machine_vcpu *v = &machine.vcpu[0];
	struct kick_vcpu *vcpu = kick_get_vcpu(this_vm(), 0);
	struct rseq *area = preempt_area();
	bool open = k->c->rate_per_s > 0;
	struct bench_arrivals arrivals = { .mean_ns = open ? 1e9 / k->c->rate_per_s : 0,
				     .poisson = k->c->arrivals && k->c->arrivals[0] == 'p',
				     .state = k->seed };
	uint64_t due = m->start, stint, t0, t1;

	bench_kicker_begin(k);
	while (clock_now() < m->end && !machine_stop) {
		enum kick_outcome outcome;
		uint64_t intended;
		bool preempted;

		if (open)
			preempt_watch(area); /* from the last kick on: who is late was kept */
		intended = bench_next_kick(k, &arrivals, &due);
		stint = bench_await_in_guest(v, m->end);
		if (!stint)
			break;
		if (!open)
			preempt_watch(area);
		machine_probe2(kick, 0, k->cpu);
		t0 = clock_now();
		outcome = live_kick(vcpu);
		if (!await_exit(v, stint))
			break;
		t1 = clock_now();
		k->outcome[outcome]++;
		k->kicks++;
		preempted = preempt_happened(area);
		if (outcome != KICK_SENT || __atomic_load_n(&v->by_ipi, __ATOMIC_RELAXED) != stint)
			continue;
		bench_kicker_note_time(k, t1 - (open ? intended : t0), preempted && !open);
		k->preempted += preempted && open;
	}
	preempt_unwatch(area);
	bench_kicker_end(k);
}

/* Kick as fast as can be. */
static void BENCH_LIVE(contend_)(struct team_member *m)
{
	struct bench_kicker *k = m->arg;
	struct kick_vcpu *vcpu = kick_get_vcpu(this_vm(), 0);
	uint64_t began;

	bench_kicker_begin(k);
	if (KICK_IS_VMM)
		bench_await_in_guest(&machine.vcpu[0], m->end); /* its thread gets signals from now on */
	began = clock_now();
	while (clock_now() < m->end && !machine_stop) {
		int n = bench_kicker_batch(k);
		uint64_t tally = 0;

		for (int i = 0; i < n; i++)
			tally += tally_one(live_kick(vcpu));
		bench_tally_add(k->outcome, tally);
		k->kicks += (uint64_t)n;
	}
	k->ticks = clock_now() - began;
	k->timed = k->kicks;
	bench_kicker_end(k);
}

#if defined(MACHINE_WIRED) && defined(KICK_VMM)
/* All vCPUs of the VM; false: the window ended first. */
static bool all_in_guest(const struct team_member *m)
{
	for (int i = 0; i < machine.n_vcpus; i++)
		if (!bench_await_in_guest(&machine.vcpu[i], m->end))
			return false;
	return true;
}

/* Pause, and from the request until all have stopped; then resume, until all are in guest mode again. */
static void BENCH_NAME(pause_wired_)(struct team_member *m)
{
	struct bench_kicker *k = m->arg;

	bench_kicker_begin(k);
	while (clock_now() < m->end && all_in_guest(m) && !machine_stop) {
		uint64_t t0 = clock_now();

		kick_stop_all(this_vm());
		bench_kicker_note_time(k, clock_now() - t0, false); /* who pauses sleeps */
		k->casts++;
		for (int i = 0; i < machine.n_vcpus && !machine_stop; i++)
			/* Pairs with the release in carrier_exit(): a vCPU's stint ends before it stops. */
			k->early += __atomic_load_n(&machine.vcpu[i].stint, __ATOMIC_ACQUIRE) & 1;
		kick_resume_all(this_vm());
	}
	bench_kicker_end(k);
}
#endif

static void prepare(void)
{
	for (int i = 0; i < machine.n_vcpus; i++)
		kick_vcpu_init(carrier_vcpu(i));
}

static void BENCH_LIVE(carrier_)(struct team_member *m)
{
	struct carrier *c = m->arg;

	c->kickers_left = m->kickers_left;
	machine_become(c->first_cpu, c->kicker);
#if defined(MACHINE_WIRED) && defined(KICK_VMM)
	carrier_run_vmm(c);
#elif defined(MACHINE_WIRED)
	carrier_run_wired(c);
#else
	carrier_run(c);
#endif
	c->sent = machine_self.sent;
}

#ifdef MACHINE_WIRED
const struct bench_live BENCH_NAME(bench_wired_) = {
#else
const struct bench_live BENCH_NAME(bench_live_) = {
#endif
	.prepare = prepare,
	.carrier = BENCH_LIVE(carrier_),
	.roundtrip = BENCH_LIVE(roundtrip_),
	.contend = BENCH_LIVE(contend_),
#if defined(MACHINE_WIRED) && defined(KICK_VMM)
	.pause = BENCH_NAME(pause_wired_),
#endif
};
