// SPDX-License-Identifier: GPL-2.0-or-later
/* From what the engine found to an exit code. */
#include "cli/explore_judge.h"

#include "cli/exit_code.h"

/* Of the property: what the engine found. */
static int judge_property(const struct xp_cell *cell)
{
	if (cell->found)
		return EXIT_VIOLATED;
	return cell->status == XP_EXHAUSTIVE ? EXIT_AS_STATED : EXIT_UNDECIDED;
}

/* Of the declaration: exactly what it says must be found. */
static int judge_declared(const struct xp_cell *cell, unsigned int declared)
{
	if (cell->found & ~declared)
		return EXIT_VIOLATED;
	if (cell->status != XP_EXHAUSTIVE)
		return EXIT_UNDECIDED;
	return cell->found == declared ? EXIT_AS_STATED : EXIT_VIOLATED;
}

int explore_judge(struct explore_row *row)
{
	const struct xp_cell *cell = row->cell;
	int code;

	if (cell->status == XP_NA) {
		row->verdict = VERDICT_NA;
		return EXIT_SKIPPED;
	}
	if (cell->status == XP_FAILED) {
		row->verdict = VERDICT_INCONCLUSIVE;
		return EXIT_ENVIRONMENT;
	}
	code = row->expected ? judge_declared(cell, row->declared) : judge_property(cell);
	row->verdict = code == EXIT_AS_STATED  ? VERDICT_OK
		       : code == EXIT_VIOLATED ? VERDICT_VIOLATED
					       : VERDICT_INCONCLUSIVE;
	return code;
}
