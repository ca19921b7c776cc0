// SPDX-License-Identifier: GPL-2.0-or-later
/* Starting, watching and joining the pinned threads of one window. */
#include "machine/team.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
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
#define USUAL_WATCHDOG_NS UINT64_C(10000000000)
uint64_t team_watchdog_ns = USUAL_WATCHDOG_NS, team_last_chance_ns = 3000000000;

enum {
	PATIENCES = 6, /* after so many a window that still moves is too slow */
	LOOKS = 10,    /* of the watchdog, in its time */
	ROUNDS = 1000, /* of signals in its usual time, that all must answer before they count as hung */
};

static __thread struct team_member *team_self;

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

	team_self = m;
	__atomic_store_n(&m->tid, (int)gettid(), __ATOMIC_RELAXED);
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
	__atomic_store_n(&m->is_over, true, __ATOMIC_RELAXED);
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

/* In one short slice, since the C library's limit is a wall clock's, which may jump. */
static int join_shortly(struct team_member *m)
{
	struct timespec slice;
	uint64_t ns = team_watchdog_ns / LOOKS;

	clock_gettime(CLOCK_REALTIME, &slice);
	ns += (uint64_t)slice.tv_nsec;
	slice.tv_sec += (time_t)(ns / 1000000000);
	slice.tv_nsec = (long)(ns % 1000000000);
	return -pthread_timedjoin_np(m->thread, NULL, &slice);
}

/* The time that a hypervisor gave to others, in all of it: /proc/stat, since the system began. */
static void read_steal(double *stolen, double *all)
{
	unsigned long long n[8] = { 0 };
	FILE *in = fopen("/proc/stat", "re");

	if (!in || fscanf(in, "cpu %llu %llu %llu %llu %llu %llu %llu %llu", &n[0], &n[1], &n[2], &n[3],
			  &n[4], &n[5], &n[6], &n[7]) != 8)
		memset(n, 0, sizeof(n));
	if (in)
		fclose(in);
	*stolen = (double)n[7];
	*all = 0;
	for (int i = 0; i < 8; i++)
		*all += (double)n[i];
}

/*
 * The watchdog's view of a window that is over and has not ended.  It looks at what should move: the
 * kickers' counts, which stop where they hang, while carriers may go on for ever.
 */
struct team_watch {
	struct team_member *member;
	size_t n, joined;
	int crowd; /* most members on one PU */
	double stolen, all;
	uint64_t now, looked; /* the watch's own time; clock_raw_ns() when it last went on */
	uint64_t since, pulse, others;
	uint64_t *waited; /* each member's, at `since` */
	int rounds;	  /* of signals that were answered since then */
	bool asked;	  /* one is on its way */
};

/*
 * Between two looks no more time goes by than two looks take: who was stopped meanwhile, with all its
 * threads (a signal, a frozen group, a guest that was paused), has seen nobody hang.
 */
static uint64_t look_at_time(struct team_watch *w)
{
	uint64_t now = clock_raw_ns(), gone = now - w->looked, most = 2 * team_watchdog_ns / LOOKS;

	w->looked = now;
	w->now += gone < most ? gone : most;
	return w->now;
}

static int join_until(struct team_watch *w, uint64_t limit)
{
	int failed;

	do
		failed = join_shortly(&w->member[w->joined]);
	while (failed && look_at_time(w) < limit);
	return failed;
}

/* How long it has waited for a CPU, in all; 0 where the kernel does not tell. */
static uint64_t waited(const struct team_member *m)
{
	unsigned long long ran, ns = 0;
	char path[64];
	FILE *in;

	snprintf(path, sizeof(path), "/proc/self/task/%d/schedstat",
		 __atomic_load_n(&m->tid, __ATOMIC_RELAXED));
	in = fopen(path, "re");
	if (in && fscanf(in, "%llu %llu", &ran, &ns) != 2)
		ns = 0;
	if (in)
		fclose(in);
	return ns;
}

/* The counts of kickers, or of the others, from the first that has not been joined. */
__attribute__((no_sanitize("thread"))) static uint64_t pulse_of(const struct team_watch *w, bool kickers)
{
	uint64_t sum = kickers ? w->joined : 0;

	for (size_t i = w->joined; i < w->n; i++)
		if (w->member[i].pulse && w->member[i].is_kicker == kickers)
			sum += *w->member[i].pulse;
	return sum;
}

static void begin_watch(struct team_watch *w)
{
	w->since = w->now;
	w->pulse = pulse_of(w, true);
	w->others = pulse_of(w, false);
	for (size_t i = w->joined; i < w->n; i++)
		w->waited[i] = waited(&w->member[i]);
	w->rounds = 0;
	w->asked = false;
}

static void answer(int number)
{
	(void)number;
	if (team_self)
		__atomic_fetch_add(&team_self->answers, 1, __ATOMIC_RELAXED);
}

static void ask(struct team_watch *w)
{
	const struct sigaction action = { .sa_handler = answer, .sa_flags = SA_RESTART };

	/* Its default is to be ignored, so nobody is hurt by one that comes late. */
	sigaction(SIGURG, &action, NULL);
	for (size_t i = w->joined; i < w->n; i++) {
		if (!w->asked)
			__atomic_store_n(&w->member[i].answers, 0, __ATOMIC_RELAXED);
		pthread_kill(w->member[i].thread, SIGURG);
	}
	w->asked = true;
}

