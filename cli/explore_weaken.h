/* SPDX-License-Identifier: GPL-2.0-or-later */
/* explore --weaken: which orders of a protocol carry weight. */
#ifndef CLI_EXPLORE_WEAKEN_H
#define CLI_EXPLORE_WEAKEN_H

#include "cli/explore_options.h"

/* An exit code: 0 all is decided, whatever breaks; 5 some cells are not. */
int explore_weaken(struct explore_command *command, int argc, char **argv);

#endif
