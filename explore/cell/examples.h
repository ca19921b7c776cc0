/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From executions to schedules and back. */
#ifndef EXPLORE_EXAMPLES_H
#define EXPLORE_EXAMPLES_H

#include "explore/cell/explore.h"

/* Of the execution that has just ended. */
void xp_example_schedule(char text[XP_SCHEDULE]);
int xp_example_preemptions(void);

/* What the replay search follows next. */
void xp_example_load(const char *schedule);

/* The smallest scenario, and there the fewest preemptions, and there the fewest steps, that show it. */
bool xp_example_search(struct xp_cell *cell, const struct xp_options *options, unsigned int wanted);

#endif
