/* SPDX-License-Identifier: GPL-2.0-or-later */
/* --perf, which bench and run share. */
#ifndef CLI_OPT_PERF_H
#define CLI_OPT_PERF_H

#include "perf/perf.h"

/* What it takes besides the names of events. */
extern const char *const opt_perf_words[3];

/*
 * off, or a list of events into `set`, which `chosen` then points to; NULL stands for the defaults.
 * EXIT_USAGE after one line on stderr.
 */
int opt_take_perf(const char *verb, const char *text, struct perf_set *set, const struct perf_set **chosen);

#endif
