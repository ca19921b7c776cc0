// SPDX-License-Identifier: GPL-2.0-or-later
/* Scenario floor: what the hardware takes for the operations that kicks are made of. */
#include <string.h>

#include "bench/cells/cells.h"
#include "bench/window/timed.h"
#include "bench/window/window.h"
#include "kick_ops_native.h"

enum { BATCH = 4096 };

struct floor {
	kick_int word MACHINE_ALIGNED;
	kick_int other MACHINE_ALIGNED; /* ping-pong's way back */
	int over MACHINE_ALIGNED;	/* handover: the kicker has ended */
	struct bench_timed timed MACHINE_ALIGNED;
	struct histogram latency;
	bool shares_pu; /* ping and pong take turns on one PU: every round trip is a switch */
	uint64_t wrong; /* proves that the operation did what it is named after */
};

static void empty(struct floor *f)
{
	(void)f;
	for (int i = 0; i < BATCH; i++)
		barrier();
}

static void load(struct floor *f)
{
	for (int i = 0; i < BATCH; i++)
		f->wrong |= (uint64_t)READ_ONCE(f->word);
}

static void cas_fail(struct floor *f)
{
	uint64_t other = 0;

	for (int i = 0; i < BATCH; i++)
		other |= (uint64_t)cmpxchg(&f->word, 1, 2);
	f->wrong |= other;
}

static void cas_ok(struct floor *f)
{
	uint64_t other = 0;

	for (int i = 0; i < BATCH; i++)
		other |= (uint64_t)cmpxchg(&f->word, 0, 0);
	f->wrong |= other;
}

static void full_barrier(struct floor *f)
{
	(void)f;
	for (int i = 0; i < BATCH; i++)
		smp_mb(); /* pairs with nothing: its price is the floor */
}

static const struct {
	const char *name;
	void (*batch)(struct floor *f);
} local[] = {
	{ "empty", empty }, { "load", load },	      { "cas_fail", cas_fail },
	{ "cas_ok", cas_ok }, { "barrier", full_barrier },
};
enum { N_LOCAL = sizeof(local) / sizeof(local[0]) };

static const char *const paths[] = { "empty",   "load",	    "cas_fail", "cas_ok",
				     "barrier", "pingpong", "handover", NULL };

static void plan(struct bench_plan *p, struct bench_case c)
{
	c.line = "hot";
	c.kicker_pu = p->pairs[0].kicker;
	for (size_t i = 0; i < N_LOCAL; i++) {
		c.path = local[i].name;
		bench_plan_add(p, c);
	}
	c.line = NULL;
	for (size_t i = 0; i < p->n_pairs; i++)
		for (int handover = 0; handover < 2; handover++) {
			c.path = handover ? "handover" : "pingpong";
			c.kicker_pu = p->pairs[i].kicker;
			c.vcpu_pu = p->pairs[i].vcpu;
			c.distance = p->pairs[i].distance;
			bench_plan_add(p, c);
		}
}

/* Which function a local floor is: by name, once per window. */
static void run_local(struct team_member *m)
{
	void **arg = m->arg;
	struct floor *f = arg[0];
	const struct bench_case *c = arg[1];

	for (size_t i = 0; i < N_LOCAL; i++)
		if (!strcmp(local[i].name, c->path))
			bench_timed_until_end(m, &f->timed, BATCH, local[i].batch(f));
}

/* Odd numbers go one way on one line, and come back on the other. */
static void ping(struct team_member *m)
{
	struct floor *f = m->arg;
	struct rseq *area = preempt_area();
	int n = 0;

	while (clock_now() < m->end && !machine_stop) {
		uint64_t t0, t1;

		preempt_watch(area);
		t0 = clock_now();
		smp_store_release(&f->word, ++n); /* pairs with the acquire in pong() */
		/* Pairs with the release in pong(). */
		for (uint32_t turn = 1; smp_load_acquire(&f->other) != n; turn++)
			if (turn % 8192 == 0 && (sched_yield(), machine_stop))
				break;
		t1 = clock_now();
		f->timed.ops++;
		if (preempt_happened(area) && !f->shares_pu)
			f->timed.preempted++;
		else
			histogram_record(&f->latency, clock_to_ns(t1 - t0));
	}
	f->timed.ticks = clock_now() - m->first_tick;
	smp_store_release(&f->word, -1); /* pairs with the acquire in pong() */
	preempt_unwatch(area);
}

static void pong(struct team_member *m)
{
	struct floor *f = m->arg;
	int n = 0, last = 0;

	for (uint32_t turn = 1; n >= 0; turn++) {
		n = smp_load_acquire(&f->word); /* pairs with the releases in ping() */
		if (n != last)
			smp_store_release(&f->other, n); /* pairs with the acquire in ping() */
		last = n;
		if (turn % 8192 == 0 && (sched_yield(), machine_stop))
			break;
	}
}

/*
 * A round trip's three transfers by hand, one after the other, over the lines that the protocols use: the
 * kicker claims the state, which the other had last; rings the pCPU that stands there, which the other polls;
 * and sees the end in the record, which the other writes.
 */
struct state {
	kick_int cpu, mode; /* first in a vCPU's memory */
};

