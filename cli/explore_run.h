/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One cell as the command line wants it. */
#ifndef CLI_EXPLORE_RUN_H
#define CLI_EXPLORE_RUN_H

#include "cli/explore_options.h"
#include "cli/explore_output.h"

/* The cell that is to be explored, and what is declared of it. */
void explore_begin(const struct explore_command *c, const struct xp_backend *backend,
		   const struct xp_scenario *preset, const char *model, struct xp_cell *cell,
		   struct explore_row *row);

/* Explores and judges it; an exit code. */
int explore_run(const struct explore_command *c, struct xp_cell *cell, struct explore_row *row);

#endif
