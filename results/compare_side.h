/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One of the two sides of a comparison: its rows, and the run.json that speaks for them. */
#ifndef RESULTS_COMPARE_SIDE_H
#define RESULTS_COMPARE_SIDE_H

#include "results/csv.h"

struct cJSON;

struct compare_side {
	const char *path; /* a results folder, or a CSV file */
	struct csv_table table;
	struct cJSON *run; /* NULL: no run.json */
};

/* -errno and one line in err: no such file, none of CSV, run.json no JSON.  Unload in either case. */
int compare_side_load(struct compare_side *side, char *err, size_t err_size);
void compare_side_unload(struct compare_side *side);

#endif
