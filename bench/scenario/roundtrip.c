// SPDX-License-Identifier: GPL-2.0-or-later
/* Scenario roundtrip: one kicker against a vCPU that is in guest mode on another thread. */
#include "bench/cells/cells.h"
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

static void plan(struct bench_plan *p, struct bench_case c)
{
	bench_plan_transports(p, c, p->pairs, p->n_pairs, plan_loops);
}

static int run(const struct bench_env *env, const struct bench_case *c, struct bench_result *r)
{
	const struct bench_live *live = bench_live_of(c);
	struct bench_rig rig = { .env = env,
			   .c = c,
			   .prepare = live->prepare,
			   .carrier = live->carrier,
			   .kicker = live->roundtrip,
			   .window_ns = c->window_ns };
	int failed;

	failed = machine_is_kernel(c->transport) ? bench_kernel_measure(env, c, r)
						 : bench_rig_measure(&rig, r);
	if (!failed && r->verdict == VERDICT_OK && !r->has_latency && !r->oversubscribed)
		bench_verdict(r, VERDICT_INCONCLUSIVE, "every stint ended by itself");
	return failed;
}

const struct bench_scenario bench_scenario_roundtrip = {
	.name = "roundtrip",
	.summary = "from the kick to the vCPU's exit, seen by the kicker",
	.place = 4,
	.plan = plan,
	.run = run,
};
