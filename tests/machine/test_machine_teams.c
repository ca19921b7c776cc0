// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Kickers and carriers of every backend as real threads: the books of all IPIs add up whatever the
 * vCPU does meanwhile, and every window ends.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bench/result.h"
#include "machine/machine.h"
#include "machine/clock.h"

enum { MAX_CARRIERS = 2, WINDOW_NS = 5000000 };

static struct topo *topo;

/* One window: kicker `kick` against vCPUs of `n_carriers` carriers of `pcpus` pCPUs each. */
struct window {
	const struct bench_backend *backend;
	void (*prepare)(void);
	void (*carrier)(struct team_member *);
	void (*kick)(struct team_member *);
	int n_carriers, pcpus, vcpus;
	double migrations_per_s, natural_exits_per_s;
	uint64_t widen_ns;
	bool watch;
	/* What came out. */
	struct bench_kicker kicker;
	struct carrier carriers[MAX_CARRIERS];
	struct machine_ipis ipis;
	uint64_t sent, stints, exits, natural, migrations, poisoned, lost;
	double seconds; /* that the first carrier ran */
};

static void collect(struct window *w)
{
	w->sent = w->kicker.sent;
	for (int k = 0; k < w->n_carriers; k++)
		w->sent += w->carriers[k].sent;
	for (int i = 0; i < w->vcpus; i++) {
		const struct machine_vcpu *v = &machine.vcpu[i];

		assert_int_equal(v->stint & 1, 0);
		assert_int_equal(v->stint, 2 * v->stints);
		assert_int_equal(v->stints, v->exits + v->natural);
		w->stints += v->stints;
		w->exits += v->exits;
		w->natural += v->natural;
		w->migrations += v->migrations;
		w->poisoned += v->poisoned;
		w->lost += v->lost;
	}
	if (machine_drain(w->sent, &w->ipis))
		fail_msg("%s: the books do not add up to %lu IPIs: %lu useful, %lu stale, %lu spurious, "
			 "%lu double, %lu dropped, %lu invalid",
			 w->backend->name, w->sent, w->ipis.useful, w->ipis.stale, w->ipis.spurious,
			 w->ipis.dbl, w->ipis.dropped, w->ipis.invalid);
}

static void order_carriers(struct window *w, struct team_member *members)
{
	int pus = topo_n_pus(topo);

	for (int k = 0; k < w->n_carriers; k++) {
		struct carrier *c = &w->carriers[k];

		*c = (struct carrier){ .first_cpu = k * w->pcpus,
				       .n_cpus = w->pcpus,
				       .n_vcpus = k ? 0 : w->vcpus,
				       .kicker = 1 + k,
				       .migrations_per_s = w->migrations_per_s,
				       .natural_exits_per_s = w->natural_exits_per_s,
				       .peer = w->n_carriers > 1 ? &w->carriers[!k] : NULL,
				       .watch = w->watch,
				       .shares_pu = w->n_carriers >= pus,
				       .seed = 7u + (unsigned int)k };
		members[1 + k] = (struct team_member){ .pu = (1 + k) % pus, .run = w->carrier, .arg = c };
	}
}

static void run_once(struct window *w)
{
	struct bench_case c = { .widen_ns = w->widen_ns };
	int pcpus = w->n_carriers * w->pcpus;
	struct machine_config config = { .n_pcpus = pcpus + 1, .n_vcpus = w->vcpus,
					 .n_kickers = 1 + w->n_carriers,
					 .sizes = w->backend->fast->sizes };
	struct team_member members[1 + MAX_CARRIERS] = {
		{ .pu = 0, .run = w->kick, .arg = &w->kicker, .is_kicker = true }
	};
	char err[200] = "";

	assert_int_equal(machine_init(&config), 0);
	w->prepare();
	w->kicker = (struct bench_kicker){ .c = &c, .cpu = pcpus, .seed = 1 };
	order_carriers(w, members);
	if (team_run(topo, members, 1 + (size_t)w->n_carriers, WINDOW_NS, err, sizeof(err)))
		fail_msg("%s: %s", w->backend->name, err);
	w->seconds = (double)clock_to_ns(members[1].last_tick - members[1].first_tick) * 1e-9;
	w->stints = w->exits = w->natural = w->migrations = w->poisoned = w->lost = 0;
	collect(w);
	machine_fini();
}

