/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a backend may not do, and the engine notices: share what no model sees, run for ever without an
 * operation, crash.  It ends the execution, which is the last; the first of them stays.
 */
#ifndef EXPLORE_REFUSAL_H
#define EXPLORE_REFUSAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct xp_site;

enum xp_refused {
	XP_REFUSED_NOT,
	XP_REFUSED_SHARED,  /* a plain byte is written by one agent and touched by another */
	XP_REFUSED_WORD,    /* a plain access to a byte of a kick_* word */
	XP_REFUSED_OVERLAP, /* a kick_* word is a part of another one */
	XP_REFUSED_OUTSIDE, /* a write outside of the backend's structs */
	XP_REFUSED_LOCAL,   /* a plain access to another thread's stack */
	XP_REFUSED_HANG,    /* no operation for XP_PATIENCE of CPU time */
	XP_REFUSED_STACK,   /* more stack than a fiber has */
	XP_REFUSED_SIGNAL,  /* a signal that ends programs */
	XP_REFUSED_EXIT,    /* the end of the program */
	XP_REFUSED_MEMORY,  /* XP_GREED of new memory in one operation's time */
	XP_REFUSED_ASLEEP,  /* it waits for something outside of the world */
	XP_REFUSED_SLEEPER, /* kick_schedule() by another thread than the vCPU's, or of another's task */
	XP_REFUSED_LOOKER,  /* an operation in kick_view() */
	XP_REFUSALS
};

enum { XP_TICK_MS = 100, XP_PATIENCE = 10 /* ticks */, XP_GREED = 64 << 20 /* bytes */ };

struct xp_refusal {
	enum xp_refused what;
	int signal;
	size_t offset;		/* of the byte in the arena */
	uint8_t fiber, other;	/* who did it, and of SHARED: who had touched it before */
	bool write, other_write;
	bool setup;		/* before any thread runs */
	bool looking;		/* in kick_view() */
	const void *pc;		/* within the instruction, or NULL */
	const struct xp_site *after; /* the step before, or NULL */
};

void xp_refuse(const struct xp_refusal *refusal); /* state.c: notes it, and fails */

/* shared.c: can plain accesses be seen in this build? */
extern const bool xp_shared_seen;
/* A word is met for the first time since xp_begin(), or was touched plainly. */
void xp_shared_word(int slot, unsigned int size);
void xp_shared_begin(void);

/* guard.c: may be nested.  Between them signals from a backend's text are the backend's failure. */
void xp_guard_begin(void);
void xp_guard_end(void);

#endif
