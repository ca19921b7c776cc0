/* SPDX-License-Identifier: GPL-2.0-or-later */
/* While a cell is explored: its time, progress on a terminal, and signals that end it all. */
#ifndef CLI_EXPLORE_WATCH_H
#define CLI_EXPLORE_WATCH_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

struct watch {
	struct timespec began;
	double limit; /* seconds, 0: none */
	bool terminal;
	uint64_t shown;
};

void watch_signals(void);
int watch_caught(void); /* the signal, or 0 */

void watch_begin(struct watch *w, double limit);
double watch_elapsed(const struct watch *w);
/* For xp_options.tick, with the watch as its arg. */
bool watch_tick(void *arg, uint64_t executions);
void watch_end(struct watch *w); /* wipes its progress line */
void watch_wipe(const struct watch *w); /* wipes whatever stands there */

#endif
