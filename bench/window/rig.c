// SPDX-License-Identifier: GPL-2.0-or-later
/* Building, running and adding up what the scenarios with threads have in common. */
#include "bench/window/rig.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/window/window.h"
#include "kick_ops_native.h"
#include "machine/machine.h"
#include "machine/clock.h"

/* Kickers first, then the carriers; aligned, since they write to their own part all the time. */
struct rig_crew {
	struct bench_kicker *kicker;
	struct carrier *carrier;
	struct team_member *member;
	size_t n, n_kickers;
};

static int crew_init(struct rig_crew *crew, int n_kickers, int n_carriers)
{
	size_t kickers = sizeof(struct bench_kicker) * (size_t)n_kickers;
	size_t carriers = sizeof(struct carrier) * (size_t)n_carriers;

	crew->n_kickers = (size_t)n_kickers;
	crew->n = (size_t)(n_kickers + n_carriers);
	crew->kicker = aligned_alloc(MACHINE_LINE, kickers);
	crew->carrier = aligned_alloc(MACHINE_LINE, carriers);
	crew->member = calloc(crew->n, sizeof(*crew->member));
	if (!crew->kicker || !crew->carrier || !crew->member)
		return -ENOMEM;
	memset(crew->kicker, 0, kickers);
	memset(crew->carrier, 0, carriers);
	return 0;
}

static void crew_fini(struct rig_crew *crew)
{
	free(crew->kicker);
	free(crew->carrier);
	free(crew->member);
}

/* A VMM's vCPU threads: one vCPU each, on the PUs beside the kicker's while there are some, else wherever. */
static void place_threads(const struct bench_rig *rig, struct rig_crew *crew)
{
	const struct bench_case *c = rig->c;
	bool crowded = c->kickers + rig->n_threads > topo_n_pus(c->topo);

	for (int i = 0; i < rig->n_threads; i++) {
		crew->carrier[i] = (struct carrier){ .first_cpu = c->kickers + i,
						     .n_cpus = 1,
						     .first_vcpu = i,
						     .n_vcpus = 1,
						     .kicker = c->kickers + i,
						     .natural_exits_per_s = c->natural_exits_per_s,
						     .shares_pu = crowded,
						     .seed = c->seed * 7919 + c->repetition + (uint64_t)i };
		crew->member[c->kickers + i] =
			(struct team_member){ .pu = crowded ? -1 : bench_vcpu_pu(c, i),
					      .run = rig->carrier,
					      .arg = &crew->carrier[i] };
	}
}

static void place(const struct bench_rig *rig, struct rig_crew *crew)
{
	const struct bench_case *c = rig->c;

	for (int i = 0; i < c->kickers; i++) {
		crew->kicker[i] = (struct bench_kicker){
			.c = c, .cpu = i, .number = i, .crowded = bench_is_crowded(c)
		};
		crew->kicker[i].seed = c->seed * 1000003 + c->repetition * 1009 + (uint64_t)i;
		crew->member[i] = (struct team_member){ .pu = bench_kicker_pu(c, i),
							.run = rig->kicker,
							.arg = &crew->kicker[i],
							.is_kicker = true };
	}
	if (rig->n_threads) {
		place_threads(rig, crew);
		return;
	}
	*crew->carrier = (struct carrier){ .first_cpu = c->kickers,
					   .n_cpus = c->pcpus - c->kickers,
					   .n_vcpus = rig->n_vcpus ? rig->n_in_guest : 1,
					   .kicker = c->kickers,
					   .migrations_per_s = c->migrations_per_s,
					   .natural_exits_per_s = c->natural_exits_per_s,
					   .watch = rig->watch,
					   .shares_pu = c->kicker_pu == c->vcpu_pu,
					   .seed = c->seed * 7919 + c->repetition };
	crew->member[c->kickers] = (struct team_member){ .pu = c->vcpu_pu,
							     .run = rig->carrier,
							     .arg = crew->carrier };
}

