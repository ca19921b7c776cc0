/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a fiber announces before it does it, and what it may ask about itself. */
#ifndef EXPLORE_OP_H
#define EXPLORE_OP_H

#include <stdbool.h>
#include <stdint.h>

#include "kick_words.h"

/* Where an operation stands and how the source spells it. */
struct xp_site {
	const char *say;
	const char *file;
	int line;
};

enum xp_kind {
	XP_LOAD,
	XP_STORE,
	XP_XCHG,
	XP_CMPXCHG,
	XP_FETCH_OR,
	XP_FETCH_AND,
	XP_FETCH_ADD,
	XP_OR, /* no value is returned: two of them commute */
	XP_AND,
	XP_ADD,
	XP_LAST_ON_WORD = XP_ADD, /* of those that touch a word; from XP_XCHG on they modify it */
	XP_FENCE,
	XP_DRAIN,      /* a buffered store reaches memory */
	XP_LOCK,
	XP_UNLOCK,
	XP_SLEEP,      /* enabled when the task is awake */
	XP_IRQ_OFF,
	XP_IRQ_ON,     /* takes what is pending */
	XP_IPI,
	XP_CALL,
	XP_ACK,	       /* enabled when the call's handler has run */
	XP_GUEST_WAIT, /* enabled when an IPI is pending */
	XP_RECORD,     /* the machine's own record of a stint is written */
	XP_LOOK,       /* it is read */
	/* Of threads of a VMM, and of whoever waits by kick_wait(): each has a place, that of its pCPU. */
	XP_SIGNAL,     /* pends at a thread */
	XP_POLL,       /* takes what pends there; n: only looks */
	XP_TAKEN,      /* enabled when nothing pends at another thread */
	XP_NAP,	       /* enabled when somebody woke it; n: or a signal pends */
	XP_WAKE,       /* wakes such a one */
	XP_TRYLOCK,
	XP_AWAIT,      /* a load that is enabled when the word has another value than a */
	XP_STEP,       /* a point where others may run, and nothing else */
	XP_CHOICE,
	XP_KINDS
};

/* Does its thread hear what is in the word? */
static inline bool xp_tells(enum xp_kind kind)
{
	return kind == XP_LOAD || (kind >= XP_XCHG && kind < XP_OR);
}

struct xp_op {
	uint8_t kind;
	uint8_t order; /* enum kick_order; of a fence: enum kick_fence */
	uint8_t size;
	union {
		int8_t cpu;    /* of XP_IPI, XP_SIGNAL and the like; number of the record */
		uint8_t fails; /* of XP_CMPXCHG: the order of a failure; KICK_PLAIN: the model's own rule */
	};
	int16_t slot; /* -1: touches nothing that others see */
	uint16_t n;   /* ticket, choices */
	void *p;
	uint64_t a, b;
	const struct xp_site *site;
};

int xp_self(void); /* number of this fiber */
unsigned long xp_bit(unsigned long nr); /* a word with this bit, which there must be */
int xp_cpu(void);  /* the pCPU that it runs on */
void xp_set_cpu(int cpu);
int xp_choose(int n, const struct xp_site *site); /* 0..n-1: all are explored */
/*
 * What this fiber does from here on depends on these numbers and on the shared state alone, and on nothing
 * else that it was told: a search that only asks what can still happen may forget that.  A stage never comes
 * back; of a fiber that is no vCPU's each call begins another one.
 */
void xp_forget(unsigned int stage, uint64_t where);
/* Before an operation of a kicker's, while xp_stands: spin.c. */
extern bool xp_stands;
void xp_stand_at(void *unused, const void *stack);
/* kick_pause(): a loop that only reads again is a wait: pause.c. */
void xp_fiber_look(void *arg, void (*fn)(void *arg, const void *stack));
void xp_fiber_wipe(void);
void xp_pause_at(void *site, const void *stack);
static inline void xp_pause(const struct xp_site *site)
{
	xp_fiber_look((void *)(uintptr_t)site, xp_pause_at);
}
/* ... of a thread that takes signals, each of which may end the loop. */
void xp_pause_signals_at(void *site, const void *stack);
static inline void xp_pause_signals(const struct xp_site *site)
{
	xp_fiber_look((void *)(uintptr_t)site, xp_pause_signals_at);
}
/* How many words this fiber may have turned from one to zero: who wakes does. */
unsigned int xp_zeroed(void);
const void *xp_zeroed_last(void); /* the word that was; of this execution or of an older one */
/* Under sc everybody sees what is done as soon as it is, and in order. */
bool xp_at_once(void);
/*
 * Which loads of this fiber, by number from 0 (bits), the address and the value of its next operation are
 * made of, and which decide that it happens.  Nothing, unless somebody says so.
 */
struct xp_dependencies {
	uint64_t address, data, control;
};
void xp_depends(const struct xp_dependencies *on);
int xp_n_loads(void); /* that this fiber has done */
bool xp_runs_ahead(void); /* May loads read what is stored later? */
bool xp_buffers(void); /* Do stores wait in buffers? */
/* From here on this fiber's kick_peek() is a relaxed load, or no operation. */
void xp_peek(bool on);
bool xp_peeks(void);
/* From here on this fiber runs its signal handler, below this frame of its stack; NULL: it has returned. */
void xp_handles(const void *frame);
void xp_found(unsigned int violations); /* KICK_V_* of what this fiber just did */
void xp_refuse_looker(const struct xp_site *site); /* it has an operation in kick_view(): state.c */
void xp_refuse_sleeper(void); /* it called kick_schedule() in the place of the vCPU: state.c */

#endif
