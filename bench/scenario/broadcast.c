// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Scenario broadcast: one request to many vCPUs, and its floor: the same locked operations by hand,
 * over the same lines and stride.
 */
#include <stdio.h>
#include <string.h>

#include "bench/cells/cells.h"
#include "bench/kernel/kernel.h"
#include "bench/window/rig.h"
#include "bench/window/timed.h"
#include "bench/window/window.h"
#include "kick_ops_native.h"
#include "results/csv.h"

/* Where the floor's two words stand in a vCPU's line, as in the KVM family's struct kick_vcpu. */
struct line {
	kick_int cpu, mode;
	kick_ulong requests;
};

static int at_least_one(int64_t n)
{
	return n < 1 ? 1 : (int)n;
}

/* Why this backend's text has no such walk, or cannot wait. */
static const char *no_path(const struct bench_backend *b, bool bits, bool wait)
{
	unsigned int features = bench_decl(b)->features;

	if (!(features & KICK_F_MASK))
		return "it has no mask kicks";
	if (wait && !(features & KICK_F_WAIT))
		return "its masks do not wait";
	if (bits != !!(features & KICK_F_SETBITS))
		return bits ? "its masks scan all vCPUs" : "its masks walk the set bits";
	return NULL;
}

static const char *const paths[] = { "scan", "scan_wait", "bits", "bits_wait", "floor", NULL };

static void plan_paths(struct bench_plan *p, struct bench_case c)
{
	if (!c.backend) {
		c.path = paths[4];
		bench_plan_add(p, c);
		return;
	}
	for (int path = 0; path < 4; path++) {
		c.path = paths[path];
		c.wait = path & 1;
		c.na = no_path(c.backend, path >= 2, c.wait);
		for (int wakeup = 0; wakeup < (p->options->reduced ? 1 : 2); wakeup++) {
			c.wakeup = wakeup;
			bench_plan_add(p, c);
		}
	}
}

/* All vCPUs in the mask, and where there are many also one in sixteen. */
static void plan_widths(struct bench_plan *p, struct bench_case c)
{
	c.mask_width = c.vcpus;
	plan_paths(p, c);
	if (c.vcpus < 64 || p->options->reduced)
		return;
	c.mask_width = c.vcpus / 16;
	plan_paths(p, c);
}

static void plan_all(struct bench_plan *p, struct bench_case c)
{
	static const int default_vcpus[] = { 1, 64, 1024, 4096 }, default_pct[] = { 0, 50, 100 };
	const struct bench_options *o = p->options;
	const int *vcpus = o->n_vcpus ? o->vcpus : default_vcpus;
	const int *pct = o->n_in_guest_pct ? o->in_guest_pct : default_pct;
	size_t n_vcpus = o->n_vcpus ? o->n_vcpus : 4, n_pct = o->n_in_guest_pct ? o->n_in_guest_pct : 3;

	c.kicker_pu = p->pairs[0].kicker;
	c.vcpu_pu = p->pairs[0].vcpu;
	c.distance = p->pairs[0].distance;
	for (size_t i = 0; i < n_vcpus; i++)
		for (size_t k = 0; k < (c.backend ? n_pct : 1); k++) {
			c.vcpus = vcpus[i];
			c.pcpus = 1 + vcpus[i];
			c.in_guest_pct = c.backend ? pct[k] : 0;
			if (machine_is_kernel(c.transport)) /* CPUs, not vCPUs */
				c.pcpus = 1 + at_least_one((int64_t)c.vcpus * c.in_guest_pct / 100);
			c.window_ns = c.in_guest_pct && o->live_window_ns ? o->live_window_ns : o->window_ns;
			plan_widths(p, c);
		}
}

static void plan(struct bench_plan *p, struct bench_case c)
{
	bench_plan_places(p, c, true, plan_all);
}

/* The floor */

struct by_hand {
	const struct bench_case *c;
	struct bench_timed timed;
	uint64_t wrong; /* a cmpxchg that found guest mode */
};

/* A batch is one broadcast at least, and long enough for the clock. */
static void floor_batch(struct by_hand *f, uint64_t batch)
{
	int width = f->c->mask_width;

	for (uint64_t n = 0; n < batch; n++)
		for (int k = 0; k < width; k++) {
			size_t i = (size_t)((int64_t)k * f->c->vcpus / width);
			struct line *line = (struct line *)(machine.vcpus + i * machine.vcpu_stride);

			set_bit(0, &line->requests);
			f->wrong |= (uint64_t)cmpxchg(&line->mode, IN_GUEST_MODE, EXITING_GUEST_MODE);
		}
}

