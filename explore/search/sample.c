// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Random executions, for what is too large: a uniform walk over what is enabled, or PCT (Burckhardt
 * and others 2010): random priorities, lowered at depth - 1 random steps.
 */
#include "explore/search/search.h"

static uint64_t state;
static uint32_t priority[XP_AGENTS];
static int change[16];
static bool fresh; /* the execution has no priorities yet */

static uint64_t rnd(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state * 0x2545f4914f6cdd1du >> 16;
}

static int nth_bit(uint32_t set, unsigned int n)
{
	while (n--)
		set &= set - 1;
	return __builtin_ctz(set);
}

static void start(void)
{
	state = xp.seed * 2 + 0x9e3779b97f4a7c15u;
	fresh = true;
}

static int walk(uint32_t enabled)
{
	return nth_bit(enabled, rnd() % __builtin_popcount(enabled));
}

static void shuffle(void)
{
	int i;

	for (i = 0; i < XP_AGENTS; i++)
		priority[i] = (1u << 16) + rnd() % (1u << 16);
	for (i = 0; i < xp.pct_depth - 1; i++)
		change[i] = rnd() % (xp.max_levels ? xp.max_levels : 32);
}

static int pct(uint32_t enabled)
{
	int i, best = -1;

	if (fresh)
		shuffle();
	fresh = false;
	for (; enabled; enabled &= enabled - 1) {
		i = __builtin_ctz(enabled);
		if (best < 0 || priority[i] > priority[best])
			best = i;
	}
	for (i = 0; i < xp.pct_depth - 1; i++)
		if (change[i] == xp.depth)
			priority[best] = i;
	return best;
}

static int choose(int n)
{
	return rnd() % n;
}

static void take(int level, int agent)
{
	(void)agent;
	xp.event[level].slot = -1;
}

static bool next(void)
{
	xp.replay = 0;
	xp.forced = false;
	fresh = true;
	return true;
}

const struct xp_search xp_walk = {
	.name = "walk", .start = start, .pick = walk, .take = take, .choose = choose, .next = next,
};

const struct xp_search xp_pct = {
	.name = "pct", .start = start, .pick = pct, .take = take, .choose = choose, .next = next,
};
