// SPDX-License-Identifier: GPL-2.0-or-later
/* The only clock of explore, and what a reader sees while it runs. */
#include "cli/explore_watch.h"

#include <stdio.h>
#include <unistd.h>

#include "cli/signals.h"

void watch_signals(void)
{
	verb_catch_signals();
}

int watch_caught(void)
{
	return verb_signal();
}

void watch_begin(struct watch *w, double limit)
{
	*w = (struct watch){ .limit = limit, .terminal = isatty(STDERR_FILENO) };
	clock_gettime(CLOCK_MONOTONIC, &w->began);
}

double watch_elapsed(const struct watch *w)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec - w->began.tv_sec + (now.tv_nsec - w->began.tv_nsec) * 1e-9;
}

bool watch_tick(void *arg, uint64_t executions)
{
	struct watch *w = arg;
	double seconds = watch_elapsed(w);

	if (w->terminal && executions >= w->shown + 200000) {
		w->shown = executions;
		fprintf(stderr, "\r%llu executions, %.1f s", (unsigned long long)executions, seconds);
	}
	return !verb_signal() && (!w->limit || seconds < w->limit);
}

void watch_end(struct watch *w)
{
	if (w->shown)
		watch_wipe(w);
}

void watch_wipe(const struct watch *w)
{
	if (w->terminal)
		fputs("\r\033[K", stderr);
}
