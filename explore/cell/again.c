// SPDX-License-Identifier: GPL-2.0-or-later
/* What has become of a counter-example in a text that has changed since. */
#include <stdio.h>
#include <string.h>

#include "explore/cell/cell.h"
#include "explore/cell/refusal.h"
#include "explore/world/weaken.h"

/* What the execution that was just run violates. */
static enum xp_again tell_found(enum xp_again again, const char *how, char *came, size_t size)
{
	char what[160];

	xp_violations(xp.found, what, sizeof(what));
	snprintf(came, size, "%s%s%s", xp.found ? what : "", xp.found ? ": " : "", how);
	return again;
}

enum { CELL_EXECUTIONS = 200000 };

/* The schedule fits no more: is what it showed still in its cell? */
static enum xp_again look_in_cell(struct xp_cell *cell, const char *why, char *came, size_t size)
{
	const struct xp_options options = { .bound = -1,
					    .strategy = XP_PROVE,
					    .executions = CELL_EXECUTIONS,
					    .no_example = true,
					    .any = ~0u };
	char what[160];

	xp_cell_run(cell, &options);
	xp_violations(cell->found, what, sizeof(what));
	if (cell->status == XP_FAILED) {
		snprintf(came, size, "%.190s", cell->reason);
		return XP_NO_MORE;
	}
	if (cell->found) {
		snprintf(came, size, "%s: by another schedule of the same cell", what);
		return XP_NEAR;
	}
	snprintf(came, size, "%s; %s",
		 cell->status == XP_EXHAUSTIVE ? "its cell is proved to hold"
					       : "its cell is undecided",
		 why);
	return cell->status == XP_EXHAUSTIVE ? XP_GONE : XP_NO_MORE;
}

enum xp_again xp_example_again(const struct xp_backend *backend, const char *text,
			       struct xp_cell *cell, char *came, size_t size)
{
	static char renamed[XP_NAME], now[XP_NAME];
	char why[160];
	bool ran, same;

	snprintf(renamed, sizeof(renamed), "%s%s", backend->name, text + strcspn(text, "~/"));
	if (xp_example_cell(renamed, cell, came, size))
		return XP_UNFIT;
	xp_weaken(cell->weak);
	if (xp_seal(cell)) {
		xp_example_name(cell, now, sizeof(now));
		same = !strcmp(now, renamed);
		if (xp.found)
			return tell_found(XP_STILL,
					  same ? "by the same operations" : "by the same schedule",
					  came, size);
		return tell_found(XP_GONE,
				  same ? "the same operations violate nothing here"
				       : "the same schedule runs to its end and violates nothing",
				  came, size);
	}
	xp_error_text(cell->scenario.name, cell->model, why, sizeof(why));
	xp_example_lenient(true);
	ran = xp_seal(cell);
	xp_example_lenient(false);
	if (ran && xp.found)
		return tell_found(XP_NEAR, "by a schedule that follows it as far as it fits", came,
				  size);
	return look_in_cell(cell, why, came, size);
}
