// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The prover in parts: the subtrees below all prefixes of some number of steps, so that workers and
 * machines may share a search.  In a prefix every agent is tried that is enabled and not asleep.  A race
 * that is met in a part and would have something reversed in the prefix thus asks for nothing that is not
 * a part already: the parts need not know of each other.  Sleep sets keep them disjoint, as they keep
 * siblings: the executions of all parts are those of the undivided search, in number too.
 *
 * Prefixes are numbered in the order in which they are met.  That order depends on the numbers of lanes, so
 * everybody walks the prefixes alone first, and lanes that come later get later numbers.
 */
#include <string.h>

#include "explore/cell/cell.h"

enum { WANTED = 256, DEEPEST = 48, TICK = 1024 };

static bool not_mine(void *arg, uint64_t part)
{
	(void)arg;
	(void)part;
	return false;
}

/* Walks the prefixes of so many steps, and nothing below; returns how many there are. */
static uint64_t walk_prefixes(int depth)
{
	xp_restart();
	xp.split = (struct xp_split){ .depth = depth, .entering = true, .mine = not_mine };
	while (xp_execute() && xp.search->next())
		;
	return xp.split.next;
}

void xp_split(struct xp_parts *parts)
{
	parts->depth = 0;
	do {
		parts->n = walk_prefixes(++parts->depth);
	} while (parts->n < WANTED && parts->depth < DEEPEST && !xp.error[0]);
	xp.split.depth = 0;
	xp_restart();
}

/* The part that is explored now, and its results. */
struct turn {
	const struct xp_parts *parts;
	struct xp_cell cell;
	bool open;
	uint64_t number;
};

static void open_turn(struct turn *t, const struct xp_cell *cell, uint64_t number)
{
	t->cell = (struct xp_cell){ .backend = cell->backend, .scenario = cell->scenario,
				    .model = cell->model, .weak = cell->weak,
				    .all_orders = cell->all_orders };
	t->open = true;
	t->number = number;
	xp.executions = xp.pruned = xp.too_long = 0;
	xp.steps = xp.depth; /* the prefix of this execution, which was walked before it was known whose */
	xp.max_stale = xp.max_dropped = 0;
}

static void close_turn(struct turn *t, struct xp_cell *cell, bool whole)
{
	if (!t->open)
		return;
	t->open = false;
	xp_take_totals(&t->cell);
	xp_cell_add(cell, &t->cell);
	t->parts->done(t->parts->arg, t->number, &t->cell, whole);
}

static bool mine(void *arg, uint64_t part)
{
	struct turn *t = arg;

	if (!t->parts->mine(t->parts->arg, part))
		return false;
	open_turn(t, &t->cell, part);
	return true;
}

bool xp_run_parts(struct xp_cell *cell, const struct xp_options *options)
{
	static struct turn turn;
	struct xp_parts parts = *options->parts;
	uint64_t tries = 0;
	bool complete = false;

	xp_split(&parts);
	turn = (struct turn){ .parts = &parts, .cell = *cell };
	xp.split = (struct xp_split){ .depth = parts.depth, .entering = true, .mine = mine, .arg = &turn };
	do {
		xp_announce(tries);
		if (!xp_execute())
			break;
		if (xp.found && turn.open && xp.end != XP_SKIPPED)
			xp_keep(&turn.cell);
		if (xp.end == XP_ENDED && turn.open)
			xp_check_again();
		tries++;
		complete = !xp.error[0] && !xp.search->next();
		if (complete || xp.split.entering)
			close_turn(&turn, cell, !xp.error[0]);
	} while (!complete && !xp.error[0] &&
		 (tries % TICK || !options->tick || options->tick(options->arg, xp.executions)));
	close_turn(&turn, cell, false);
	xp.split.depth = 0;
	return complete;
}
