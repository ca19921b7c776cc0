// SPDX-License-Identifier: GPL-2.0-or-later
/* What the executions of a cell add up to: counters, and the worst that was found. */
#include <string.h>

#include "explore/cell/cell.h"
#include "explore/model/models.h"

enum { CHECK_AGAIN = 8192 };

void xp_announce(uint64_t tries)
{
	xp.checked = tries % CHECK_AGAIN == 0;
}

/* Nothing but the schedule may decide. */
void xp_check_again(void)
{
	uint64_t first[2], again[2], executions = xp.executions;
	unsigned int found = xp.found;
	int replay = xp.replay;
	bool forced = xp.forced;

	if (!xp.checked)
		return;
	xp_hash_state(first);
	xp.replay = xp.depth;
	xp.forced = false;
	xp_execute();
	xp_hash_state(again);
	if (memcmp(first, again, sizeof(first)))
		xp_fail("%s is not deterministic: the same schedule came to two different ends",
			xp.program->name);
	xp.executions = executions;
	xp.found = found;
	xp.replay = replay;
	xp.forced = forced;
}

bool xp_cell_counts(const struct xp_cell *cell)
{
	return !cell->assumed.n || !xp.model->ahead || xp_ahead_stands(&cell->assumed);
}

/* The first execution that shows the worst so far is kept, in case nothing better is found. */
void xp_keep(struct xp_cell *cell)
{
	unsigned int worst = xp_worst(xp.found), kept = cell->example.found, left;

	if (!xp_cell_counts(cell))
		return;
	if (xp.found & cell->rests && !cell->rests_on.n)
		xp_ahead_pairs(&cell->rests_on);
	cell->hits++;
	for (left = xp.found; left; left &= left - 1)
		cell->hits_of[__builtin_ctz(left)]++;
	cell->found |= xp.found;
	if (cell->has_example && (kept & worst || xp_worst(kept | worst) != worst))
		return;
	cell->has_example = true;
	cell->example.scenario = cell->scenario;
	cell->example.found = xp.found;
	cell->example.preemptions = xp_example_preemptions();
	cell->example.steps = xp.depth;
	xp_example_schedule(cell->example.schedule);
}

void xp_take_totals(struct xp_cell *cell)
{
	cell->executions += xp.executions;
	cell->pruned += xp.pruned;
	cell->too_long += xp.too_long;
	cell->steps += xp.steps;
	cell->states += xp.states;
	if (xp.max_stale > cell->max_stale)
		cell->max_stale = xp.max_stale;
	if (xp.max_dropped > cell->max_dropped)
		cell->max_dropped = xp.max_dropped;
}

void xp_cell_add(struct xp_cell *cell, const struct xp_cell *part)
{
	unsigned int worst = xp_worst(cell->found | part->found);
	int i;

	if (part->has_example && (!cell->has_example || !(cell->found & worst))) {
		cell->has_example = true;
		cell->example = part->example;
	}
	cell->found |= part->found;
	cell->executions += part->executions;
	cell->pruned += part->pruned;
	cell->too_long += part->too_long;
	cell->steps += part->steps;
	cell->hits += part->hits;
	for (i = 0; i < XP_VIOLATION_BITS; i++)
		cell->hits_of[i] += part->hits_of[i];
	if (part->max_stale > cell->max_stale)
		cell->max_stale = part->max_stale;
	if (part->max_dropped > cell->max_dropped)
		cell->max_dropped = part->max_dropped;
}
