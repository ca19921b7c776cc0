// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Scenarios roundtrip, contend and migrate: kickers against a vCPU that is in guest mode on another
 * thread.
 */
#include <stdio.h>

#include "bench/plan/plan.h"
#include "bench/run/team_rig.h"

static const char *no_live_vcpu(const struct bench_backend *b)
{
	return bench_decl(b)->features & KICK_F_NO_PROTOCOL ? "no protocol: a kick ends nothing" : NULL;
}

/* The doorbell's text polls; the other transports have a text of their own. */
static const struct bench_live *text_of(const struct bench_case *c)
{
	return c->transport == MACHINE_DOORBELL ? c->backend->live : c->backend->wired;
}

/* How many pCPUs the vCPU's carrier runs: what was asked for, or `least`. */
static void plan_pcpus(struct bench_plan *p, struct bench_case c, int least,
		       void (*plan_rest)(struct bench_plan *p, struct bench_case c))
{
	const struct bench_options *o = p->options;

	c.pcpus = c.kickers + least;
	if (!o->n_pcpus)
		plan_rest(p, c);
	for (size_t i = 0; i < o->n_pcpus; i++) {
		c.pcpus = c.kickers + o->pcpus[i];
		plan_rest(p, c);
	}
}

/* The cells of every pair for one transport, the pair's fields set. */
static void plan_transport(struct bench_plan *p, struct bench_case c,
			   void (*plan_pair)(struct bench_plan *p, struct bench_case c))
{
	if (!c.na)
		c.na = machine_transport_missing(c.transport);
	if (p->options->live_window_ns)
		c.window_ns = p->options->live_window_ns;
	bench_plan_pairs(p, c, p->pairs, p->n_pairs, plan_pair);
}

static void plan_pairs(struct bench_plan *p, struct bench_case c,
		       void (*plan_pair)(struct bench_plan *p, struct bench_case c))
{
	unsigned int transports = p->options->transports ? p->options->transports : 1;

	for (int t = 0; t < MACHINE_N_TRANSPORTS; t++) {
		if (!(transports >> t & 1))
			continue;
		c.transport = (enum machine_transport)t;
		c.na = no_live_vcpu(c.backend);
		if (!c.na && t != MACHINE_DOORBELL && c.scenario == &bench_migrate)
			c.na = "its counts need the probe, which has transport doorbell only";
		plan_transport(p, c, plan_pair);
	}
}

/* roundtrip */

static void plan_loop(struct bench_plan *p, struct bench_case c)
{
	c.loop = "closed";
	bench_plan_add(p, &c);
	c.loop = "open";
	c.rate_per_s = p->options->rate_per_s;
	c.arrivals = "fixed";
	for (size_t i = 0; i < p->options->n_arrivals; i++) {
		c.arrivals = p->options->arrivals[i];
		bench_plan_add(p, &c);
	}
	if (!p->options->n_arrivals)
		bench_plan_add(p, &c);
}

static void plan_loops(struct bench_plan *p, struct bench_case c)
{
	plan_pcpus(p, c, 1, plan_loop);
}

static int plan_roundtrip(struct bench_plan *p, const struct bench_scenario *self,
			  const struct bench_backend *backend)
{
	struct bench_case c = bench_plan_cell(p, self, backend);

	c.path = "in_guest";
	c.state = BENCH_IN_GUEST;
	c.form = "kick";
	plan_pairs(p, c, plan_loops);
	return 0;
}

static int run_roundtrip(const struct bench_env *env, const struct bench_case *c,
			 struct bench_result *r, char *err, size_t err_size)
{
	const struct bench_live *live = text_of(c);
	struct rig rig = { .env = env,
			   .c = c,
			   .n_kickers = 1,
			   .n_pcpus = c->pcpus - c->kickers,
			   .prepare = live->prepare,
			   .carrier = live->carrier,
			   .kicker = live->roundtrip,
			   .window_ns = c->window_ns };
	int failed = rig_run(&rig, r, err, err_size);

	if (failed)
		return failed;
	rig_judge(c, r);
	rig_count(c, BENCH_IN_GUEST, r);
	return 0;
}

const struct bench_scenario bench_roundtrip = {
	.name = "roundtrip",
	.summary = "from the kick to the vCPU's exit, seen by the kicker",
	.plan = plan_roundtrip,
	.run = run_roundtrip,
};

/* contend */

static void plan_one(struct bench_plan *p, struct bench_case c)
{
	bench_plan_add(p, &c);
}

static void plan_kickers(struct bench_plan *p, struct bench_case c)
{
	for (size_t i = 0; i < p->options->n_kickers; i++) {
		c.kickers = p->options->kickers[i];
		plan_pcpus(p, c, 1, plan_one);
	}
}