/* Until everything has happened that was asked for: a thread that gets no PU does nothing. */
static void run(struct window *w)
{
	for (int tries = 0; tries < 1000; tries++) {
		run_once(w);
		if (w->kicker.kicks && w->stints >= (uint64_t)w->vcpus &&
		    (w->migrations || !w->migrations_per_s) &&
		    (w->natural || !w->natural_exits_per_s))
			return;
	}
	fail_msg("%s: %lu kicks, %lu stints, %lu migrations, %lu natural exits", w->backend->name,
		 w->kicker.kicks, w->stints, w->migrations, w->natural);
}

static void assert_not_more_than_declared(const struct window *w)
{
	unsigned int may = bench_decl(w->backend)->may;

	if (!(bench_decl(w->backend)->features & KICK_F_CLAIM))
		may |= KICK_MAY_MISDIRECT; /* without a claim nothing can be misdirected */
	if ((w->kicker.misdirected && !(may & KICK_MAY_MISDIRECT)) ||
	    (w->poisoned && !(may & KICK_MAY_POISON)) || (w->lost && !(may & KICK_MAY_LOSE)))
		fail_msg("%s: %lu misdirected, %lu poisoned, %lu lost", w->backend->name,
			 w->kicker.misdirected, w->poisoned, w->lost);
}

static struct window live(const struct bench_backend *b, void (*kick)(struct team_member *))
{
	return (struct window){ .backend = b,
				.prepare = b->live->prepare,
				.carrier = b->live->carrier,
				.kick = kick,
				.n_carriers = 1,
				.pcpus = 2,
				.vcpus = 1 };
}

static struct window probing(const struct bench_backend *b, void (*kick)(struct team_member *))
{
	struct window w = live(b, kick);

	w.watch = true;
	w.migrations_per_s = 200000;
	return w;
}

static bool can_kick(const struct bench_backend *b)
{
	/* Signals are for carrier_vmm.h. */
	return !(bench_decl(b)->features & (KICK_F_NO_PROTOCOL | KICK_F_SIGNAL));
}

#define for_each_backend(b)                                                                        \
	for (const struct bench_backend *b = bench_backends; b < bench_backends + bench_n_backends; b++) \
		if (can_kick(b))

static void every_kick_of_a_resting_vcpu_ends_its_stint(void **state)
{
	(void)state;
	for_each_backend(b) {
		struct window w = live(b, b->live->roundtrip);

		run(&w);
		assert_int_equal(w.migrations, 0);
		assert_int_equal(w.ipis.stale + w.ipis.dropped + w.ipis.invalid, 0);
		if (!(bench_decl(b)->may & KICK_MAY_LOSE)) {
			assert_int_equal(w.lost, 0);
			assert_true(w.ipis.useful >= w.kicker.kicks);
		}
	}
}

static void books_add_up_under_contention(void **state)
{
	(void)state;
	for_each_backend(b) {
		struct window w = live(b, b->live->contend);

		w.migrations_per_s = 100000;
		w.natural_exits_per_s = 100000;
		run(&w);
		assert_int_equal(w.kicker.outcome[KICK_SENT], w.sent);
	}
}

static void books_add_up_under_migration(void **state)
{
	(void)state;
	for_each_backend(b) {
		struct window w = probing(b, b->probe->migrate);

		run(&w);
		assert_not_more_than_declared(&w);
	}
}

static void books_add_up_under_hand_over(void **state)
{
	(void)state;
	for_each_backend(b) {
		struct window w = probing(b, b->probe->migrate);

		w.n_carriers = 2;
		w.pcpus = 1;
		w.migrations_per_s = 20000;
		run(&w);
		assert_not_more_than_declared(&w);
	}
}