static bool all_answered(const struct team_watch *w)
{
	for (size_t i = w->joined; i < w->n; i++)
		if (!__atomic_load_n(&w->member[i].answers, __ATOMIC_RELAXED) &&
		    !__atomic_load_n(&w->member[i].is_over, __ATOMIC_RELAXED))
			return false;
	return true;
}

/* Has each thread run now and then since the watch began?  What a signal shows is no guest's account. */
static bool all_ran(struct team_watch *w)
{
	const struct timespec moment = { 0, 1000000 };
	const int rounds = (int)(ROUNDS * team_watchdog_ns / USUAL_WATCHDOG_NS);

	for (int look = 0; look < rounds && w->rounds < rounds; look++) {
		if (!w->asked || !look) /* who had not begun has not heard it */
			ask(w);
		nanosleep(&moment, NULL);
		if (all_answered(w)) {
			w->rounds++;
			w->asked = false;
		}
	}
	return w->rounds >= rounds;
}

/* The watchdog's time, longer where PUs are shared with other guests. */
static uint64_t patience(const struct team_watch *w)
{
	double stolen, all, here;

	read_steal(&stolen, &all);
	here = all > w->all ? 1 - (stolen - w->stolen) / (all - w->all) : 1;
	return (uint64_t)((double)team_watchdog_ns / (here < 0.0625 ? 0.0625 : here));
}

/* They had the time to move, and did not, or the others went on and on without them. */
static bool is_hung(struct team_watch *w)
{
	uint64_t others = pulse_of(w, false) - w->others, elapsed = w->now - w->since;

	for (size_t i = w->joined; i < w->n; i++)
		if (waited(&w->member[i]) - w->waited[i] + team_watchdog_ns / 5 > elapsed)
			return false;
	return (!others || others > 1000 * w->n) && all_ran(w) && pulse_of(w, true) == w->pulse;
}

/* 0: joined; -ETIMEDOUT: hung; -EBUSY: it gets nowhere in a time in which others would be done. */
static int join_watched(struct team_watch *w, uint64_t end)
{
	uint64_t now, bound;

	while (join_shortly(&w->member[w->joined])) {
		now = look_at_time(w);
		if (now < end || pulse_of(w, true) != w->pulse)
			begin_watch(w);
		bound = patience(w);
		/* Where members share a PU nothing may move for longer. */
		if (now - w->since >= bound * (uint64_t)w->crowd && now > end && is_hung(w))
			return -ETIMEDOUT;
		if (now > end && now - end >= PATIENCES * bound)
			return -EBUSY;
	}
	return 0;
}

static int most_on_one_pu(const struct team_member *members, size_t n)
{
	int most = 1;

	for (size_t i = 0; i < n; i++) {
		int here = 0;

		for (size_t k = 0; k < n; k++)
			here += members[k].pu == members[i].pu;
		most = here > most ? here : most;
	}
	return most;
}

/* Says what is there, and asks everybody to stop; the time until which they may. */
static uint64_t give_up(const struct team_watch *w, int why, uint64_t window_ns)
{
	dprintf(STDERR_FILENO, "kickbench: watchdog: a window of %llu ms %s\n",
		(unsigned long long)(window_ns / 1000000u),
		why == -EBUSY ? "takes too long here" : "does not end");
	machine_print(STDERR_FILENO);
	stop_window();
	/* What still moves is slow: it has the time to hear of it. */
	return w->now + (why == -EBUSY ? PATIENCES * patience(w) : team_last_chance_ns) * (uint64_t)w->crowd;
}

/* Join all; when time is up, print the state, ask everybody to stop, and give them a last chance. */
static int join_all(struct team_member *members, size_t started, uint64_t window_ns, uint64_t *waits)
{
	struct team_watch w = { .member = members, .n = started, .looked = clock_raw_ns(), .waited = waits,
				.crowd = most_on_one_pu(members, started) };
	uint64_t limit = 0;
	int result = 0;

	read_steal(&w.stolen, &w.all);
	begin_watch(&w);
	for (; w.joined < started; w.joined++) {
		int failed = result ? join_until(&w, limit) : join_watched(&w, window_ns);

		if (failed && !result) {
			result = failed;
			limit = give_up(&w, failed, window_ns);
			failed = join_until(&w, limit);
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
	uint64_t *waits = calloc(n, sizeof(*waits));
	size_t started;
	int failed, joined;

	if (!team || !waits) {
		free(team);
		free(waits);
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
	joined = join_all(members, started, window_ns, waits);
	free(waits);
	if (failed)
		snprintf(err, err_size, "thread %zu could not be created: %s", started, strerror(-failed));
	if (joined == -EBUSY)
		snprintf(err, err_size,
			 "too slow here: the watchdog ended a window of %llu ms that still moved, "
			 "%zu threads", (unsigned long long)(window_ns / 1000000u), n);
	else if (joined)
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
