// SPDX-License-Identifier: GPL-2.0-or-later
/* One signal, or one wake-up, by hand, to a thread that answers in a word. */
#include "bench/cells/thread_floor.h"

#include <linux/futex.h>
#include <sched.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "bench/window/timed.h"
#include "bench/window/window.h"
#include "kick_ops_native.h"

bool bench_plan_has_threads(const struct bench_plan *p)
{
	for (size_t i = 0; i < p->options->n_backends; i++)
		if (bench_decl(p->options->backend[i])->features & KICK_F_SIGNAL)
			return true;
	return false;
}

void bench_thread_floor_plan(struct bench_plan *p, struct bench_case c, size_t n_pairs)
{
	static const char *const paths[] = { BENCH_THREAD_FLOORS };

	for (size_t i = 0; i < n_pairs; i++)
		for (size_t k = 0; k < sizeof(paths) / sizeof(paths[0]); k++) {
			c.path = paths[k];
			c.kicker_pu = p->pairs[i].kicker;
			c.vcpu_pu = p->pairs[i].vcpu;
			c.distance = p->pairs[i].distance;
			c.na = strcmp(c.path, "tgkill") ? NULL : machine_signal_missing();
			bench_plan_add(p, c);
		}
}

struct answers {
	kick_int word MACHINE_ALIGNED;	/* the kicker's: asks */
	kick_int answer MACHINE_ALIGNED; /* the other's */
	struct machine_wire wire;
	int ready; /* the wire */
	struct bench_timed timed MACHINE_ALIGNED;
	struct histogram latency;
	bool by_signal;
	bool answered; /* is the answer timed, too? */
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
		uint64_t t0 = clock_now(), t1;

		smp_store_release(&f->word, ++n); /* pairs with the acquire in answer() */
		if (f->by_signal)
			machine_wire_ring(&f->wire, MACHINE_SIGNAL);
		else
			syscall(SYS_futex, &f->word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
		t1 = clock_now();
		/* Pairs with the release in answer(), or with a signal's handler. */
		for (uint32_t turn = 1; smp_load_acquire(&f->answer) != n; turn++)
			if (!machine_relax_bounded(turn))
				break;
		f->timed.ops++;
		f->timed.ticks += (f->answered ? clock_now() : t1) - t0;
		if (f->answered)
			histogram_record(&f->latency, clock_to_ns(clock_now() - t0));
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

int bench_thread_floor_run(const struct bench_env *env, const struct bench_case *c, bool answered,
			   struct bench_result *r)
{
	static struct team_member m[2];
	int failed;

	answers = (struct answers){ .by_signal = !strcmp(c->path, "tgkill"), .answered = answered };
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
