// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Scenario pause: a VMM stops all its vCPUs, each a thread in KVM_RUN, and waits until they have stopped; and
 * its floor: the same signals and futexes by hand, one thread after the other.
 */
#include <linux/futex.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "bench/cells/cells.h"
#include "bench/window/rig.h"
#include "bench/window/timed.h"
#include "bench/window/window.h"
#include "kick_ops_native.h"

static const char *const paths[] = { "pause", "tgkill", "futex", NULL };

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

static void plan_floor(struct bench_plan *p, struct bench_case c)
{
	for (int path = 1; paths[path]; path++) {
		c.path = paths[path];
		c.na = strcmp(c.path, "tgkill") ? NULL : machine_signal_missing();
		bench_plan_add(p, c);
	}
}

static void plan(struct bench_plan *p, struct bench_case c)
{
	static const int by_default[] = { 1, 4, 16, 64 };
	const struct bench_options *o = p->options;
	size_t n = o->n_vcpus ? o->n_vcpus : sizeof(by_default) / sizeof(by_default[0]);

	if (o->live_window_ns)
		c.window_ns = o->live_window_ns;
	c.kicker_pu = p->pairs[0].kicker;
	c.vcpu_pu = p->pairs[0].vcpu;
	c.distance = p->pairs[0].distance;
	if (!c.backend) {
		plan_floor(p, c);
		return;
	}
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

/* The floor: one signal, or one wake-up, to a thread that answers in a word. */

struct answers {
	kick_int word MACHINE_ALIGNED;	/* the kicker's: asks */
	kick_int answer MACHINE_ALIGNED; /* the other's */
	struct machine_wire wire;
	int ready; /* the wire */
	struct bench_timed timed MACHINE_ALIGNED;
	struct histogram latency;
	bool by_signal;
};
static struct answers answers; /* not on the stack: a thread that hangs may still write to it */

static void answer_signal(void)
{
	WRITE_ONCE(answers.answer, READ_ONCE(answers.answer) + 1);
}

static void sleep_while(kick_int *word, int value)
{
	static const struct timespec slice = { 0, 100000000 };

	syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, value, &slice, NULL, 0);
}

static void ask(struct team_member *m)
{
	struct answers *f = m->arg;
	int n = 0;

	/* Pairs with the release in answer(). */
	for (uint32_t turn = 1; !__atomic_load_n(&f->ready, __ATOMIC_ACQUIRE); turn++)
		if (!machine_relax_bounded(turn))
			return;
	while (clock_now() < m->end && !machine_stop) {
		uint64_t t0 = clock_now();

		smp_store_release(&f->word, ++n); /* pairs with the acquire in answer() */
		if (f->by_signal)
			machine_wire_ring(&f->wire, MACHINE_SIGNAL);
		else
			syscall(SYS_futex, &f->word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
		/* Pairs with the release in answer(), or with a signal's handler. */
		for (uint32_t turn = 1; smp_load_acquire(&f->answer) != n; turn++)
			if (!machine_relax_bounded(turn))
				break;
		t0 = clock_now() - t0;
		f->timed.ops++;
		f->timed.ticks += t0;
		histogram_record(&f->latency, clock_to_ns(t0));
	}
	smp_store_release(&f->word, -1); /* pairs with the acquire in answer() */
	syscall(SYS_futex, &f->word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

static void answer(struct team_member *m)
{
	struct answers *f = m->arg;
	int n, last = 0;

	machine_wire_attach(&f->wire);
	/* Pairs with the acquire in ask(). */
	__atomic_store_n(&f->ready, 1, __ATOMIC_RELEASE);
	/* Pairs with the releases in ask(). */
	for (uint32_t turn = 1; (n = smp_load_acquire(&f->word)) >= 0 && !machine_stop; turn++) {
		if (f->by_signal && turn % 1024 == 0)
			sched_yield();
		if (f->by_signal)
			continue;
		if (n == last)
			sleep_while(&f->word, n);
		else
			smp_store_release(&f->answer, last = n); /* pairs with the acquire in ask() */
	}
	machine_wire_detach();
}

static int run_floor(const struct bench_env *env, const struct bench_case *c, struct bench_result *r)
{
	static struct team_member m[2];
	int failed;

	answers = (struct answers){ .by_signal = !strcmp(c->path, "tgkill") };
	answers.wire.handler = answer_signal;
	histogram_init(&answers.latency);
	m[0] = (struct team_member){ .pu = c->kicker_pu, .run = ask, .arg = &answers, .is_kicker = true };
	m[1] = (struct team_member){ .pu = c->vcpu_pu, .run = answer, .arg = &answers };
	failed = bench_window(env, m, 2, c->window_ns, r);
	if (failed)
		return failed;
	bench_timed_result(&answers.timed, r);
	r->latency = answers.latency;
	r->has_latency = r->latency.n > 0;
	r->oversubscribed = c->kicker_pu == c->vcpu_pu;
	if (!r->verdict)
		bench_verdict(r, VERDICT_OK, "");
	return 0;
}

/* The protocols */

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
		return run_floor(env, c, r);
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
