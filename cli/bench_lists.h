/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Each takes an option's value into the command: 0, or EXIT_USAGE after one line on stderr. */
#ifndef CLI_BENCH_LISTS_H
#define CLI_BENCH_LISTS_H

#include "cli/bench_options.h"

int bench_take_backends(struct bench_command *command, const char *text);
int bench_take_scenarios(struct bench_command *command, const char *text);
int bench_take_distances(struct bench_command *command, const char *text);
int bench_take_transports(struct bench_command *command, const char *text);
int bench_take_kickers(struct bench_command *command, const char *text);
int bench_take_pcpus(struct bench_command *command, const char *text);
int bench_take_vcpus(struct bench_command *command, const char *text);
int bench_take_in_guest(struct bench_command *command, const char *text);
int bench_take_migrations(struct bench_command *command, const char *text);

/* A rate such as 20k, of `least` or more. */
int bench_take_rate(const char *option, const char *text, uint64_t least, double *rate);

/* Words of which each must be one of `known`; names[] points into the command. */
int bench_take_names(struct bench_command *command, const char *option, const char *text,
		     const char *const *known, size_t n_known, const char **names, size_t *n);

#endif
