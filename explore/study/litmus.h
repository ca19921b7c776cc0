/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The core of an execution for other tools: what its threads do to the words that they share, straight on,
 * with the values that lead this way.  An outcome is the values read and the values left in memory; if a
 * memory model allows it, the path that ends in the violation is possible there.
 */
#ifndef EXPLORE_LITMUS_H
#define EXPLORE_LITMUS_H

#include <stdbool.h>
#include <stdio.h>

#include "explore/engine/state.h"

enum { XP_LITMUS_EVENTS = 64, XP_LITMUS_WORDS = 24 };

enum xp_litmus_kind { XP_L_LOAD, XP_L_STORE, XP_L_RMW, XP_L_FENCE };

struct xp_litmus_event {
	enum xp_litmus_kind kind;
	uint8_t order; /* enum kick_order; of a fence: enum kick_fence */
	bool blind;    /* a read-modify-write whose value its thread is not told */
	int word;
	int read, wrote;
	const struct xp_site *site;
};

struct xp_litmus_word {
	char name[32];
	int16_t slot;
	int init, final;
	unsigned int writers; /* threads, as bits */
	unsigned int users;
};

struct xp_litmus_thread {
	struct xp_litmus_event event[XP_LITMUS_EVENTS];
	int n;
};

struct xp_litmus {
	char name[200];
	struct xp_litmus_word word[XP_LITMUS_WORDS];
	int n_words;
	struct xp_litmus_thread thread[XP_FIBERS];
	int n_threads;
};

/*
 * Of the execution that was recorded last; with the orders of the text, or as they were weakened.  NULL,
 * or why it cannot be put that way.
 */
const char *xp_litmus_make(struct xp_litmus *l, bool as_written);

/* Several threads use it, and one of them writes it. */
bool xp_litmus_shared(const struct xp_litmus_word *w);
/* Is the outcome more than the values read: the word's last value, where several threads write it? */
bool xp_litmus_final(const struct xp_litmus_word *w);

const char *xp_litmus_c11_order(enum kick_order order);
const char *xp_litmus_c11_fence(enum kick_fence fence);

void xp_litmus_c11(FILE *out, const struct xp_litmus *l);
/* False: an order has no word in the kernel; nothing is written. */
bool xp_litmus_lkmm(FILE *out, const struct xp_litmus *l);
/* A program with pthreads; its assertion fails where the outcome is reached. */
void xp_litmus_program(FILE *out, const struct xp_litmus *l);

#endif