/* The share of the least busy kicker in that of the busiest. */
static double fairness(const struct rig_crew *crew)
{
	uint64_t least = UINT64_MAX, most = 0;

	for (size_t i = 0; i < crew->n_kickers; i++) {
		uint64_t kicks = crew->kicker[i].kicks;

		least = kicks < least ? kicks : least;
		most = kicks > most ? kicks : most;
	}
	return most ? (double)least / (double)most : 0;
}

/*
 * The kickers' outcomes against what they sent: one kick of each may have been cut off by the window's end, a
 * kick may call every pCPU there is, and nobody sleeps here.  Masks have no outcomes.
 */
static bool untrue(const struct rig_crew *crew, const struct bench_result *r, uint64_t sent)
{
	uint64_t said = r->outcome[KICK_SENT], cut = crew->n, told = 0;

	for (int o = 0; o < KICK_N_OUTCOMES; o++)
		told += r->outcome[o];
	if (!told || bench_decl(crew->kicker[0].c->backend)->features & (KICK_F_NO_PROTOCOL | KICK_F_SIGNAL))
		return false;
	return r->outcome[KICK_WOKEN] || said > sent + cut ||
	       sent > (said + cut) * (uint64_t)machine.n_pcpus;
}

static void add_up_kickers(const struct rig_crew *crew, struct bench_result *r)
{
	uint64_t ticks = 0, timed = 0;

	histogram_init(&r->latency);
	histogram_init(&r->wait);
	histogram_init(&r->to_send);
	for (size_t i = 0; i < crew->n_kickers; i++) {
		const struct bench_kicker *k = &crew->kicker[i];

		histogram_merge(&r->latency, &k->latency);
		histogram_merge(&r->wait, &k->wait);
		histogram_merge(&r->to_send, &k->to_send);
		r->casts += k->casts;
		r->early += k->early;
		r->kicks += k->kicks;
		r->sent += k->sent;
		r->misdirected += k->misdirected;
		r->preempted += k->preempted;
		ticks += k->ticks;
		timed += k->timed;
		for (int o = 0; o < KICK_N_OUTCOMES; o++)
			r->outcome[o] += k->outcome[o];
	}
	r->untrue = untrue(crew, r, r->sent);
	r->ops = r->kicks;
	r->ns_per_op = timed ? (double)clock_to_ns(ticks) / (double)timed : 0;
}

static void add_up(const struct rig_crew *crew, struct bench_result *r)
{
	add_up_kickers(crew, r);
	r->has_outcomes = r->has_ipis = r->has_verdicts = true;
	r->has_latency = r->latency.n > 0;
	for (size_t i = 0; i < crew->n - crew->n_kickers; i++)
		r->sent += crew->carrier[i].sent;
	for (int i = 0; i < machine.n_vcpus; i++) {
		const struct machine_vcpu *v = &machine.vcpu[i];

		r->stints += v->stints;
		r->exits += v->exits;
		r->resumed += v->resumed;
		r->migrations += v->migrations;
		r->poisoned += v->poisoned;
		r->lost += v->lost;
	}
	r->fairness = fairness(crew);
	if (machine_drain(r->sent, &r->ipis))
		bench_verdict(r, VERDICT_VIOLATED, "IPIs do not add up");
}

/* The first touch of the machine's memory decides its NUMA node: a thread over there does it. */
static void touch_machine(struct team_member *m)
{
	m->error = machine_init(m->arg);
}

/* The system's number of the NUMA node that the case names; -1: it says nothing of nodes. */
static int home_of(const struct bench_rig *rig)
{
	const struct bench_case *c = rig->c;

	if (!strncmp(c->home, "node:", 5))
		return atoi(c->home + 5);
	return topo_node(rig->env->topo, !strcmp(c->home, "vcpu") ? c->vcpu_pu : c->kicker_pu);
}

