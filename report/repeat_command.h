/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Under each figure: the command that repeats it. */
#ifndef REPORT_REPEAT_COMMAND_H
#define REPORT_REPEAT_COMMAND_H

#include <stdio.h>

#include "report/data/run.h"

/* `what` is a verb with its options; a bench gets the run's backends, repetitions and seed. */
void report_repeat(FILE *out, const struct report_run *run, const char *what);
/* The run's own command line, quoted for a shell; "" if it is not known. Static. */
const char *report_command(const struct report_run *run);

#endif
