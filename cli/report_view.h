/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The headline on a terminal, and the report at the end of a run. */
#ifndef CLI_REPORT_VIEW_H
#define CLI_REPORT_VIEW_H

#include <stdbool.h>
#include <stdio.h>

struct report_run;

/* At most 100 columns; bold on a terminal. False, and nothing, where the run has nothing to say. */
bool report_view_headline(const struct report_run *run, FILE *out);

/* Writes DIR/report.html, prints the headline and where the page is. An exit code. */
int report_view_run(const char *dir, FILE *out);

#endif
