/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A cell in parts: by worker processes, by several machines, in several sittings. */
#ifndef CLI_EXPLORE_PARTS_H
#define CLI_EXPLORE_PARTS_H

#include "cli/explore_options.h"

/* Does the command line ask for that? */
bool explore_in_parts(const struct explore_command *c);

/* An exit code: are the files of --resume and --merge what they should be? */
int explore_parts_check(const struct explore_command *c);

/* As xp_cell_run(). */
void explore_parts_run(const struct explore_command *c, const struct xp_options *options,
		       struct xp_cell *cell);

#endif
