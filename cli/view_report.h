/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A run's figures on a terminal: its headline, its tables, its cases; and the report at its end. */
#ifndef CLI_VIEW_REPORT_H
#define CLI_VIEW_REPORT_H

#include <stdbool.h>
#include <stdio.h>

struct report_run;
struct bench_session;

/* At most 100 columns; bold on a terminal. False, and nothing, where the run has nothing to say. */
bool view_headline(const struct report_run *run, FILE *out);

/* Says on stderr which files of the folder are there and cannot be read.  An exit code. */
int view_spoilt(const struct report_run *run);

/* Writes DIR/report.html, prints the headline and where the page is. An exit code. */
int view_run(const char *dir, FILE *out);

/* The tables of `kickbench run`: what a kick costs on each path, what migration does, a broadcast. */
int view_tables(const char *dir);
/* Every cell of the plan, as a table or as JSON. */
int view_cells(const struct bench_session *session, bool json);

#endif
