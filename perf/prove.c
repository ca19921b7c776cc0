// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Can it be counted, and does it count?  Some virtual machines take an event and let it read 0: each
 * event is watched while something that must cause it is done.
 */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "perf/set.h"
#include "perf/sys.h"

enum { LOOPS = 100000, BOUNCES = 20000 };

/* Locked instructions, and many more plain ones. */
static void run_loop(void)
{
	unsigned int word = 0;

	for (int i = 0; i < LOOPS; i++) /* pairs with nothing: its lock is what is counted */
		__atomic_fetch_add(&word, 1, __ATOMIC_SEQ_CST);
}

static void *bounce(void *arg)
{
	unsigned int *word = arg;

	for (int i = 0; i < BOUNCES; i++) /* pairs with nothing, as above */
		__atomic_fetch_add(word, 1, __ATOMIC_SEQ_CST);
	return NULL;
}

/* Both write to one line; on one PU they take turns, and the line stays where it is. */
static void run_bounce(void)
{
	unsigned int word = 0;
	pthread_t other;

	if (pthread_create(&other, NULL, bounce, &word))
		return;
	bounce(&word);
	pthread_join(other, NULL);
}

static void touch_page(void)
{
	size_t size = (size_t)sysconf(_SC_PAGESIZE);
	volatile char *page = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (page == MAP_FAILED)
		return;
	page[0] = 1;
	munmap((void *)page, size);
}

static void move(void)
{
	cpu_set_t all, one;

	if (sched_getaffinity(0, sizeof(all), &all))
		return;
	for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
		if (!CPU_ISSET(cpu, &all) || cpu == sched_getcpu())
			continue;
		CPU_ZERO(&one);
		CPU_SET(cpu, &one);
		sched_setaffinity(0, sizeof(one), &one);
		break;
	}
	sched_setaffinity(0, sizeof(all), &all);
}

static void on_signal(int number)
{
	(void)number;
}

/* One that means nothing to anybody. */
static void signal_self(void)
{
	struct sigaction action = { .sa_handler = on_signal }, before;

	if (sigaction(SIGURG, &action, &before))
		return;
	syscall(SYS_tgkill, getpid(), (int)syscall(SYS_gettid), SIGURG);
	sigaction(SIGURG, &before, NULL);
}

static void nap(void)
{
	const struct timespec a_while = { 0, 50000 };

	nanosleep(&a_while, NULL);
}

static void (*const cause[])(void) = {
	[PERF_BY_NOTHING] = run_loop,  [PERF_BY_LOOP] = run_loop, [PERF_BY_BOUNCE] = run_bounce,
	[PERF_BY_SLEEP] = nap,	       [PERF_BY_FAULT] = touch_page, [PERF_BY_MOVE] = move,
	[PERF_BY_SIGNAL] = signal_self,
};

/* Where it cannot be opened, its state says why. */
static bool opens(struct perf_event *event)
{
	struct perf_event_attr attr = perf_event_attr(event);
	int fd;

	if (!perf_counted(event->state))
		return false;
	fd = perf_sys.open(&attr, event->on_pu ? -1 : 0, event->on_pu ? sched_getcpu() : -1, -1);
	if (fd < 0) {
		perf_event_refused(event, fd);
		return false;
	}
	/* Opened for each window anew, a tracepoint would be patched in and out every time. */
	if (event->group == PERF_TRACE)
		event->keeper = fd;
	else
		perf_sys.close(fd);
	return true;
}

/* May a 0 be held against it on this machine? */
static bool is_proof(enum perf_proof proof)
{
	cpu_set_t set;

	if (proof == PERF_BY_BOUNCE || proof == PERF_BY_MOVE)
		return !sched_getaffinity(0, sizeof(set), &set) && CPU_COUNT(&set) > 1;
	return proof != PERF_BY_NOTHING;
}

/* Each turn of the loop has a locked instruction and takes a nanosecond: a few are as good as none. */
static uint64_t least(enum perf_proof proof)
{
	return proof == PERF_BY_LOOP ? LOOPS / 2 : 1;
}

static void judge(struct perf_event *event, const struct perf_value *value)
{
	if (!perf_counted(value->state)) {
		event->state = value->state;
		snprintf(event->why, sizeof(event->why), "it could be opened, and was not counted");
		return;
	}
	event->proven = (uint64_t)value->count;
	if (event->proven >= least(event->proof) || (event->group == PERF_TRACE && !is_proof(event->proof)))
		return; /* a tracepoint that nothing is known to hit is the kernel's own word */
	event->state = is_proof(event->proof) ? PERF_BROKEN : PERF_UNPROVEN;
	snprintf(event->why, sizeof(event->why),
		 event->state == PERF_BROKEN ? "counted %llu of what must cause it" :
					       "counted %llu in the test, which need not cause it",
		 (unsigned long long)event->proven);
}

/* Each alone, so that it gets its counter. */
void perf_set_prove(struct perf_set *set)
{
	for (size_t i = 0; i < set->n; i++) {
		struct perf_set one = { .n = 1 };
		struct perf_value value;
		struct perf_gauge gauge;

		if (!opens(&set->event[i]))
			continue;
		one.event[0] = set->event[i];
		perf_gauge_open(&gauge, &one, sched_getcpu());
		perf_gauge_start(&gauge);
		cause[one.event[0].proof]();
		perf_gauge_stop(&gauge);
		perf_gauge_read(&gauge, &value);
		perf_gauge_close(&gauge);
		judge(&set->event[i], &value);
	}
}

void perf_set_fini(struct perf_set *set)
{
	for (size_t i = 0; i < set->n; i++) {
		if (set->event[i].keeper >= 0)
			perf_sys.close(set->event[i].keeper);
		set->event[i].keeper = -1;
	}
}
