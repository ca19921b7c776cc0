/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * States to go on from.  A search that knows what it will come back to (xp_search.returns) has them kept
 * there: what went before is then put back, stacks and all, and not executed again.
 */
#ifndef EXPLORE_CHECKPOINT_H
#define EXPLORE_CHECKPOINT_H

#include <stdbool.h>

extern bool xp_from_the_start; /* none is kept: for those who doubt it */
extern bool xp_noted_apart; /* the same: something is noted by execution that is no part of a state */

void xp_checkpoints_forget(void);

/* Is this level, whose first step has just been picked, one to keep?  From a fiber. */
bool xp_checkpoint_wanted(void);

/* On the main stack, while all fibers stand: keeps the state before the step of this level. */
void xp_checkpoint_save(void);

/*
 * Puts back the last state that is kept of the levels that are fixed, and forgets those behind it.
 * Returns its level, or -1: the execution begins at the start.
 */
int xp_checkpoint_resume(void);

#endif
