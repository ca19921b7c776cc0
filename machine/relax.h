/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What to do in a loop that waits for another thread: never for ever, and never hogging a PU. */
#ifndef MACHINE_RELAX_H
#define MACHINE_RELAX_H

#include <sched.h>
#include <stdbool.h>
#include <stdint.h>

/*
 * Not 0: every loop that waits ends soon.  Set by a signal handler, which then has the last word, or
 * by the watchdog for the rest of one window.
 */
enum { MACHINE_GO, MACHINE_STOP, MACHINE_STOP_WINDOW };
extern _Atomic int machine_stop;

static inline void machine_relax(void)
{
#if defined(__x86_64__)
	__builtin_ia32_pause();
#elif defined(__aarch64__)
	__asm__ __volatile__("yield" ::: "memory");
#else
	__asm__ __volatile__("" ::: "memory");
#endif
}

/*
 * One turn of a waiting loop: turns count from 1.  Yields the PU now and then, since the one waited
 * for may need it.  False when the machine stops: the wait is over, and so is the run.
 */
static inline bool machine_relax_bounded(uint32_t turn)
{
	machine_relax();
	if (__builtin_expect(turn % 1024 == 0, 0)) {
		sched_yield();
		return !machine_stop;
	}
	return true;
}

#endif
