// SPDX-License-Identifier: GPL-2.0-or-later
/* What is left to be tried at a level, and what a race adds there. */
#include "explore/search/dpor.h"

int xp_first(uint32_t todo)
{
	return todo >> xp.current & 1 ? xp.current : __builtin_ctz(todo);
}

bool xp_another(struct xp_level *l)
{
	if (l->choices) {
		if (l->choice + 1 == l->choices)
			return false;
		l->choice++;
		return true;
	}
	l->todo &= ~(1u << l->agent);
	if (l->todo)
		l->agent = __builtin_ctz(l->todo);
	return l->todo;
}

/*
 * Event n should also be tried before event i.  What comes after i but does not depend on it, and
 * then n, is a sequence that can run instead; one of the agents that can begin it must be tried.
 */
void xp_add_todo(int i, int n)
{
	uint32_t initials = 0, seen = 0, early;
	int16_t first[XP_AGENTS];
	struct xp_level *l = &xp.level[i];
	int e_agent = xp.event[i].agent, j, t;

	for (j = i + 1; j <= n; j++) {
		struct xp_event *x = &xp.event[j];

		if ((j < n && x->clock.at[e_agent] > i) || seen >> x->agent & 1)
			continue;
		for (early = seen; early; early &= early - 1) {
			t = __builtin_ctz(early);
			if (x->clock.at[t] > first[t])
				break;
		}
		if (!early)
			initials |= 1u << x->agent;
		seen |= 1u << x->agent;
		first[x->agent] = j;
	}
	initials &= l->enabled;
	if (!initials || initials & (l->todo | l->done | (l->sleep & ~l->dozing)))
		return;
	t = xp.event[n].agent;
	l->todo |= 1u << (initials >> t & 1 ? t : __builtin_ctz(initials));
}

/*
 * Each level's alternatives that are known are taken for equally large: a weighted backtrack estimate (Kilby,
 * Slaney, Thiebaux, Walsh 2006).  What races will yet add to levels is not in it.
 */
double xp_share_done(void)
{
	double share = 0, part = 1;

	for (int i = 0; i < xp.depth; i++) {
		const struct xp_level *l = &xp.level[i];
		uint32_t known = l->done | (l->todo & ~(l->sleep & ~l->dozing)) | 1u << l->agent;
		int n = l->choices ? l->choices : __builtin_popcount(known);
		int before = l->choices ? l->choice : __builtin_popcount(l->done & ~(1u << l->agent));

		part /= n;
		share += part * before;
	}
	return share;
}
