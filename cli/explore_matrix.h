/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Every backend in every preset under every memory model, as tables. */
#ifndef CLI_EXPLORE_MATRIX_H
#define CLI_EXPLORE_MATRIX_H

#include "cli/explore_options.h"
#include "cli/explore_output.h"

/*
 * Judges the cells of the command line against their declarations, from the cache where it knows them, and
 * prints a table for each preset (not with --json).  Each row goes to report() as well.  An exit code.
 */
int explore_matrix(const struct explore_command *c, void (*report)(void *arg, const struct explore_row *row),
		   void *arg);

#endif
