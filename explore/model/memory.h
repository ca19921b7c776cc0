/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The operations on shared words, as the backends' text has them; what they do is up to the model. */
#ifndef EXPLORE_MEMORY_H
#define EXPLORE_MEMORY_H

#include "explore/engine/op.h"

uint64_t xp_load(void *p, unsigned int size, enum kick_order order, const struct xp_site *site);
void xp_store(void *p, unsigned int size, uint64_t v, enum kick_order order,
	      const struct xp_site *site);
/* C11's: a failure has an order of its own. */
uint64_t xp_cmpxchg(void *p, unsigned int size, uint64_t old, uint64_t new, enum kick_order order,
		    enum kick_order fails, const struct xp_site *site);
uint64_t xp_rmw(enum xp_kind kind, void *p, unsigned int size, uint64_t a, uint64_t b,
		enum kick_order order, const struct xp_site *site);
void xp_fence(enum kick_fence fence, const struct xp_site *site);
void xp_unlock(int *lock, const struct xp_site *site); /* a release store of the value "free" */

#endif
