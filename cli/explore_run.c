// SPDX-License-Identifier: GPL-2.0-or-later
/* From the command line to a cell, and from there to what is judged. */
#include "cli/explore_run.h"

#include <string.h>
#include <unistd.h>

#include "cli/explore_counts.h"
#include "cli/explore_judge.h"
#include "cli/explore_parts.h"
#include "cli/explore_watch.h"

struct xp_scenario explore_scenario(const struct explore_command *c, const struct xp_scenario *preset)
{
	struct xp_scenario s = *preset;

	s.form = c->form;
	if (c->changed.kickers >= 0)
		s.kickers = c->changed.kickers;
	if (c->changed.kicks >= 0)
		s.kicks = c->changed.kicks;
	if (c->changed.migrations >= 0)
		s.migrations = c->changed.migrations;
	if (c->changed.pcpus >= 0)
		s.pcpus = c->changed.pcpus;
	if (c->changed.exits >= 0)
		s.exits = c->changed.exits;
	if (c->changed.vcpus >= 0)
		s.vcpus = c->changed.vcpus;
	if (c->put >= 0)
		s.put = (enum xp_put)c->put;
	if (c->shared >= 0)
		s.shared = c->shared;
	return s;
}

void explore_begin(const struct explore_command *c, const struct xp_backend *backend,
		   const struct xp_scenario *preset, const char *model, struct xp_cell *cell,
		   struct explore_row *row)
{
	memset(cell, 0, sizeof(*cell));
	cell->backend = backend;
	cell->scenario = explore_scenario(c, preset);
	cell->model = model;
	cell->all_orders = c->all_orders;
	*row = (struct explore_row){ .cell = cell, .expected = c->expect };
	row->declared = xp_declared(backend, preset->name, xp_model_bit(model));
}

/* So that a set of states that grows and grows ends the search, and not the machine. */
static size_t most_memory(void)
{
	long pages = sysconf(_SC_AVPHYS_PAGES), size = sysconf(_SC_PAGESIZE);

	return pages > 0 && size > 0 ? (size_t)pages / 4 * 3 * (size_t)size : 0;
}

int explore_run(const struct explore_command *c, struct xp_cell *cell, struct explore_row *row)
{
	static struct xp_cell pct;
	struct xp_options options = c->options;
	struct watch watch;

	options.tick = watch_tick;
	options.arg = &watch;
	options.no_example = c->expect || options.strategy == XP_COUNT;
	if (!options.memory)
		options.memory = most_memory();
	watch_begin(&watch, c->seconds);
	if (explore_in_parts(c))
		explore_parts_run(c, &options, cell);
	else
		xp_cell_run(cell, &options);
	row->seconds = watch_elapsed(&watch);
	if (cell->counts.n && cell->found) {
		explore_sample_pct(cell, &options, &pct);
		row->pct = &pct;
	}
	watch_end(&watch);
	if (options.no_example)
		cell->has_example = false;
	return explore_judge(row);
}
