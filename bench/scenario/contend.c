// SPDX-License-Identifier: GPL-2.0-or-later
/* Scenario contend: kickers as fast as they can, against a vCPU that goes in again at once. */
#include <math.h>

#include "bench/cells/cells.h"
#include "bench/kernel/kernel.h"
#include "bench/window/rig.h"

static void plan_kickers(struct bench_plan *p, struct bench_case c)
{
	for (size_t i = 0; i < p->options->n_kickers; i++) {
		c.kickers = p->options->kickers[i];
		bench_plan_pcpus(p, c, bench_plan_add);
	}
}

static void plan(struct bench_plan *p, struct bench_case c)
{
	bench_plan_transports(p, c, p->pairs, p->n_pairs, plan_kickers);
}

/* Three quarters of the window count; in the last quarter the probe times claim-to-send. */
static int run(const struct bench_env *env, const struct bench_case *c, struct bench_result *r)
{
	const struct bench_live *live = bench_live_of(c);
	struct bench_rig rig = { .env = env,
			   .c = c,
			   .prepare = live->prepare,
			   .carrier = live->carrier,
			   .kicker = live->contend,
			   .window_ns = c->window_ns / 4 * 3 };
	static struct bench_result timed; /* 35 kB, and there is one bench thread */
	const struct bench_env uncounted = { env->topo, NULL, false, env->err, env->err_size };
	int failed;

	if (machine_is_kernel(c->transport))
		return bench_kernel_measure(env, c, r);
	failed = bench_rig_run(&rig, r);
	if (failed)
		return failed;
	bench_rig_judge(c, r);
	r->window_ns = rig.window_ns;
	if (c->transport != MACHINE_DOORBELL)
		return 0; /* the probe is of the doorbell */
	rig.env = &uncounted;
	rig.kicker = c->backend->probe->contend;
	rig.window_ns = c->window_ns / 4;
	timed = (struct bench_result){ 0 };
	failed = bench_rig_run(&rig, &timed);
	if (!failed && timed.verdict)
		bench_verdict(r, timed.verdict, timed.why);
	r->overlap = fmin(r->overlap, timed.overlap);
	r->latency = timed.latency;
	r->has_latency = timed.has_latency;
	r->preempted = timed.preempted;
	return failed;
}

const struct bench_scenario bench_scenario_contend = {
	.name = "contend",
	.summary = "1..N kickers on one vCPU that re-enters at once; latency is claim-to-send",
	.place = 5,
	.blind = true,
	.latency_kind = "claim_to_send",
	.plan = plan,
	.run = run,
};
