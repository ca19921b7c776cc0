/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A comparison as text, 100 columns at most unless a name is longer. */
#ifndef CLI_VIEW_COMPARE_H
#define CLI_VIEW_COMPARE_H

#include "results/compare.h"
#include "results/compare_side.h"
#include "results/provenance.h"

/* Which the sides are.  b == a: the halves of a, here and below. */
void view_compare_sides(const struct compare_side *a, const struct compare_side *b);
void view_compare(const struct compare_result *result, const struct compare_options *options);

/* What an A/A comparison says about the procedure itself: how often it cried wolf. */
void view_compare_aa(const struct compare_result *result, const struct compare_options *options);

/* What a reader must know of sides that were compared, on stderr. */
void view_compare_notes(const struct compare_side *a, const struct compare_side *b,
			const struct provenance *p);
struct cJSON *view_side_json(const struct compare_side *side);

#endif
