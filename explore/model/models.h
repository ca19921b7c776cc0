/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The memory models.  A new one is a file with its struct xp_model, a name here, a line in models.c. */
#ifndef EXPLORE_MODELS_H
#define EXPLORE_MODELS_H

#include "explore/engine/state.h"

extern const struct xp_model xp_sc, xp_tso, xp_pso, xp_rc11, xp_lkmm, xp_armv8;

extern const struct xp_model *const xp_models[]; /* ends with NULL */
#define xp_for_each_model(m)                                                                       \
	for (const struct xp_model *const *m##_at = xp_models; ((m) = *m##_at); m##_at++)

const struct xp_model *xp_find_model(const char *name); /* NULL: unknown */
const struct xp_model *xp_model_of_bit(unsigned int bit); /* KICK_M_*; NULL: unknown */
unsigned int xp_model_bit(const char *name); /* 0: unknown */

/* Under rc11: is seq_cst taken for acq_rel?  Then there are more executions, and none is missing. */
void xp_rc11_weaker(bool on);
/* Of models in which loads run ahead: does every load come before the later stores of its thread? */
void xp_ahead_dependencies(bool order);
/*
 * What makes a load run ahead is learned while a search runs, and used by the next one: a search that has
 * learned something is to be run again.  To be forgotten before the first search of a program.
 */
void xp_ahead_forget(void);
bool xp_ahead_learned(void);
/* Loads, and later stores of their threads that are taken to come after them, by their places in the text. */
enum { XP_ASSUMED = 8 };
struct xp_assumed {
	int n;
	struct xp_pair {
		const struct xp_site *load, *store;
	} pair[XP_ASSUMED];
};
/* Of an execution that is over, adds: those that must be free to change places, so that it can be. */
void xp_ahead_pairs(struct xp_assumed *needed);
/* ... can it be even so? */
bool xp_ahead_stands(const struct xp_assumed *assumed);

/* One that acts on memory at once; others may start from it. */
uint64_t xp_sc_rmw(struct xp_op *op);

#endif
