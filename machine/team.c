// SPDX-License-Identifier: GPL-2.0-or-later
/* Starting, watching and joining the pinned threads of one window. */
#include "machine/team.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "machine/clock.h"
#include "machine/machine.h"
#include "topo/topo.h"

_Atomic int machine_stop;
uint64_t team_watchdog_ns = 10000000000;

#define LAST_CHANCE_NS UINT64_C(3000000000)

struct team {
	const struct topo *topo;
	uint64_t window;
	size_t n;
	uint64_t start;	       /* 0 until all are ready; the main thread writes */
	uint32_t ready;	       /* members add */
	uint32_t kickers_left; /* kickers subtract when they end */
};

static long involuntary_switches(void)
{
	struct rusage usage;

	return getrusage(RUSAGE_THREAD, &usage) ? 0 : usage.ru_nivcsw;
}

/* Spin to the common tick; with more threads than PUs the others need this PU to get ready. */
static void await_start(struct team_member *m)
{
	struct team *team = m->team;

	__atomic_fetch_add(&team->ready, 1, __ATOMIC_RELEASE); /* pairs with open_gate() */
	/* Pairs with the release of start in open_gate(). */
	for (uint32_t turn = 1; !__atomic_load_n(&team->start, __ATOMIC_ACQUIRE); turn++)
		if (!machine_relax_bounded(turn))
			return;
	m->start = team->start;
	m->end = m->start + team->window;
	while (clock_now() < m->start)
		machine_relax();
}

/* A stop by a signal stays; one of our own is over when the window is. */
static void stop_window(void)
{
	int go = MACHINE_GO;

	/* Pairs with the loads of machine_stop in all waiting loops, which need the word alone. */
	atomic_compare_exchange_strong(&machine_stop, &go, MACHINE_STOP_WINDOW);
}

/* The window, between its gates. */
static void run_member(struct team_member *m)
{
	long switches = involuntary_switches();

	if (m->gates)
		m->gates->open(m);
	m->first_tick = clock_now();
	if (!m->error && !machine_stop)
		m->run(m);
	m->last_tick = clock_now();
	if (m->error)
		stop_window(); /* the others would wait for it */
	if (m->gates)
		m->gates->close(m);
	m->nivcsw = involuntary_switches() - switches;
}

static void *member_thread(void *arg)
{
	struct team_member *m = arg;

	m->error = m->pu < 0 ? 0 : topo_pin_self(m->team->topo, m->pu);
	m->off_its_pu = m->error;
	m->kickers_left = &m->team->kickers_left;
	if (m->gates)
		m->gates->ready(m);
	await_start(m);
	run_member(m);
	if (m->is_kicker) /* all that it sent is there; pairs with carrier_goes_on() */
		__atomic_fetch_sub(&m->team->kickers_left, 1, __ATOMIC_RELEASE);
	if (!m->error && m->pu >= 0) {
		m->error = topo_verify_self(m->team->topo, m->pu);
		m->off_its_pu = m->error;
	}
	return NULL;
}

/* Set the common start once everybody is pinned and waiting; bounded, since threads may be starved. */
static void open_gate(struct team *team, size_t started)
{
	const struct timespec pause = { 0, 20000 };
	uint64_t limit = clock_now() + clock_from_ns(5000000000u);

	/* Pairs with await_start(): they are pinned. */
	while (__atomic_load_n(&team->ready, __ATOMIC_ACQUIRE) < started && clock_now() < limit)
		nanosleep(&pause, NULL);
	/* Pairs with await_start(): the window's begin. */
	__atomic_store_n(&team->start, clock_now() + clock_from_ns(100000), __ATOMIC_RELEASE);
}

static void end_window(void)
{
	int stopped = MACHINE_STOP_WINDOW;

	/* Pairs with none: the threads of the window have been joined. */
	atomic_compare_exchange_strong(&machine_stop, &stopped, MACHINE_GO);
}

