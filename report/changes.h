/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Several runs: what changed from the first to each other one, with verdicts. */
#ifndef REPORT_CHANGES_H
#define REPORT_CHANGES_H

#include <stdio.h>

#include "report/data/run.h"

/* Differences of machine and build are named above the verdicts. n is at least 2. */
void report_changes(FILE *out, const struct report_run *run, size_t n);

#endif
