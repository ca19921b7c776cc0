// SPDX-License-Identifier: GPL-2.0-or-later
/* The command line of explore as a whole: which options go together, and the scenario that they make. */
#include "cli/exit_code.h"
#include "cli/explore_options.h"

/* What proves, and so takes nothing that only looks at some executions. */
static int check_studies(const struct explore_command *c)
{
	bool partly = c->options.bound >= 0 || c->options.strategy > XP_STATEFUL;

	if ((c->weaken || c->litmus) && (c->replay || c->expect || c->svg || partly))
		return usage_error("--weaken and --litmus prove: they take no --replay, --expect, --svg, "
				   "--bound, nor a strategy that samples");
	if (c->litmus && (c->out || c->json))
		return usage_error("--litmus writes into its own folder: it takes no --out, --json");
	if (c->matrix && (c->replay || c->svg || c->weaken || c->litmus || partly ||
			  c->options.strategy != XP_PROVE))
		return usage_error("--matrix proves: it takes no --replay, --svg, --weaken, --litmus, "
				   "--bound, --strategy, --count");
	if (!c->matrix && (c->cache || c->no_cache))
		return usage_error("--cache and --no-cache go with --matrix");
	return 0;
}

static int check_parts(const struct explore_command *c)
{
	bool in_parts = c->jobs || c->shards || c->resume || c->merging;

	if (in_parts && (c->options.bound >= 0 || c->options.strategy != XP_PROVE || c->replay || c->weaken ||
			 c->litmus))
		return usage_error("--jobs, --shard, --resume and --merge divide a proof: they take no "
				   "--bound, --strategy, --count, --replay, --weaken, --litmus");
	if (c->matrix && (c->shards || c->resume || c->merging))
		return usage_error("--matrix has a cache of its own: it takes no --shard, --resume, --merge");
	if (c->shards && !c->resume)
		return usage_error("--shard takes --resume FILE: what it finds goes there");
	if (c->merging && (!c->n_merge || c->resume || c->jobs))
		return usage_error("--merge takes the files of all shards, and no --resume, --jobs");
	return 0;
}

int explore_command_check(const struct explore_command *c)
{
	int code = check_studies(c);

	return code ? code : check_parts(c);
}

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
