// SPDX-License-Identifier: GPL-2.0-or-later
/* Scenario migrate: kicks of a vCPU that changes its pCPU, watched by the probe. */
#include "bench/cells/cells.h"
#include "bench/kernel/kernel.h"
#include "bench/window/rig.h"

static const char *const paths[] = { "in_guest", "moved", NULL };
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
			bench_plan_add(p, c);
		}
}

/* In the kernel there are two ways to another pCPU: handed over, or moved by the scheduler. */
static void plan_movers(struct bench_plan *p, struct bench_case c)
{
	plan_rate(p, c);
	if (!machine_is_kernel(c.transport))
		return;
	c.by_scheduler = true;
	c.path = paths[1];
	plan_rate(p, c);
}

static void plan_rates(struct bench_plan *p, struct bench_case c)
{
	bench_plan_pcpus(p, c, plan_movers);
}

static void plan(struct bench_plan *p, struct bench_case c)
{
	c.what = BENCH_REQUEST_KICK;
	c.put = "sticky";
	c.kickers = p->options->kickers[0];
	bench_plan_transports(p, c, p->pairs, p->n_pairs, plan_rates);
}

static int run(const struct bench_env *env, const struct bench_case *c, struct bench_result *r)
{
	struct bench_rig rig = { .env = env,
			   .c = c,
			   .prepare = c->backend->live->prepare,
			   .carrier = c->backend->live->carrier,
			   .kicker = c->backend->probe->migrate,
			   .watch = true,
			   .window_ns = c->window_ns };

	return machine_is_kernel(c->transport) ? bench_kernel_measure(env, c, r) : bench_rig_measure(&rig, r);
}

const struct bench_scenario bench_scenario_migrate = {
	.name = "migrate",
	.summary = "kicks of a vCPU that migrates: misdirected IPIs, poisoned stints, lost kicks",
	.place = 6,
	.probed = true,
	.least_pcpus = 2, /* else there is nowhere to go */
	.latency_kind = "request_served",
	.paths = paths,
	.plan = plan,
	.run = run,
};
