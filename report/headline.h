/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The answer of a run, for the terminal, the README and the page alike: three tiles, then one sentence,
 * and beside them how noisy the machine was.
 */
#ifndef REPORT_HEADLINE_H
#define REPORT_HEADLINE_H

#include <stdbool.h>
#include "report/data/run.h"

enum { HEADLINE_SIZE = 2048, HEADLINE_LINES = 16, HEADLINE_TILES = 3 };

/* "+5.26 ns [5.16, 5.42]", and what it is */
struct report_line {
	char figure[64], says[512];
};

struct report_tile {
	const char *title;
	struct report_line line[HEADLINE_LINES];
	size_t n;
};

struct report_headline {
	struct report_tile tile[HEADLINE_TILES];
	char sentence[HEADLINE_SIZE]; /* "": neither figures nor verdicts to compare */
	char noise[160];	      /* "busy: load 30, steal 4 %"; "": not recorded */
	bool busy;
};

void report_headline(const struct report_run *run, struct report_headline *headline);

#endif
