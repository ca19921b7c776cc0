/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The memory models.  A new one is a file with its struct xp_model, a name here, a line in models.c. */
#ifndef EXPLORE_MODELS_H
#define EXPLORE_MODELS_H

#include "explore/engine/state.h"

extern const struct xp_model xp_sc, xp_tso, xp_pso, xp_rc11;

extern const struct xp_model *const xp_models[]; /* ends with NULL */
#define xp_for_each_model(m)                                                                       \
	for (const struct xp_model *const *m##_at = xp_models; ((m) = *m##_at); m##_at++)

const struct xp_model *xp_find_model(const char *name); /* NULL: unknown */
const struct xp_model *xp_model_of_bit(unsigned int bit); /* KICK_M_*; NULL: unknown */
unsigned int xp_model_bit(const char *name); /* 0: unknown */

/* One that acts on memory at once; others may start from it. */
uint64_t xp_sc_rmw(struct xp_op *op);

#endif
