/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tables of `kickbench run`. */
#ifndef CLI_HEADLINE_H
#define CLI_HEADLINE_H

#include <stdio.h>

#include "cli/summary.h"

/* At most 100 columns.  Cells that were not measured are left out, with their reason where short. */
void headline_print(const struct summary *summary, FILE *out);

#endif