/* In slices, since the C library's limit is a wall clock's, which may jump. */
static int join_until(struct team_member *m, uint64_t limit_ns)
{
	int failed;

	do {
		struct timespec slice;

		clock_gettime(CLOCK_REALTIME, &slice);
		slice.tv_sec++;
		failed = -pthread_timedjoin_np(m->thread, NULL, &slice);
	} while (failed && clock_raw_ns() < limit_ns);
	return failed;
}

/* Join all; when time is up, print the state, ask everybody to stop, and give them a last chance. */
static int join_all(struct team_member *members, size_t started, uint64_t window_ns)
{
	uint64_t limit = clock_raw_ns() + window_ns + team_watchdog_ns;
	int result = 0;

	for (size_t i = 0; i < started; i++) {
		int failed = join_until(&members[i], limit);

		if (!failed)
			continue;
		if (result == 0) {
			dprintf(STDERR_FILENO, "kickbench: watchdog: a window of %llu ms does not end\n",
				(unsigned long long)(window_ns / 1000000u));
			machine_print(STDERR_FILENO);
			stop_window();
			limit = clock_raw_ns() + LAST_CHANCE_NS;
			result = -ETIMEDOUT;
			failed = join_until(&members[i], limit);
		}
		if (failed)
			return -EDEADLK;
	}
	return result;
}

static int first_error(const struct topo *topo, const struct team_member *members, size_t n, char *err,
		       size_t err_size)
{
	char why[160];

	for (size_t i = 0; i < n; i++) {
		if (!members[i].error)
			continue;
		topo_pin_explain(topo, members[i].pu, members[i].error, why, sizeof(why));
		if (members[i].off_its_pu)
			snprintf(err, err_size, "thread %zu could not stay on PU %d: %s", i,
				 members[i].pu, why);
		else
			snprintf(err, err_size, "thread %zu: %s", i, strerror(-members[i].error));
		return members[i].error;
	}
	return 0;
}

static int start_all(struct team *team, struct team_member *members, size_t *started)
{
	for (*started = 0; *started < team->n; ++*started) {
		struct team_member *m = &members[*started];
		pthread_t thread;
		int failed;

		m->team = team;
		failed = -pthread_create(&thread, NULL, member_thread, m);
		if (failed)
			return failed;
		m->thread = thread;
	}
	return 0;
}

int team_run(const struct topo *topo, struct team_member *members, size_t n, uint64_t window_ns,
	     char *err, size_t err_size)
{
	struct team *team = calloc(1, sizeof(*team));
	size_t started;
	int failed, joined;

	if (!team) {
		snprintf(err, err_size, "a team's memory: %s", strerror(ENOMEM));
		return -ENOMEM;
	}
	*team = (struct team){ .topo = topo, .window = clock_from_ns(window_ns), .n = n };
	for (size_t i = 0; i < n; i++)
		team->kickers_left += members[i].is_kicker;
	failed = start_all(team, members, &started);
	if (failed)
		stop_window();
	open_gate(team, started);
	joined = join_all(members, started, window_ns);
	if (failed)
		snprintf(err, err_size, "thread %zu could not be created: %s", started, strerror(-failed));
	if (joined)
		snprintf(err, err_size, "the watchdog ended a window that did not end by itself");
	if (joined == -EDEADLK)
		return joined; /* machine_stop stays, and so does what that thread uses */
	free(team);
	end_window();
	if (failed || joined)
		return joined ? joined : failed;
	failed = first_error(topo, members, n, err, err_size);
	return failed ? failed : machine_stop ? -EINTR : 0;
}

double team_overlap(const struct team_member *members, size_t n)
{
	uint64_t last_start = 0, first_start = UINT64_MAX, first_end = UINT64_MAX, last_end = 0;

	for (size_t i = 0; i < n; i++) {
		const struct team_member *m = &members[i];

		first_start = m->first_tick < first_start ? m->first_tick : first_start;
		last_start = m->first_tick > last_start ? m->first_tick : last_start;
		first_end = m->last_tick < first_end ? m->last_tick : first_end;
		last_end = m->last_tick > last_end ? m->last_tick : last_end;
	}
	if (n == 0 || first_end <= last_start || last_end <= first_start)
		return 0;
	return (double)(first_end - last_start) / (double)(last_end - first_start);
}