/* kvm_2007 may read -1 before the first stint, and find the vCPU in guest mode: explore's rows say so. */
static void who_may_address_nobody_has_declared_it(void **state)
{
	const struct bench_backend *first = bench_backend_find("kvm_2007");

	(void)state;
	assert_false(bench_may_address_nobody(bench_backend_find("patched")));
	if (first) /* a sanitizer's build has the main backends only */
		assert_true(bench_may_address_nobody(first));
}

static void a_carrier_holds_many_vcpus_in_guest(void **state)
{
	(void)state;
	for_each_backend(b) {
		struct window w = live(b, b->live->contend);

		w.pcpus = 40;
		w.vcpus = 30;
		w.migrations_per_s = 10000;
		run(&w);
		if (w.ipis.dropped || (w.ipis.invalid && !bench_may_address_nobody(b)))
			fail_msg("%s: %lu IPIs were dropped, %lu were sent to no pCPU", b->name,
				 w.ipis.dropped, w.ipis.invalid);
	}
}

/* Widened, old shows what it is known for, so zeros elsewhere mean something. */
static void the_probe_sees_misdirected_ipis(void **state)
{
	const struct bench_backend *old = bench_backend_find("old"), *patched = bench_backend_find("patched");
	uint64_t misdirected = 0;

	(void)state;
	assert_non_null(old);
	assert_non_null(patched);
	for (int i = 0; i < 10 && !misdirected; i++) {
		struct window w = probing(old, old->probe->migrate);

		w.widen_ns = 20000;
		run(&w);
		misdirected = w.kicker.misdirected;
		w = probing(patched, patched->probe->migrate);
		w.widen_ns = 20000;
		run(&w);
		assert_not_more_than_declared(&w);
	}
	assert_true(misdirected > 0);
}

/* Never more often; how much less depends on who else wants the PU. */
static void migrations_happen_at_the_rate_asked_for(void **state)
{
	const struct bench_backend *b = bench_backend_find("patched");
	static const double rates[] = { 1e3, 1e4, 1e5, 1e6, 3e6 };

	(void)state;
	for (size_t i = 0; i < sizeof(rates) / sizeof(rates[0]); i++) {
		struct window w = live(b, b->live->contend);
		double rate;

		w.migrations_per_s = rates[i];
		run(&w);
		rate = (double)w.migrations / w.seconds;
		print_message("asked for %.0f migrations/s, got %.0f\n", rates[i], rate);
		assert_true(rate < 1.5 * rates[i]);
	}
}

static void hang(struct team_member *m)
{
	const struct timespec pause = { 0, 1000000 };

	(void)m;
	while (!machine_stop)
		nanosleep(&pause, NULL);
}

static int count_threads(void)
{
	DIR *dir = opendir("/proc/self/task");
	int n = 0;

	while (dir && readdir(dir))
		n++;
	if (dir)
		closedir(dir);
	return n - 2;
}

/* Stderr while team_run() runs. */
static int run_quietly(struct team_member *members, size_t n, char *said, size_t size, char *err,
		       size_t err_size)
{
	FILE *file = tmpfile();
	int result, saved = dup(STDERR_FILENO);
	size_t got;

	assert_non_null(file);
	dup2(fileno(file), STDERR_FILENO);
	result = team_run(topo, members, n, 1000000, err, err_size);
	dup2(saved, STDERR_FILENO);
	close(saved);
	rewind(file);
	got = fread(said, 1, size - 1, file);
	said[got] = '\0';
	fclose(file);
	return result;
}

static void the_watchdog_ends_a_window_that_hangs(void **state)
{
	struct machine_config config = { .n_pcpus = 2, .n_vcpus = 1, .n_kickers = 1,
					 .sizes = bench_backends[0].fast->sizes };
	struct team_member members[2] = { { .pu = 0, .run = hang }, { .pu = 0, .run = hang } };
	char err[200] = "", said[4096];
	int threads = count_threads();
	uint64_t t0 = clock_raw_ns();

	(void)state;
	team_watchdog_ns = 300000000;
	assert_int_equal(machine_init(&config), 0);
	assert_int_equal(run_quietly(members, 2, said, sizeof(said), err, sizeof(err)), -ETIMEDOUT);
	assert_true(clock_raw_ns() - t0 >= team_watchdog_ns);
	assert_non_null(strstr(err, "watchdog"));
	assert_non_null(strstr(said, "vCPU 0"));
	assert_non_null(strstr(said, "pCPU 1"));
	assert_int_equal(count_threads(), threads);
	assert_int_equal(machine_stop, MACHINE_GO);
	machine_fini();
}

