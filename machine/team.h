/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A team: threads of our own, each pinned to a PU, all starting at one tick of the common clock.
 */
#ifndef MACHINE_TEAM_H
#define MACHINE_TEAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "machine/relax.h"

struct topo;

/* Somebody who counts a window: called by each member's own thread at its gates, never in between. */
struct team_member;
struct team_gates {
	void (*ready)(struct team_member *member); /* pinned; the window waits for this */
	void (*open)(struct team_member *member);  /* right before run */
	void (*close)(struct team_member *member); /* right after it */
};

struct team_member {
	/* Filled by the caller. */
	int pu; /* -1: not pinned */
	void (*run)(struct team_member *member);
	void *arg;
	bool is_kicker; /* the carriers go on until the last kicker has ended */
	const uint64_t *pulse; /* a count that rises with what it does; NULL: none */
	const struct team_gates *gates; /* NULL: nobody counts */
	void *gauge;			/* theirs */
	/* Filled by the team, before run. */
	uint64_t start, end;	      /* the window, in ticks */
	const uint32_t *kickers_left; /* for carriers */
	/* Filled by the team, after run. */
	uint64_t first_tick, last_tick; /* when run began and returned */
	long nivcsw;			/* involuntary context switches in between */
	int error;			/* -errno of pinning, of run, or of the pin's check at the end */
	bool off_its_pu;		/* the error is the pin's */
	/* The team's own. */
	struct team *team;
	unsigned long thread;
	int tid;
	uint32_t answers; /* to the watchdog's signals */
	bool is_over;
};

/*
 * Run all members in a window of window_ns and join them.  0; the first member's -errno with a line
 * in err (-EACCES, -ESTALE: a pin failed; a run that sets one ends the window for all); -EAGAIN: no
 * thread; -ENOMEM; -EINTR: machine_stop was set;
 * -ETIMEDOUT: the watchdog had to end the run: it has printed every carrier's state on stderr;
 * -EBUSY: likewise, but something still moved, or threads had no time on a CPU: too slow here;
 * -EDEADLK: and even then a thread did not end.  What it uses, members and their args included, must not
 * be freed, so none of it may be on a stack.
 */
int team_run(const struct topo *topo, struct team_member *members, size_t n, uint64_t window_ns,
	     char *err, size_t err_size);

/*
 * How long nothing may move, once a window is over, before it counts as hung: 10 s, times the members
 * on one PU, and more where a hypervisor gives the PUs to others; time in which the whole process was
 * stopped does not count, and each thread must have answered a thousand signals: a guest's CPU may have no
 * time, unseen by that guest.  A test that shortens it has fewer signals in proportion.
 */
extern uint64_t team_watchdog_ns;

/* What hung has to end in, once it was asked to: 3 s, times the members on one PU. */
extern uint64_t team_last_chance_ns;

/* Shares of the window in which all members ran at once: 0..1. */
double team_overlap(const struct team_member *members, size_t n);

#endif
