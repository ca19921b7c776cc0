// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How many executions the prover will have, before it begins.  Sleep sets alone, with nothing left
 * out that is awake, come to the end of every execution once, as the prover does; what they do
 * more of is to begin what is known.  That tree is walked a level at a time: of beginnings in
 * which each agent has come as far and the same sleep, a few stand for all, each with the chance
 * that its weight gives it (Chen 1992).  The weight that comes to ends is, in the mean, their
 * number; several walks say how far they are apart.
 *
 * Loads that run ahead are not guessed here: nearly all of these come to nothing.
 */
#include <math.h>
#include <stdlib.h>

#include "explore/search/dpor.h"

enum { WALKS = 16, FEW_WALKS = 6, MANY_BEGUN = 100000, KINDS = 4096, OF_A_KIND = 8, MOST_STEPS = 192 };

/* A beginning: of each level who went on, or what was chosen, and which agents count as tried before. */
struct beginning {
	double weight; /* 0: none */
	int n;
	struct {
		uint32_t tried;
		uint16_t what;
	} step[MOST_STEPS];
};

static struct beginning *kinds; /* two levels */
static struct {
	uint64_t random;
	struct beginning *level, *below; /* KINDS each */
	const struct beginning *at;	 /* that is executed */
	int next;			 /* of the level */
	bool branched;			 /* what follows it is known */
	double ends, sum, squares;
	int walks, begun;
} now;

static double chance(void)
{
	now.random ^= now.random << 13;
	now.random ^= now.random >> 7;
	now.random ^= now.random << 17;
	return (double)(now.random * 0x2545f4914f6cdd1du >> 11) / (double)(1ull << 53);
}

static void begin_walk(void)
{
	memset(kinds, 0, 2 * KINDS * sizeof(*kinds));
	now.level = kinds;
	now.below = kinds + KINDS;
	now.level[0].weight = 1;
	now.at = now.level;
	now.next = 1;
	now.branched = false;
	now.ends = 0;
}

static void start(void)
{
	xp_dpor.start();
	now.random = xp.seed * 2 + 0x9e3779b97f4a7c15u;
	now.walks = now.begun = 0;
	now.sum = now.squares = 0;
	kinds = calloc(2 * KINDS, sizeof(*kinds));
	if (kinds)
		begin_walk();
	else
		xp_spent("there is no memory for an estimate");
}

static void fini(void)
{
	free(kinds);
}

/* How far each agent is, and who sleeps. */
static uint64_t kind_of(uint32_t tried, int what)
{
	uint64_t kind = xp_mix(tried | (xp.depth ? xp.sleep : 0), (uint64_t)what);
	uint8_t far[XP_AGENTS] = { 0 };

	for (int i = 0; i < xp.depth; i++)
		far[xp.level[i].agent]++;
	for (int i = 0; i < xp.n_fibers; i++)
		kind = xp_mix(kind, far[i]);
	return kind;
}

static void follow(uint32_t tried, int what)
{
	uint64_t kind = kind_of(tried, what) * OF_A_KIND + (uint64_t)(chance() * OF_A_KIND);
	struct beginning *b = &now.below[kind % KINDS];

	b->weight += now.at->weight;
	if (now.at->n == MOST_STEPS || chance() * b->weight >= now.at->weight)
		return;
	memcpy(b->step, now.at->step, (size_t)now.at->n * sizeof(b->step[0]));
	b->n = now.at->n + 1;
	b->step[now.at->n].tried = tried;
	b->step[now.at->n].what = (uint16_t)what;
}

static int pick(uint32_t enabled)
{
	struct xp_level *l = &xp.level[xp.depth];
	int agent = xp_dpor.pick(enabled);
	uint32_t tried = 0, others;

	if (now.branched || agent < 0)
		return XP_KNOWN;
	if (xp.depth < now.at->n) {
		l->done = now.at->step[xp.depth].tried;
		return now.at->step[xp.depth].what;
	}
	others = enabled & ~((xp.depth ? xp.sleep : 0) & ~l->dozing) & ~(1u << agent);
	if (xp.model->graph && xp_pending(agent)->kind == XP_STORE)
		others = 0;
	for (;; agent = __builtin_ctz(others), others &= others - 1) {
		follow(tried, agent);
		if (!others)
			break;
		tried |= 1u << agent;
	}
	now.branched = true;
	return XP_KNOWN;
}

static void take(int level, int agent)
{
	xp_dpor.take(level, agent);
}

static int choose(int n)
{
	if (xp.depth < now.at->n)
		return now.at->step[xp.depth].what;
	for (int i = 0; i < n && !now.branched; i++)
		follow(0, i);
	now.branched = true;
	return 0;
}

static bool end_walk(void)
{
	now.walks++;
	now.sum += now.ends;
	now.squares += now.ends * now.ends;
	begin_walk();
	return now.walks < FEW_WALKS || (now.walks < WALKS && now.begun < MANY_BEGUN);
}

static bool next(void)
{
	if (!now.branched && (xp.end == XP_ENDED || xp.end == XP_TOO_LONG))
		now.ends += now.at->weight;
	now.branched = false;
	now.begun++;
	xp_undo(0);
	xp.replay = 0;
	xp.forced = false;
	for (int swaps = 0; swaps < 2; swaps++) {
		struct beginning *level = now.level;

		while (now.next < KINDS && !level[now.next].weight)
			now.next++;
		if (now.next < KINDS) {
			now.at = &level[now.next++];
			return true;
		}
		for (int i = 0; i < KINDS; i++)
			level[i].weight = level[i].n = 0;
		now.level = now.below;
		now.below = level;
		now.next = 0;
	}
	return end_walk();
}

void xp_estimate_result(struct xp_estimated *to)
{
	double n = now.walks, mean = n > 0 ? now.sum / n : 0;
	double variance = n > 1 ? (now.squares - n * mean * mean) / (n - 1) : 0;

	*to = (struct xp_estimated){ .walks = now.walks, .ends = mean,
				     /* Student's t, of 95 %, for so few */
				     .error = variance > 0 ? (1.96 + 3 / (n - 1)) * sqrt(variance / n) : 0 };
}

const struct xp_search xp_estimate = {
	.name = "estimate", .start = start, .pick = pick, .take = take, .choose = choose,
	.next = next, .fini = fini, .resolve = xp_graph_resolve, .ahead = xp_graph_ahead,
};