static uint64_t moves;

static void crawl(struct team_member *m)
{
	const struct timespec pause = { 0, 100000 };

	(void)m;
	while (!machine_stop) {
		__atomic_fetch_add(&moves, 1, __ATOMIC_RELAXED);
		nanosleep(&pause, NULL);
	}
}

static void what_still_moves_is_too_slow_and_not_hung(void **state)
{
	struct machine_config config = { .n_pcpus = 1, .n_vcpus = 1, .n_kickers = 1,
					 .sizes = bench_backends[0].fast->sizes };
	struct team_member members[1] = { { .pu = 0, .run = crawl, .is_kicker = true, .pulse = &moves } };
	char err[200] = "", said[4096];

	(void)state;
	team_watchdog_ns = 300000000;
	assert_int_equal(machine_init(&config), 0);
	assert_int_equal(run_quietly(members, 1, said, sizeof(said), err, sizeof(err)), -EBUSY);
	assert_non_null(strstr(err, "too slow here"));
	assert_int_equal(machine_stop, MACHINE_GO);
	machine_fini();
}

/* Its thread ends when the process has gone on after a stop, and has moved nothing since it began. */
static void ends_after_the_stop(struct team_member *m)
{
	struct timespec cpu;

	(void)m;
	do
		clock_gettime(CLOCK_THREAD_CPUTIME_ID, &cpu);
	while (!machine_stop && cpu.tv_sec == 0 && cpu.tv_nsec < 30000000);
}

static void who_was_stopped_has_seen_nobody_hang(void **state)
{
	struct team_member members[1] = { { .pu = 0, .run = ends_after_the_stop } };
	const struct timespec soon = { 0, 15000000 }, later = { 1, 0 };
	char err[200] = "";
	pid_t self = getpid(), helper = fork();

	(void)state;
	if (!helper) {
		nanosleep(&soon, NULL);
		kill(self, SIGSTOP);
		nanosleep(&later, NULL);
		kill(self, SIGCONT);
		_exit(0);
	}
	team_watchdog_ns = 500000000;
	assert_int_equal(team_run(topo, members, 1, 1000000, err, sizeof(err)), 0);
	assert_int_equal(waitpid(helper, NULL, 0), helper);
}

static void a_stop_from_outside_ends_the_window_and_stays(void **state)
{
	struct team_member members[1] = { { .pu = 0, .run = hang } };
	char err[200] = "";

	(void)state;
	machine_stop = MACHINE_STOP;
	assert_int_equal(team_run(topo, members, 1, 1000000, err, sizeof(err)), -EINTR);
	assert_int_equal(machine_stop, MACHINE_STOP);
	machine_stop = MACHINE_GO;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kick_of_a_resting_vcpu_ends_its_stint),
		cmocka_unit_test(books_add_up_under_contention),
		cmocka_unit_test(books_add_up_under_migration),
		cmocka_unit_test(books_add_up_under_hand_over),
		cmocka_unit_test(who_may_address_nobody_has_declared_it),
		cmocka_unit_test(a_carrier_holds_many_vcpus_in_guest),
		cmocka_unit_test(the_probe_sees_misdirected_ipis),
		cmocka_unit_test(migrations_happen_at_the_rate_asked_for),
		cmocka_unit_test(the_watchdog_ends_a_window_that_hangs),
		cmocka_unit_test(what_still_moves_is_too_slow_and_not_hung),
		cmocka_unit_test(who_was_stopped_has_seen_nobody_hang),
		cmocka_unit_test(a_stop_from_outside_ends_the_window_and_stays),
	};
	char err[200];
	int failed;

	if (topo_load(&topo, err, sizeof(err))) {
		printf("skipped: %s\n", err);
		return 4;
	}
	clock_init();
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	topo_free(topo);
	return failed != 0;
}
