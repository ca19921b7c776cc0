/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Exact counts of a cell, as text, JSON and columns of explore.csv; nothing where there are none. */
#ifndef CLI_EXPLORE_COUNTS_H
#define CLI_EXPLORE_COUNTS_H

#include "cli/explore_output.h"

struct csv_row;

void explore_print_counts(const struct explore_row *row);
struct cJSON *explore_counts_json(const struct explore_row *row);
void explore_fill_counts(struct csv_row *csv, const struct explore_row *row);

/* A cell's random executions under PCT, to stand beside its exact count. */
void explore_sample_pct(const struct xp_cell *cell, const struct xp_options *options,
			struct xp_cell *pct);

#endif