static int plan_contend(struct bench_plan *p, const struct bench_scenario *self,
			const struct bench_backend *backend)
{
	struct bench_case c = bench_plan_cell(p, self, backend);

	c.path = "in_guest";
	c.state = BENCH_IN_GUEST;
	c.form = "kick";
	c.loop = "closed";
	plan_pairs(p, c, plan_kickers);
	return 0;
}

/* Three quarters of the window count; in the last quarter the probe times claim-to-send. */
static int run_contend(const struct bench_env *env, const struct bench_case *c,
		       struct bench_result *r, char *err, size_t err_size)
{
	const struct bench_live *live = text_of(c);
	const struct bench_probe *probe = c->backend->probe;
	struct rig rig = { .env = env,
			   .c = c,
			   .n_kickers = c->kickers,
			   .n_pcpus = c->pcpus - c->kickers,
			   .prepare = live->prepare,
			   .carrier = live->carrier,
			   .kicker = live->contend,
			   .window_ns = c->window_ns / 4 * 3 };
	static struct bench_result timed; /* 35 kB, and there is one bench thread */
	const struct bench_env uncounted = { .topo = env->topo };
	int failed = rig_run(&rig, r, err, err_size);

	if (failed)
		return failed;
	rig_judge(c, r);
	r->window_ns = rig.window_ns;
	if (c->transport != MACHINE_DOORBELL)
		return 0; /* the probe is of the doorbell */
	rig.env = &uncounted;
	rig.prepare = probe->prepare;
	rig.carrier = probe->carrier;
	rig.kicker = probe->contend;
	rig.window_ns = c->window_ns / 4;
	timed = (struct bench_result){ 0 };
	failed = rig_run(&rig, &timed, err, err_size);
	if (!failed && timed.verdict)
		bench_verdict(r, timed.verdict, timed.why);
	r->latency = timed.latency;
	r->has_latency = timed.has_latency;
	r->preempted = timed.preempted;
	return failed;
}

const struct bench_scenario bench_contend = {
	.name = "contend",
	.summary = "1..N kickers on one vCPU that re-enters at once; latency is claim-to-send",
	.plan = plan_contend,
	.run = run_contend,
};

/* migrate */

enum { MAX_REQUESTS = 32 }; /* numbers, of which each kicker has its own */

/* Why this cell cannot be, or NULL.  Nothing can be widened where a kick does not pass the window. */
static const char *no_migration(const struct bench_case *c)
{
	if (c->kickers > MAX_REQUESTS)
		return "each kicker needs a request number of its own, and there are 32";
	if (c->widen_ns && !(c->backend->count->windows() & 1u << KICK_W_CPU_CLAIM))
		return "its kick has no window between cpu and claim";
	return NULL;
}

static void plan_rate(struct bench_plan *p, struct bench_case c)
{
	const struct bench_options *o = p->options;
	const char *na = c.na;

	for (size_t i = 0; i < o->n_migrations; i++)
		for (int widened = 0; widened < 2; widened++) {
			c.migrations_per_s = o->migrations[i];
			c.widen_ns = widened ? o->widen_ns : 0;
			c.na = na ? na : no_migration(&c);
			bench_plan_add(p, &c);
		}
}

static void plan_rates(struct bench_plan *p, struct bench_case c)
{
	plan_pcpus(p, c, 2, plan_rate);
}

static int plan_migrate(struct bench_plan *p, const struct bench_scenario *self,
			const struct bench_backend *backend)
{
	struct bench_case c = bench_plan_cell(p, self, backend);

	c.path = "in_guest";
	c.state = BENCH_IN_GUEST;
	c.form = "request_kick";
	c.what = BENCH_REQUEST_KICK;
	c.put = "sticky";
	c.loop = "closed";
	c.kickers = p->options->kickers[0];
	plan_pairs(p, c, plan_rates);
	return 0;
}

static int run_migrate(const struct bench_env *env, const struct bench_case *c,
		       struct bench_result *r, char *err, size_t err_size)
{
	const struct bench_probe *probe = c->backend->probe;
	struct rig rig = { .env = env,
			   .c = c,
			   .n_kickers = c->kickers,
			   .n_pcpus = c->pcpus - c->kickers,
			   .prepare = probe->prepare,
			   .carrier = probe->carrier,
			   .kicker = probe->migrate,
			   .watch = true,
			   .window_ns = c->window_ns };
	int failed = rig_run(&rig, r, err, err_size);

	if (failed)
		return failed;
	rig_judge(c, r);
	rig_count(c, BENCH_IN_GUEST, r);
	return 0;
}

const struct bench_scenario bench_migrate = {
	.name = "migrate",
	.summary = "kicks of a vCPU that migrates: misdirected IPIs, poisoned stints, lost kicks",
	.plan = plan_migrate,
	.run = run_migrate,
};
