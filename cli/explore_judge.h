/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Judging a cell of explore: its property, or its backend's declaration. */
#ifndef CLI_EXPLORE_JUDGE_H
#define CLI_EXPLORE_JUDGE_H

#include "cli/explore_output.h"

/* Fills the row's verdict; an exit code.  row->expected: exactly what is declared must be found. */
int explore_judge(struct explore_row *row);

#endif
