// SPDX-License-Identifier: GPL-2.0-or-later
/* Faults: signals that stop a thread for a while, and load beside it. */
#include <errno.h>
#include <signal.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "machine/team.h"
#include "stress/state.h"

/* Up to half a millisecond, wherever the thread is: inside a claim, with a lock, between two stores. */
static void stall(int number)
{
	int saved = errno;
	uint64_t until = clock_now() + clock_from_ns(1000 + (clock_now() & 0x7ffff));

	(void)number;
	while (clock_now() < until)
		machine_relax();
	errno = saved;
}

int stress_fault_init(void)
{
	struct sigaction action = { .sa_handler = stall, .sa_flags = SA_RESTART };

	/* Without tgkill() (a sandbox) there are no stalls; 0 asks whether it is there. */
	return sigaction(SIGUSR1, &action, NULL) || syscall(SYS_tgkill, getpid(), gettid(), 0) ? -errno : 0;
}

void stress_fault_stalls(struct team_member *m)
{
	struct stress_thread *t = m->arg;
	const struct timespec pause = { 0, 200000 };

	for (uint64_t n = 0; __atomic_load_n(m->kickers_left, __ATOMIC_RELAXED) && !machine_stop;
	     n++) {
		int victim =
			__atomic_load_n(&stress.thread[n % (uint64_t)stress.n_threads]->os_thread,
					__ATOMIC_RELAXED);

		nanosleep(&pause, NULL);
		if (victim && !syscall(SYS_tgkill, getpid(), victim, SIGUSR1))
			t->n[STRESS_STALLED]++;
	}
}

void stress_fault_load(struct team_member *m)
{
	while (__atomic_load_n(m->kickers_left, __ATOMIC_RELAXED) && !machine_stop)
		machine_relax();
}
