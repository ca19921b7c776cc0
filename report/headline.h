/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The answer of a run in one sentence, with its bounds: for the terminal and for the page. */
#ifndef REPORT_HEADLINE_H
#define REPORT_HEADLINE_H

#include "report/data/run.h"

enum { HEADLINE_SIZE = 2048 };
/* "" where the run has neither figures nor verdicts of old and patched. */
void report_headline(const struct report_run *run, char text[HEADLINE_SIZE]);

#endif
