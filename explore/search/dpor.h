/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the halves of the prover share: dpor.c for steps on slots, dpor_graph.c for steps on graphs. */
#ifndef EXPLORE_DPOR_H
#define EXPLORE_DPOR_H

#include "explore/search/search.h"

/* backtrack.c */
void xp_add_todo(int i, int n); /* event n should also be tried before event i */

/* dpor_graph.c */
bool xp_on_graph(const struct xp_op *op);
void xp_graph_resolve(int level, enum xp_access access, int from);
uint32_t xp_dozing(uint32_t asleep);
void xp_fall_asleep(const struct xp_level *l);
int xp_stores_first(uint32_t awake);

static inline bool xp_dependent(enum xp_access a, enum xp_access b)
{
	static const bool commute[XP_ACCESSES][XP_ACCESSES] = {
		[XP_READ][XP_READ] = true,
		[XP_ORS][XP_ORS] = true,
		[XP_ANDS][XP_ANDS] = true,
		[XP_UNLOCKS][XP_UNLOCKS] = true,
	};

	return !commute[a][b];
}

static inline void xp_clock_merge(struct xp_clock *c, const struct xp_clock *other)
{
	int i;

	for (i = 0; i < XP_AGENTS; i++)
		c->at[i] = c->at[i] > other->at[i] ? c->at[i] : other->at[i];
}

#endif