static void run_by_hand(struct team_member *m)
{
	struct by_hand *f = m->arg;
	uint64_t batch = (uint64_t)at_least_one(512 / f->c->mask_width);

	bench_timed_until_end(m, &f->timed, batch, floor_batch(f, batch));
}

static int run_floor(const struct bench_env *env, const struct bench_case *c, struct bench_result *r)
{
	static struct by_hand f; /* not on the stack: a thread that hangs may still write to it */
	static struct team_member m;
	const struct machine_config config = { .n_pcpus = 1,
					 .n_vcpus = c->vcpus,
					 .n_kickers = 1,
					 .shift = c->repetition,
					 .sizes = bench_backend_find("patched")->fast->sizes };
	int failed;

	f = (struct by_hand){ .c = c };
	m = (struct team_member){ .pu = c->kicker_pu, .run = run_by_hand, .arg = &f, .is_kicker = true };
	failed = bench_window_on(env, &config, &m, 1, c->window_ns, r);
	if (failed)
		return failed;
	bench_timed_result(&f.timed, r);
	if (f.wrong)
		bench_verdict(r, VERDICT_VIOLATED, "an operation did not do what it is named after");
	else if (!r->verdict)
		bench_verdict(r, VERDICT_OK, "");
	return 0;
}

/* The protocols */

static void judge(const struct bench_case *c, struct bench_result *r)
{
	uint64_t in_guest = (uint64_t)c->vcpus * (uint64_t)c->in_guest_pct / 100;

	r->ops = r->casts;
	if (r->verdict)
		return;
	if (!r->casts)
		bench_verdict(r, VERDICT_INCONCLUSIVE, "no broadcast fitted into the window");
	else if (!in_guest && r->exits)
		bench_verdict(r, VERDICT_INCONCLUSIVE, "a vCPU was in guest mode");
	else if (!in_guest)
		bench_verdict(r, VERDICT_OK, "");
	else
		bench_rig_judge(c, r);
}

static int run_in_kernel(const struct bench_env *env, const struct bench_case *c, struct bench_result *r)
{
	int failed = bench_kernel_run(env, c, r);

	if (failed)
		return failed;
	judge(c, r);
	bench_kernel_books(r);
	return 0;
}

static int run(const struct bench_env *env, const struct bench_case *c, struct bench_result *r)
{
	struct bench_rig rig = { .env = env,
			   .c = c,
			   .n_vcpus = c->vcpus,
			   .n_in_guest = (int)((int64_t)c->vcpus * c->in_guest_pct / 100),
			   .window_ns = c->window_ns };
	int failed;

	if (!c->backend)
		return run_floor(env, c, r);
	if (machine_is_kernel(c->transport))
		return run_in_kernel(env, c, r);
	rig.prepare_many = c->backend->cast->prepare;
	rig.carrier = c->backend->live->carrier;
	rig.kicker = c->backend->cast->broadcast;
	failed = bench_rig_run(&rig, r);
	if (!failed)
		judge(c, r);
	return failed;
}

/* Names and columns */

static void name_cell(const struct bench_case *c, char *buf, size_t size)
{
	snprintf(buf, size, "/vcpus:%d/mask:%d/guest:%d%%%s", c->vcpus, c->mask_width, c->in_guest_pct,
		 c->wakeup ? "/wakeup" : "");
}

static void case_columns(const struct bench_case *c, struct csv_row *row)
{
	csv_set_u64(row, "vcpus", (uint64_t)c->vcpus);
	csv_set_u64(row, "mask_width", (uint64_t)c->mask_width);
	csv_set_u64(row, "in_guest_pct", (uint64_t)c->in_guest_pct);
	csv_set_string(row, "wakeup", c->wakeup ? "yes" : "no");
}

static void result_columns(const struct bench_result *r, struct csv_row *row)
{
	if (r->has_ipis)
		csv_set_u64(row, "ipis_avoided", r->kicks > r->sent ? r->kicks - r->sent : 0);
	if (r->wait.n) {
		csv_set_double(row, "wait_p50_ns", histogram_quantile(&r->wait, .5));
		csv_set_double(row, "wait_p99_ns", histogram_quantile(&r->wait, .99));
	}
	if (r->to_send.n) {
		csv_set_double(row, "to_send_p50_ns", histogram_quantile(&r->to_send, .5));
		csv_set_double(row, "to_send_p99_ns", histogram_quantile(&r->to_send, .99));
	}
}

const struct bench_scenario bench_scenario_broadcast = {
	.name = "broadcast",
	.summary = "one request to 1..4096 vCPUs: scan or set bits, waiting or not; and its floor",
	.place = 7,
	.on_demand = true,
	.has_floor = true,
	.paths = paths,
	.plan = plan,
	.run = run,
	.name_cell = name_cell,
	.case_columns = case_columns,
	.result_columns = result_columns,
};
