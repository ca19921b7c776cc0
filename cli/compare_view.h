/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A comparison as text, 100 columns at most unless a name is longer. */
#ifndef CLI_COMPARE_VIEW_H
#define CLI_COMPARE_VIEW_H

#include "results/compare.h"

void compare_view_print(const struct compare_result *result, const struct compare_options *options);

/* What an A/A comparison says about the procedure itself: how often it cried wolf. */
void compare_view_print_aa(const struct compare_result *result,
			   const struct compare_options *options);

#endif
