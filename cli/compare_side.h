/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One of the two sides of a comparison: its rows, and the run.json that speaks for them. */
#ifndef CLI_COMPARE_SIDE_H
#define CLI_COMPARE_SIDE_H

#include <stdbool.h>

#include "results/csv.h"
#include "results/provenance.h"

struct cJSON;

struct compare_side {
	const char *path;
	struct csv_table table;
	struct cJSON *run; /* NULL: no run.json */
};

/* An exit code; what is wrong has been said.  Unload in either case. */
int compare_side_load(struct compare_side *side);
void compare_side_unload(struct compare_side *side);

/* What differs between the sides; what decides a figure is refused, unless forced. */
int compare_sides_check(const struct compare_side *a, const struct compare_side *b, bool force,
			struct provenance *p);
/* What a reader must know of sides that were compared, on stderr.  b == a: the halves of a. */
void compare_sides_notes(const struct compare_side *a, const struct compare_side *b,
			 const struct provenance *p);

void compare_side_print(const char *name, const struct compare_side *side);
struct cJSON *compare_side_json(const struct compare_side *side);

#endif
