// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Scenario entry: what one thread pays alone for going into guest mode and out again; and of a VMM's thread
 * for its signal's handler, which nobody else counts.
 */
#include <string.h>

#include "bench/cells/thread_floor.h"
#include "bench/kernel/kernel.h"
#include "bench/window/timed.h"
#include "bench/window/window.h"

enum { BATCH = 2048 };

struct entry_run {
	const struct bench_fast *text;
	uint64_t (*batch)(void *vcpu, uint64_t n);
	struct bench_timed timed;
	uint64_t refused;
	bool ready;
};

static const char *const paths[] = { "entry", "handler", NULL };

static bool is_handler(const struct bench_case *c)
{
	return !strcmp(c->path, paths[1]);
}

static void plan(struct bench_plan *p, struct bench_case c)
{
	c.path = paths[0];
	c.line = "hot";
	c.kicker_pu = p->pairs[0].kicker;
	c.na = bench_halts(&c);
	bench_plan_places(p, c, false, bench_plan_add);
	if (!bench_plan_has_threads(p))
		return;
	c.path = paths[1];
	c.na = c.backend->fast->handler ? NULL : "no VMM's: no signal is sent to its vCPU's thread";
	bench_plan_add(p, c);
}

static void enter_and_exit(struct team_member *m)
{
	struct entry_run *e = m->arg;

	machine_become(0, 0);
	e->ready = e->text->prepare(machine.vcpus, BENCH_SELF, 0);
	if (e->ready)
		bench_timed_until_end(m, &e->timed, BATCH,
				      e->refused |= e->batch(machine.vcpus, BATCH));
}

static int run_in_kernel(const struct bench_env *env, const struct bench_case *c, struct bench_result *r)
{
	int failed = bench_kernel_run(env, c, r);

	if (failed)
		return failed;
	r->stints = r->ops;
	r->has_counts = !c->backend->count->entry(&r->counts);
	if (!r->verdict)
		bench_verdict(r, r->untrue ? VERDICT_INCONCLUSIVE : VERDICT_OK,
			      r->untrue ? "the vCPU did not enter guest mode" : "");
	bench_kernel_books(r);
	return 0;
}

static int run(const struct bench_env *env, const struct bench_case *c, struct bench_result *r)
{
	static struct entry_run e; /* not on the stack: a thread that hangs may still write to it */
	static struct team_member m;
	const struct machine_config config = {
		.n_pcpus = 2, .n_vcpus = 1, .n_kickers = 1, .shift = c->repetition,
		.sizes = c->backend->fast->sizes
	};
	int failed;

	if (machine_is_kernel(c->transport))
		return run_in_kernel(env, c, r);
	e = (struct entry_run){ .text = c->backend->fast, .batch = c->backend->fast->entry };
	if (is_handler(c))
		e.batch = c->backend->fast->handler;
	m = (struct team_member){ .pu = c->kicker_pu, .run = enter_and_exit, .arg = &e, .is_kicker = true };
	failed = bench_window_on(env, &config, &m, 1, c->window_ns, r);
	if (failed)
		return failed;
	bench_timed_result(&e.timed, r);
	r->stints = is_handler(c) ? 0 : r->ops;
	r->has_counts = !(is_handler(c) ? c->backend->count->handler : c->backend->count->entry)(&r->counts);
	if (!e.ready || e.refused)
		bench_verdict(r, VERDICT_INCONCLUSIVE, "the vCPU did not enter guest mode");
	else if (!r->verdict)
		bench_verdict(r, VERDICT_OK, "");
	return 0;
}

const struct bench_scenario bench_scenario_entry = {
	.name = "entry",
	.summary = "into guest mode and out with nobody kicking: what the vCPU itself pays; a VMM's handler",
	.place = 3,
	.paths = paths,
	.plan = plan,
	.run = run,
};
