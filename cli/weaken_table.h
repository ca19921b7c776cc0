/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What --weaken tells people. */
#ifndef CLI_WEAKEN_TABLE_H
#define CLI_WEAKEN_TABLE_H

#include <stdio.h>

#include "cli/weaken_rows.h"

void weaken_table(FILE *out, const struct xp_barriers *b, const struct weaken_rows *rows);

#endif
