/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The page made of results folders: one HTML file without scripts and without the network. It is made
 * of the folders' files only, so that folders from elsewhere, older ones and torn ones do, too.
 */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include "report/data/run.h"
#include "report/draw/lanes.h"

enum { REPORT_MAX_RUNS = 16 };

/*
 * Write the page to `path`, which is replaced when all of it is there. Several runs stand side by
 * side; the others are compared with the first. -errno and one line in err.
 */
int report_write(const struct report_run *run, size_t n, const char *path, char *err, size_t err_size);

enum { HEADLINE_SIZE = 2048 };
/*
 * The answer of a run in one sentence, with its bounds: for the terminal and for the page.  "" where the
 * run has neither figures nor verdicts of old and patched.
 */
void report_headline(const struct report_run *run, char text[HEADLINE_SIZE]);

/* Parts of the page: what changed from the first run to each other one, of n, at least 2; */
void report_changes(FILE *out, const struct report_run *run, size_t n);
/* and the command that repeats a figure: a verb with its options, of a bench those of the run, too. */
void report_repeat(FILE *out, const struct report_run *run, const char *what);

#endif
