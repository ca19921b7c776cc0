/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command line of explore. */
#ifndef CLI_EXPLORE_OPTIONS_H
#define CLI_EXPLORE_OPTIONS_H

#include "cli/opt.h"
#include "explore/cell/explore.h"

enum { EXPLORE_MAX_LIST = 128 };

struct explore_command {
	const struct xp_backend *backend[EXPLORE_MAX_LIST];
	size_t n_backends;
	const struct xp_scenario *preset[EXPLORE_MAX_LIST];
	size_t n_presets;
	const char *model[8];
	size_t n_models;
	struct xp_scenario changed; /* free parameters: -1 = as the preset has it */
	int put, shared;	    /* -1: as the preset has it */
	enum xp_form form;
	struct xp_options options;
	double seconds; /* per cell, 0: no limit */
	bool json, expect, list, all_steps;
	bool weaken, pairs; /* which orders carry weight, alone or in pairs too */
	bool matrix, no_cache, all_orders;
	int jobs;	     /* worker processes, 0: none */
	unsigned int shard, shards; /* from 1; 0: all of it */
	const char *resume;
	bool merging;
	char **merge; /* files */
	size_t n_merge;
	const char *replay, *out, *svg, *cache, *litmus;
};

/* The preset with the command line's changes. */
struct xp_scenario explore_scenario(const struct explore_command *command,
				    const struct xp_scenario *preset);

#endif
