/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the ways to run a cell share. */
#ifndef EXPLORE_CELL_H
#define EXPLORE_CELL_H

#include "explore/cell/explore.h"

/* tally.c */
/* Does the execution that has just ended count, with what the cell assumes? */
bool xp_cell_counts(const struct xp_cell *cell);
/* Of one that found something. */
void xp_keep(struct xp_cell *cell);
/* Every so many tries, each of which is announced: the same schedule once more must come to the same end. */
void xp_announce(uint64_t tries);
void xp_check_again(void);
/* Adds the engine's counters to the cell's. */
void xp_take_totals(struct xp_cell *cell);

/* schedule.c: from executions to schedules and back */
/* Of the execution that has just ended. */
void xp_example_schedule(char text[XP_SCHEDULE]);
int xp_example_preemptions(void);

extern const struct xp_search xp_replay;
/* What it follows next. */
void xp_example_load(const char *schedule);
/* From now on: what does not fit is left out, and at the end whoever can goes on. */
void xp_example_lenient(bool lenient);

/* replay.c */
/* A name that --replay verifies: the hash of all operations, from a run of the schedule itself. */
bool xp_seal(struct xp_cell *cell);

/* turn.c: where a recorded execution goes wrong */
struct xp_turn {
	int from, to; /* the records of that step */
};
void xp_turns_begin(void);
/* Between two steps, with these agents enabled; none: at the end. */
void xp_turns_look(uint32_t enabled);
/* Of the violation 1 << bit, which was found. */
struct xp_turn xp_turn_of(int bit);

/* shrink.c */
/* The smallest scenario, and there the fewest preemptions, and there the fewest steps, that show it. */
bool xp_example_search(struct xp_cell *cell, const struct xp_options *options, unsigned int wanted);

/* parts.c */
/* After xp_begin(): how many parts there are, with the engine ready to explore them. */
void xp_split(struct xp_parts *parts);
/* Those of options->parts; true: all of them were asked about and those that are its own explored. */
bool xp_run_parts(struct xp_cell *cell, const struct xp_options *options);

#endif
