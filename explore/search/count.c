// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Exact counts: how many interleavings there are, and how many of them violate what.  The states of a
 * deterministic program without loops that poll form an acyclic graph: each step adds to what a fiber
 * has been told, or takes a store out of a buffer.  So the number of ways from a state to an end is
 * the sum over its steps, computed once per state; and the probability of a violation, when each step
 * is chosen uniformly among the enabled agents, is their mean.
 */
#include "explore/search/search.h"

#include <stdlib.h>
#include <string.h>

enum { COLUMNS = 1 + XP_ODDS }; /* all executions, those that violate anything, each violation */

struct tally {
	xp_u128 n;
	double p;
} __attribute__((packed, aligned(8)));

/* What a level has summed up so far. */
struct sum {
	struct tally column[COLUMNS];
	size_t state; /* its number */
};

static struct {
	struct xp_set states;
	struct tally *tally; /* by number of the state and column */
	size_t room;	     /* states */
	unsigned int violation[COLUMNS];
	int n_columns;
	struct sum sum[XP_LEVELS];
	struct tally below[COLUMNS]; /* of what the last execution ended in */
	struct tally total[COLUMNS];
	bool overflow;
} count;

static void start(void)
{
	xp_set_clear(&count.states);
	count.states.limit = 0; /* one budget for both: see allocate() */
	count.n_columns = 2;
	count.violation[1] = ~0u;
	count.overflow = false;
	memset(count.below, 0, sizeof(count.below));
}

static void fini(void)
{
	xp_set_fini(&count.states);
	free(count.tally);
	count.tally = NULL;
	count.room = 0;
}

/* Room for so many states of so many columns: existing ones are moved from `from` columns. */
static bool allocate(size_t room, int from)
{
	size_t row = count.n_columns * sizeof(*count.tally), i;
	size_t bytes = room * row;
	struct tally *tally;

	if (xp.memory_limit && bytes + xp_set_bytes(&count.states) > xp.memory_limit)
		return false;
	tally = realloc(count.tally, bytes);
	if (!tally)
		return false;
	for (i = room < count.room ? room : count.room; from < count.n_columns && i-- > 0;) {
		memmove(tally + i * count.n_columns, tally + i * from, from * sizeof(*tally));
		memset(tally + i * count.n_columns + from, 0, row - from * sizeof(*tally));
	}
	count.tally = tally;
	count.room = room;
	return true;
}

static void spent(void)
{
	xp_spent("the memory budget is spent after %zu states", count.states.n);
}

static void add(struct tally *to, const struct tally *what, int ways)
{
	xp_u128 n = to->n;

	count.overflow |= __builtin_add_overflow(n, what->n, &n);
	to->n = n;
	to->p += what->p / ways;
}

/* The column of a violation: a new one means more room for every state. */
static int column_of(unsigned int violation)
{
	int c;

	for (c = 2; c < count.n_columns; c++)
		if (count.violation[c] == violation)
			return c;
	if (c == COLUMNS) {
		xp_fail("more than %d sorts of violations", COLUMNS - 2);
		return 1;
	}
	count.violation[count.n_columns++] = violation;
	for (int i = 0; i < XP_LEVELS; i++)
		count.sum[i].column[c] = (struct tally){ 0 };
	if (!allocate(count.room, c))
		spent();
	return c;
}

/* One execution ended, with these violations. */
static void count_end(unsigned int found)
{
	const struct tally one = { 1, 1.0 };
	unsigned int left;

	for (left = found; left; left &= left - 1)
		column_of(left & -left);
	memset(count.below, 0, sizeof(count.below));
	count.below[0] = one;
	if (found)
		count.below[1] = one;
	for (left = found; left; left &= left - 1)
		count.below[column_of(left & -left)] = one;
}

/* What was found on the way is part of the state: the fibers need not have been told of it. */
static int pick(uint32_t enabled)
{
	struct xp_level *l = &xp.level[xp.depth];
	struct sum *sum = &count.sum[xp.depth];
	uint64_t hash[2];
	int added;

	xp_hash_state(hash);
	hash[0] = xp_mix(hash[0], xp.found);
	added = xp_set_add(&count.states, hash, &sum->state);
	if (added < 0 || (count.states.n > count.room &&
			  !allocate(count.room ? 2 * count.room : 1024, count.n_columns))) {
		spent();
		return -1;
	}
	xp.states = count.states.n;
	if (!added) {
		memcpy(count.below, count.tally + sum->state * count.n_columns,
		       count.n_columns * sizeof(*count.tally));
		return -1;
	}
	memset(sum->column, 0, sizeof(sum->column));
	l->todo = enabled;
	l->done = 0;
	return xp_first(enabled);
}

static int choose(int n)
{
	(void)n;
	memset(count.sum[xp.depth].column, 0, sizeof(count.sum[0].column));
	return 0;
}

static void take(int level, int agent)
{
	(void)agent;
	xp.event[level].slot = -1;
}

/* Adds what is below a level to it. */
static void add_below(int level)
{
	struct xp_level *l = &xp.level[level];
	int c, ways = l->choices ? l->choices : __builtin_popcount(l->enabled);

	for (c = 0; c < count.n_columns; c++)
		add(&count.sum[level].column[c], &count.below[c], ways);
}

/* Everything below this level is known. */
static void complete(int level)
{
	struct sum *sum = &count.sum[level];
	size_t row = count.n_columns * sizeof(*count.tally);

	if (!xp.level[level].choices)
		memcpy(count.tally + sum->state * count.n_columns, sum->column, row);
	memcpy(count.below, sum->column, row);
}

static bool next(void)
{
	int i;

	if (xp.end == XP_ENDED || xp.end == XP_TOO_LONG)
		count_end(xp.found);
	for (i = xp.depth - 1; i >= 0; i--) {
		add_below(i);
		if (xp_another(&xp.level[i]))
			break;
		complete(i);
	}
	if (count.overflow)
		xp_spent("2^128 interleavings and more are beyond the budget of an exact count");
	if (i < 0)
		memcpy(count.total, count.below, sizeof(count.total));
	/* One that is given up before its end, and not as known, counts for nothing. */
	memset(count.below, 0, sizeof(count.below));
	xp.replay = i;
	xp.forced = true;
	return i >= 0;
}

const struct xp_search xp_count = {
	.name = "count", .hashes = true, .start = start, .pick = pick, .take = take, .choose = choose,
	.next = next, .fini = fini,
};

void xp_count_result(struct xp_counts *counts)
{
	int c;

	memset(counts, 0, sizeof(*counts));
	counts->executions = count.total[0].n;
	for (c = 1; c < count.n_columns; c++)
		counts->odds[counts->n++] = (struct xp_odds){
			.violation = c == 1 ? 0 : count.violation[c],
			.n = count.total[c].n,
			.p = count.total[c].p,
		};
}

void xp_u128_text(xp_u128 n, char text[XP_U128_TEXT])
{
	char digits[XP_U128_TEXT];
	int at = sizeof(digits);

	digits[--at] = 0;
	do {
		digits[--at] = '0' + (int)(n % 10);
		n /= 10;
	} while (n);
	strcpy(text, digits + at);
}