static void kick_by_hand(struct team_member *m)
{
	struct floor *f = m->arg;
	struct rseq *area = preempt_area();
	struct state *state = (struct state *)machine.vcpus;
	uint64_t *record = &machine.vcpu[0].stint, stint = 1, t0, t1;

	for (; clock_now() < m->end && !machine_stop; stint += 2) {
		/* Pairs with the release in take_by_hand(): in guest mode, and the state is over there. */
		for (uint32_t turn = 1; __atomic_load_n(record, __ATOMIC_ACQUIRE) != stint; turn++)
			if (turn % 8192 == 0 && (sched_yield(), machine_stop))
				break;
		preempt_watch(area);
		t0 = clock_now();
		f->wrong |= cmpxchg(&state->mode, IN_GUEST_MODE, EXITING_GUEST_MODE) != IN_GUEST_MODE &&
			    !machine_stop;
		/* Pairs with the acquire in take_by_hand(). */
		__atomic_fetch_add(&machine.pcpu[READ_ONCE(state->cpu)].bell.ipis, 1, __ATOMIC_RELEASE);
		/* Pairs with the release in take_by_hand(). */
		for (uint32_t turn = 1; __atomic_load_n(record, __ATOMIC_ACQUIRE) == stint; turn++)
			if (turn % 8192 == 0 && (sched_yield(), machine_stop))
				break;
		t1 = clock_now();
		f->timed.ops++;
		f->timed.ticks += t1 - t0;
		if (preempt_happened(area) && !f->shares_pu)
			f->timed.preempted++;
		else
			histogram_record(&f->latency, clock_to_ns(t1 - t0));
	}
	preempt_unwatch(area);
	/* The end: pairs with the acquire in take_by_hand(). */
	__atomic_store_n(&f->over, 1, __ATOMIC_RELEASE);
}

static void take_by_hand(struct team_member *m)
{
	struct floor *f = m->arg;
	struct state *state = (struct state *)machine.vcpus;
	uint64_t *record = &machine.vcpu[0].stint, stint = 0;
	uint32_t *bell = &machine.pcpu[1].bell.ipis, seen = 0;

	WRITE_ONCE(state->cpu, 1);
	for (uint32_t turn = 1;; turn++) {
		if (!(stint & 1)) { /* into guest mode: the state, then the record */
			WRITE_ONCE(state->mode, IN_GUEST_MODE);
			smp_mb(); /* as every entry has; pairs with kick_by_hand()'s cmpxchg */
			__atomic_store_n(record, ++stint, __ATOMIC_RELEASE); /* pairs with kick_by_hand() */
		}
		/* Pairs with the ring in kick_by_hand(). */
		if (__atomic_load_n(bell, __ATOMIC_ACQUIRE) != seen) {
			seen++;
			__atomic_store_n(record, ++stint, __ATOMIC_RELEASE); /* pairs with kick_by_hand() */
		}
		if (turn % 64)
			continue;
		/* Pairs with the release in kick_by_hand(). */
		if (__atomic_load_n(&f->over, __ATOMIC_ACQUIRE) || machine_stop)
			break;
		if (turn % 8192 == 0)
			sched_yield();
	}
}

static void judge(struct bench_result *r, const struct floor *f, size_t n)
{
	bench_timed_result(&f->timed, r);
	r->has_latency = f->latency.n > 0;
	r->latency = f->latency;
	if (f->wrong)
		bench_verdict(r, VERDICT_VIOLATED, "an operation did not do what it is named after");
	else if (n > 1 && !f->latency.n)
		bench_verdict(r, VERDICT_INCONCLUSIVE, "no round trip ran without a preemption");
	else if (!r->verdict)
		bench_verdict(r, VERDICT_OK, "");
}

static int run_handover(const struct bench_env *env, const struct bench_case *c, struct team_member *m,
			struct bench_result *r)
{
	const struct machine_config config = { .n_pcpus = 2,
					 .n_vcpus = 1,
					 .n_kickers = 2,
					 .shift = c->repetition,
					 .sizes = { sizeof(struct state), 1, 1, 1 } };

	m[0].run = kick_by_hand;
	m[1].run = take_by_hand;
	return bench_window_on(env, &config, m, 2, c->window_ns, r);
}

static int run(const struct bench_env *env, const struct bench_case *c, struct bench_result *r)
{
	static struct floor f; /* not on the stack: a thread that hangs may still write to it */
	static void *arg[2];
	static struct team_member m[2];
	bool pair = c->vcpu_pu >= 0;
	int failed;

	arg[0] = &f;
	arg[1] = (void *)c;
	m[0] = (struct team_member){
		.pu = c->kicker_pu, .run = pair ? ping : run_local, .arg = arg, .is_kicker = true
	};
	m[1] = (struct team_member){ .pu = c->vcpu_pu, .run = pong, .arg = &f };
	f = (struct floor){ 0 };
	histogram_init(&f.latency);
	f.shares_pu = pair && c->kicker_pu == c->vcpu_pu;
	if (pair)
		m[0].arg = &f;
	failed = !strcmp(c->path, "handover") ? run_handover(env, c, m, r)
					      : bench_window(env, m, pair ? 2 : 1, c->window_ns, r);
	if (!failed)
		judge(r, &f, pair ? 2 : 1);
	r->oversubscribed = f.shares_pu;
	return failed;
}

const struct bench_scenario bench_scenario_floor = {
	.name = "floor",
	.summary = "empty loop, load, cmpxchg, barrier; between two PUs ping-pong and handover",
	.place = 1,
	.is_floor = true,
	.paths = paths,
	.plan = plan,
	.run = run,
};
