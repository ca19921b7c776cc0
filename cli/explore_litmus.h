/* SPDX-License-Identifier: GPL-2.0-or-later */
/* explore --litmus: the cores of what breaks, as files for other tools. */
#ifndef CLI_EXPLORE_LITMUS_H
#define CLI_EXPLORE_LITMUS_H

#include "cli/explore_options.h"

/* An exit code: 0 files were written, 5 for some cells there are none. */
int explore_litmus(struct explore_command *command);

#endif
