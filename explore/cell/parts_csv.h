/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A cell in parts: by worker processes, by several machines, in several sittings.  What was explored lies in
 * CSV files, one row per part, with the hash of the sources, the cell's name and how many parts there are.
 * So a search is complete when every part has a row, whoever wrote it.
 */
#ifndef EXPLORE_PARTS_CSV_H
#define EXPLORE_PARTS_CSV_H

#include "explore/cell/ask.h"
#include "explore/cell/errand.h"

/* Does it say more than "all at once"? */
bool xp_divided(const struct xp_division *division);

/* Notes in the file of --resume which cells it is for, and which shard of them it is.  -errno. */
int xp_parts_begin(const struct xp_ask *ask);

/* As xp_errand_run() for xp_errand_cell(), with the limit of the errand's budget, whose watcher is told. */
void xp_run_divided(const struct xp_division *division, struct xp_errand *errand);

#endif
