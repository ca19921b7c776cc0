/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command line of bench, which run shares in part. */
#ifndef CLI_BENCH_OPTIONS_H
#define CLI_BENCH_OPTIONS_H

#include <stdbool.h>

#include "bench/plan/plan.h"
#include "cli/opt.h"

struct bench_command {
	struct bench_options bench;
	const char *out;
	const char *xml, *synthetic; /* planning only */
	const char *kicker_pu, *vcpu_pu;
	const char *resume; /* a results folder to go on with */
	const char *replay; /* DIR:ROW */
	bool is_process;    /* of many: --process */
	unsigned int process;
	uint64_t budget_ns; /* 0: none */
	struct perf_set perf; /* what bench.perf points to */
	const char *perf_control; /* FIFO[,ACK] */
	bool json, plan, help;
	struct opt_list lists[48]; /* what the option lists point into */
	size_t n_lists;
};

/* Defaults of `kickbench bench`. */
void bench_command_init(struct bench_command *command);
/* EXIT_AS_STATED, or EXIT_USAGE after one line on stderr. */
int bench_command_parse(struct bench_command *command, int argc, char **argv);
/* The PUs that were named, once the topology is known. */
int bench_command_resolve(struct bench_command *command, const struct topo *topo);
void bench_command_fini(struct bench_command *command);

/*
 * --perf: off, or a list of events into `set`, which `chosen` then points to; NULL stands for the
 * defaults.  EXIT_USAGE after one line on stderr.
 */
int bench_take_perf(const char *text, struct perf_set *set, const struct perf_set **chosen);

/* Every backend but the broken ones. */
void bench_command_sound_backends(struct bench_options *options);

extern const char bench_command_help[];

#endif
