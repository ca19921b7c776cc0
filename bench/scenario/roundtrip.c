// SPDX-License-Identifier: GPL-2.0-or-later
/* Scenario roundtrip: one kicker against a vCPU that is in guest mode on another thread. */
#include "bench/cells/thread_floor.h"
#include "bench/kernel/kernel.h"
#include "bench/window/rig.h"

static void plan_loop(struct bench_plan *p, struct bench_case c)
{
	bench_plan_add(p, c);
	if (machine_is_kernel(c.transport))
		return; /* an open loop is not among its scenarios */
	c.loop = "open";
	c.rate_per_s = p->options->rate_per_s;
	c.arrivals = "fixed";
	for (size_t i = 0; i < p->options->n_arrivals; i++) {
		c.arrivals = p->options->arrivals[i];
		bench_plan_add(p, c);
	}
	if (!p->options->n_arrivals)
		bench_plan_add(p, c);
}

static void plan_loops(struct bench_plan *p, struct bench_case c)
{
	bench_plan_pcpus(p, c, plan_loop);
}

static const char *const paths[] = { "in_guest", BENCH_THREAD_FLOORS, NULL };

static void plan(struct bench_plan *p, struct bench_case c)
{
	if (c.backend) {
		bench_plan_transports(p, c, p->pairs, p->n_pairs, plan_loops);
	} else if (bench_plan_has_threads(p)) {
		c.loop = "closed";
		bench_thread_floor_plan(p, c, p->n_pairs);
	}
}

static int run(const struct bench_env *env, const struct bench_case *c, struct bench_result *r)
{
	struct bench_rig rig = { .env = env, .c = c, .window_ns = c->window_ns };
	const struct bench_live *live;
	int failed;

	if (!c->backend)
		return bench_thread_floor_run(env, c, true, r);
	live = bench_live_of(c);
	rig.prepare = live->prepare;
	rig.carrier = live->carrier;
	rig.kicker = live->roundtrip;
	failed = machine_is_kernel(c->transport) ? bench_kernel_measure(env, c, r)
						 : bench_rig_measure(&rig, r);
	if (!failed && r->verdict == VERDICT_OK && !r->has_latency && !r->oversubscribed)
		bench_verdict(r, VERDICT_INCONCLUSIVE, "every stint ended by itself");
	return failed;
}

const struct bench_scenario bench_scenario_roundtrip = {
	.name = "roundtrip",
	.summary = "from the kick to the vCPU's exit, seen by the kicker; of a VMM its floors: tgkill, futex",
	.place = 4,
	.has_floor = true,
	.paths = paths,
	.plan = plan,
	.run = run,
};
