// SPDX-License-Identifier: GPL-2.0-or-later
/* Scenario contend: kickers as fast as they can, against a vCPU that goes in again at once. */
#include <math.h>

#include "bench/cells/thread_floor.h"
#include "bench/kernel/kernel.h"
#include "bench/window/rig.h"

static void plan_kickers(struct bench_plan *p, struct bench_case c)
{
	for (size_t i = 0; i < p->options->n_kickers; i++) {
		c.kickers = p->options->kickers[i];
		bench_plan_pcpus(p, c, bench_plan_add);
	}
}

static const char *const paths[] = { "in_guest", BENCH_THREAD_FLOORS, NULL };

static void plan(struct bench_plan *p, struct bench_case c)
{
	if (c.backend) {
		bench_plan_transports(p, c, p->pairs, p->n_pairs, plan_kickers);
	} else if (bench_plan_has_threads(p)) {
		c.loop = "closed";
		bench_thread_floor_plan(p, c, p->n_pairs);
	}
}

/* Three quarters of the window count; in the last quarter the probe times claim-to-send. */
static int run(const struct bench_env *env, const struct bench_case *c, struct bench_result *r)
{
	struct bench_rig rig = { .env = env, .c = c, .window_ns = c->window_ns / 4 * 3 };
	const struct bench_live *live;
	static struct bench_result timed; /* 35 kB, and there is one bench thread */
	const struct bench_env uncounted = { env->topo, NULL, false, env->err, env->err_size };
	int failed;

	if (!c->backend)
		return bench_thread_floor_run(env, c, false, r);
	if (machine_is_kernel(c->transport))
		return bench_kernel_measure(env, c, r);
	live = bench_live_of(c);
	rig.prepare = live->prepare;
	rig.carrier = live->carrier;
	rig.kicker = live->contend;
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
	.has_floor = true,
	.paths = paths,
	.blind = true,
	.latency_kind = "claim_to_send",
	.plan = plan,
	.run = run,
};
