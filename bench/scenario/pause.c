// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Scenario pause: a VMM stops all its vCPUs, each a thread in KVM_RUN, and waits until they have stopped;
 * beside it one signal, or one futex, to a thread that answers.
 */
#include <stdio.h>
#include <string.h>

#include "bench/cells/thread_floor.h"
#include "bench/window/rig.h"

static const char *const paths[] = { "pause", BENCH_THREAD_FLOORS, NULL };

/* What is declared to find something in a pause may never end it. */
static bool may_hang(const struct kick_declaration *d)
{
	for (const struct kick_expect *e = d->explore; e->preset; e++)
		if (!strncmp(e->preset, "pause", strlen("pause")) && e->finds)
			return true;
	return false;
}

static const char *not_there(const struct bench_plan *p, const struct bench_case *c)
{
	const struct kick_declaration *d = bench_decl(c->backend);

	if (!(d->features & KICK_F_SIGNAL))
		return "no VMM's: there is nothing that stops all vCPUs";
	if (!(d->features & KICK_F_PAUSE))
		return "it has no pause";
	if (may_hang(d))
		return "its pause may never end, as it declares";
	if (p->options->transports && !(p->options->transports & 1u << MACHINE_SIGNAL))
		return "its vCPU is a thread of a VMM: transport signal";
	return machine_transport_missing(MACHINE_SIGNAL);
}

static void plan(struct bench_plan *p, struct bench_case c)
{
	static const int by_default[] = { 1, 4, 16, 64 };
	const struct bench_options *o = p->options;
	size_t n = o->n_vcpus ? o->n_vcpus : sizeof(by_default) / sizeof(by_default[0]);

	if (o->live_window_ns)
		c.window_ns = o->live_window_ns;
	if (!c.backend) {
		bench_thread_floor_plan(p, c, 1);
		return;
	}
	c.kicker_pu = p->pairs[0].kicker;
	c.vcpu_pu = p->pairs[0].vcpu;
	c.distance = p->pairs[0].distance;
	c.path = paths[0];
	c.transport = MACHINE_SIGNAL;
	c.na = not_there(p, &c);
	for (size_t i = 0; i < n; i++) {
		c.vcpus = (o->n_vcpus ? o->vcpus : by_default)[i];
		c.pcpus = 1 + c.vcpus;
		bench_plan_add(p, c);
		if (c.vcpus >= MACHINE_MAX_KICKERS && !c.na)
			p->cell[p->n_cells - 1].na = "too many threads";
	}
}

static void judge(const struct bench_case *c, struct bench_result *r)
{
	r->ops = r->casts;
	r->has_outcomes = false; /* a pause has none */
	if (r->verdict)
		return;
	if (r->early)
		bench_verdict(r, VERDICT_VIOLATED, "a pause returned with a vCPU in guest mode");
	else if (!r->casts)
		bench_verdict(r, VERDICT_INCONCLUSIVE, "no pause fitted into the window");
	else
		bench_rig_judge(c, r);
}

static int run(const struct bench_env *env, const struct bench_case *c, struct bench_result *r)
{
	const struct bench_live *live;
	struct bench_rig rig = { .env = env, .c = c, .n_vcpus = c->vcpus, .n_threads = c->vcpus,
				 .window_ns = c->window_ns };
	int failed;

	if (!c->backend)
		return bench_thread_floor_run(env, c, true, r);
	live = bench_live_of(c);
	rig.prepare = live->prepare;
	rig.carrier = live->carrier;
	rig.kicker = live->pause;
	failed = bench_rig_run(&rig, r);
	if (!failed)
		judge(c, r);
	return failed;
}

static void name_cell(const struct bench_case *c, char *buf, size_t size)
{
	if (c->backend)
		snprintf(buf, size, "/vcpus:%d", c->vcpus);
}

const struct bench_scenario bench_scenario_pause = {
	.name = "pause",
	.summary = "a VMM stops all its vCPUs, 1..64 threads, and waits; its floors: tgkill, futex",
	.place = 9,
	.on_demand = true,
	.has_floor = true,
	.of_vcpus = true,
	.paths = paths,
	.plan = plan,
	.run = run,
	.name_cell = name_cell,
};
