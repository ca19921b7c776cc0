/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the halves of the prover share: dpor.c for steps on slots, dpor_graph.c for steps on graphs. */
#ifndef EXPLORE_DPOR_H
#define EXPLORE_DPOR_H

#include <string.h>

#include "explore/search/search.h"

/* backtrack.c */
void xp_add_todo(int i, int n); /* event n should also be tried before event i */

/* dpor_graph.c */
void xp_graph_resolve(int level, enum xp_access access, int from);
void xp_graph_ahead(int level);
uint32_t xp_dozing(uint32_t asleep);
void xp_fall_asleep(const struct xp_level *l);
int xp_stores_first(uint32_t awake);

static inline bool xp_on_graph(const struct xp_op *op)
{
	return xp.model->graph &&
	       (op->kind <= XP_LAST_ON_WORD || op->kind == XP_SLEEP || op->kind == XP_AWAIT);
}

static inline bool xp_dependent(enum xp_access a, enum xp_access b)
{
	return a != b || (a != XP_READ && a != XP_ORS && a != XP_ANDS && a != XP_ADDS && a != XP_UNLOCKS);
}

/* Of agents that are none yet a clock says 0, and is left alone there. */
static inline void xp_clock_merge(struct xp_clock *c, const struct xp_clock *other)
{
	int i, j;

	for (i = 0; i < xp.n_agents; i += XP_CLOCK_PART)
		for (j = i; j < i + XP_CLOCK_PART; j++)
			c->at[j] = c->at[j] > other->at[j] ? c->at[j] : other->at[j];
}

static inline void xp_clock_copy(struct xp_clock *c, const struct xp_clock *other)
{
	int i;

	for (i = 0; i < xp.n_agents; i += XP_CLOCK_PART)
		memcpy(&c->at[i], &other->at[i], XP_CLOCK_PART * sizeof(c->at[0]));
}

static inline void xp_clock_clear(struct xp_clock *c)
{
	int i;

	for (i = 0; i < xp.n_agents; i += XP_CLOCK_PART)
		memset(&c->at[i], 0, XP_CLOCK_PART * sizeof(c->at[0]));
}

#endif
