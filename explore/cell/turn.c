// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The step at which a replayed execution goes wrong: from there on the judge finds what it finds at the
 * end.  A kick that is under way may still send its IPI: until it returns nothing has gone wrong.
 */
#include "explore/cell/cell.h"
#include "explore/engine/engine.h"

static struct xp_turn turn[XP_VIOLATION_BITS];
static int claimer[XP_MOST_VCPUS]; /* fibers, or -1 */
static int seen;		   /* records */

void xp_turns_begin(void)
{
	int i;

	for (i = 0; i < XP_VIOLATION_BITS; i++)
		turn[i] = (struct xp_turn){ -1, -1 };
	for (i = 0; i < XP_MOST_VCPUS; i++)
		claimer[i] = -1;
	seen = 0;
}

static void find_claimers(void)
{
	struct kick_view view;
	int i;

	for (i = 0; i < xp_scenario.vcpus; i++) {
		xp_judged()->view(i, &view);
		if (!view.claimed)
			claimer[i] = -1;
		else if (claimer[i] < 0)
			claimer[i] = xp_owner(xp.record[xp.n_records - 1].agent);
	}
}

void xp_turns_look(uint32_t enabled)
{
	const struct xp_turn here = { seen < xp.n_records ? seen : xp.n_records - 1, xp.n_records - 1 };
	unsigned int found;
	int i;

	if (!xp.recording || !xp.n_records)
		return;
	/* As at an execution's end: a backend's view may fail. */
	xp.deciding = false;
	xp.looking = true;
	find_claimers();
	found = xp.found | xp_judge_so_far(enabled, claimer);
	xp.looking = false;
	xp.deciding = true;
	for (i = 0; i < XP_VIOLATION_BITS; i++)
		if (!(found >> i & 1))
			turn[i] = (struct xp_turn){ -1, -1 };
		else if (turn[i].to < 0)
			turn[i] = here;
	seen = xp.n_records;
}

struct xp_turn xp_turn_of(int bit)
{
	return turn[bit].to >= 0 ? turn[bit] : (struct xp_turn){ xp.n_records - 1, xp.n_records - 1 };
}
