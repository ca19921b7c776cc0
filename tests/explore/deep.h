/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the quick tier has no time for: EXPLORE_ALL asks it, and test_full_explore.sh sets that.
 */
#ifndef TESTS_EXPLORE_DEEP_H
#define TESTS_EXPLORE_DEEP_H

#include <stdlib.h>
#include <string.h>

#include "explore/engine/state.h"

static inline bool deep(void)
{
	const char *all = getenv("EXPLORE_ALL");

	return all && *all;
}

/* tso is pso's machine with one buffer in place of several: of the two the quick tier asks the wider one. */
static inline bool deep_model(const struct xp_model *model)
{
	return !strcmp(model->name, "tso") && !deep();
}

/* It asks what is large under sc only, and what is not in the widest machine of each kind. */
static inline bool deep_cell(const struct xp_model *model, bool large)
{
	return !deep() && (large != !strcmp(model->name, "sc") || deep_model(model));
}

#endif
