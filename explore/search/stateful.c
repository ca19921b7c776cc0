// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The searches that look at whole states.  A state is memory, buffers, pCPUs, and for each fiber a
 * hash of all that it has been told so far, which for deterministic code says where it stands.
 *
 * stateful: every step from every state; the oracle that the prover is tested against.
 * bounded: the same, but an execution has at most xp.bound preemptions; the smallest bound that shows
 * a violation shows it in the way that a reader follows most easily.  A preemption is a switch away
 * from a fiber that could have gone on; a fiber's lanes are part of it.
 */
#include "explore/search/search.h"

static struct xp_set seen;

static void start(void)
{
	xp_set_clear(&seen);
	seen.limit = xp.memory_limit;
}

static void stateful_fini(void)
{
	xp_set_fini(&seen);
}

/* Was this state met before, with the same preemptions left to the same fiber? */
static bool known(uint64_t salt)
{
	uint64_t hash[2];
	int added;

	xp_hash_state(hash);
	hash[0] = xp_mix(hash[0], salt);
	added = xp_set_add(&seen, hash, NULL);
	if (added < 0)
		xp_spent("the memory budget is spent after %llu states", (unsigned long long)xp.states);
	xp.states += added > 0;
	return added <= 0;
}

static int pick(uint32_t enabled)
{
	struct xp_level *l = &xp.level[xp.depth];

	if (known(0))
		return -1;
	l->todo = enabled;
	l->done = 0;
	return xp_first(enabled);
}

static int bounded_pick(uint32_t enabled)
{
	struct xp_level *l = &xp.level[xp.depth];
	int used = xp.depth ? xp.level[xp.depth - 1].preemptions : 0;
	uint32_t left;

	if (known(1 + (xp.last == XP_NOBODY ? XP_NOBODY : xp_owner(xp.last)) + ((uint64_t)used << 32)))
		return -1;
	l->todo = enabled;
	l->done = 0;
	for (left = enabled; used == xp.bound && left; left &= left - 1)
		if (xp_preempts(enabled, xp.last, __builtin_ctz(left)))
			l->todo &= ~(left & -left);
	return xp_first(l->todo);
}

static void bounded_take(int level, int agent)
{
	struct xp_level *l = &xp.level[level];

	l->preemptions = level ? l[-1].preemptions : 0;
	if (!l->choices && xp_preempts(l->enabled, l->last, agent))
		l->preemptions++;
	xp.event[level].slot = -1;
}

static void take(int level, int agent)
{
	(void)agent;
	xp.event[level].slot = -1;
}

static bool next(void)
{
	int i = xp.depth - 1;

	while (i >= 0 && !xp_another(&xp.level[i]))
		i--;
	xp.replay = i;
	xp.forced = true;
	return i >= 0;
}

/* Every end is a new one here: the state before it was. */
const struct xp_search xp_stateful = {
	.name = "stateful", .hashes = true, .returns = true,
	.start = start, .pick = pick, .take = take, .next = next, .fini = stateful_fini,
};

const struct xp_search xp_bounded = {
	.name = "bounded", .hashes = true, .returns = true,
	.start = start, .pick = bounded_pick, .take = bounded_take, .next = next, .fini = stateful_fini,
};