static int init_machine(const struct bench_rig *rig, const struct machine_config *config)
{
	const struct bench_case *c = rig->c;
	static struct team_member m; /* not on the stack: a thread that hangs may still write to it */
	static struct machine_config copy;

	if (!c->home)
		return machine_init(config);
	copy = *config;
	copy.bound = !strncmp(c->home, "node:", 5);
	copy.node = home_of(rig);
	m = (struct team_member){ .pu = !strcmp(c->home, "vcpu") ? c->vcpu_pu : c->kicker_pu,
				  .run = touch_machine, .arg = &copy, .is_kicker = true };
	return team_run(rig->env->topo, &m, 1, 1000000, rig->env->err, rig->env->err_size);
}

int bench_rig_run(const struct bench_rig *rig, struct bench_result *r)
{
	const struct bench_case *c = rig->c;
	int n_carriers = rig->n_threads ? rig->n_threads : 1;
	struct machine_config config = {
		.n_pcpus = c->pcpus,
		.n_vcpus = rig->n_vcpus ? rig->n_vcpus : 1,
		.n_kickers = c->kickers + n_carriers,
		.transport = c->transport,
		.put_clears_cpu = c->put && !strcmp(c->put, "minus1"),
		.shift = c->repetition,
		.sizes = c->backend->fast->sizes,
	};
	struct rig_crew crew = { 0 };
	int failed;

	snprintf(rig->env->err, rig->env->err_size, "the emulated machine: %s", strerror(ENOMEM));
	failed = init_machine(rig, &config);
	if (!failed && c->home && home_of(rig) >= 0 && machine_pages_away(home_of(rig)))
		bench_verdict(r, VERDICT_INCONCLUSIVE, "the machine's memory is not where its home is");
	if (!failed)
		failed = crew_init(&crew, c->kickers, n_carriers);
	if (!failed) {
		if (rig->prepare_many)
			rig->prepare_many(rig->n_in_guest);
		else
			rig->prepare();
		place(rig, &crew);
		failed = bench_window(rig->env, crew.member, crew.n, rig->window_ns, r);
	}
	if (!failed) {
		add_up(&crew, r);
		r->oversubscribed = bench_is_crowded(c) || c->kickers + n_carriers > topo_n_pus(c->topo);
	}
	if (failed != -EDEADLK) { /* else a thread still runs on them */
		crew_fini(&crew);
		machine_fini();
	}
	return failed;
}

void bench_rig_judge(const struct bench_case *c, struct bench_result *r)
{
	const struct kick_declaration *d = bench_decl(c->backend);

	if (r->verdict)
		return;
	if (r->untrue)
		bench_verdict(r, VERDICT_VIOLATED, BENCH_UNTRUE);
	else if (r->lost && !(d->may & KICK_MAY_LOSE))
		bench_verdict(r, VERDICT_VIOLATED, "a kick was lost");
	else if (r->poisoned && !(d->may & KICK_MAY_POISON))
		bench_verdict(r, VERDICT_VIOLATED, "a stint was poisoned");
	else if (r->misdirected && !(d->may & KICK_MAY_MISDIRECT))
		bench_verdict(r, VERDICT_VIOLATED, "an IPI was misdirected");
	else if (r->ipis.invalid && !bench_may_address_nobody(c->backend))
		bench_verdict(r, VERDICT_VIOLATED, "an IPI was sent to a pCPU that does not exist");
	else if (!r->exits)
		bench_verdict(r, VERDICT_INCONCLUSIVE, d->features & KICK_F_SIGNAL ?
			      "no stint was ended by a signal" : "no stint was ended by an IPI");
	/* Where the threads share a PU every sample is: such a row has its counts, and is never ranked. */
	else if (r->preempted && !r->has_latency && !r->oversubscribed)
		bench_verdict(r, VERDICT_INCONCLUSIVE, "every sample was preempted");
	else
		bench_verdict(r, VERDICT_OK, "");
}

int bench_rig_measure(const struct bench_rig *rig, struct bench_result *r)
{
	const struct bench_case *c = rig->c;
	int failed = bench_rig_run(rig, r);
	enum kick_outcome outcome;

	if (failed)
		return failed;
	bench_rig_judge(c, r);
	bench_counted_kick(r, c->backend->count->kick(BENCH_IN_GUEST, c->what, false, &r->counts, &outcome));
	return 0;
}
