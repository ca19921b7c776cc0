/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command line that a results folder was made with, to go on with it or to repeat a row. */
#ifndef BENCH_RECORDED_H
#define BENCH_RECORDED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cJSON;
struct bench_plan;

struct bench_recorded {
	struct cJSON *run; /* what argv points into */
	char **argv;	   /* argv[0], the recorded options, the options given now */
	int argc;
	unsigned int processes; /* of the recorded plan */
	uint64_t window_ns, live_window_ns; /* likewise, when a budget had shrunk them; 0: not said */
	bool of_study;		/* the options are those of `run` */
};

/* 0; -EINVAL with a line in err: no folder of bench; -ENOMEM. */
int bench_recorded_load(struct bench_recorded *recorded, const char *dir, int argc, char **argv, char *err,
			size_t err_size);
/* Takes an option and its value out, however often they stand there. */
void bench_recorded_drop(struct bench_recorded *recorded, const char *option);
/* What an option was given, the last time; NULL: it was not. */
const char *bench_recorded_value(const struct bench_recorded *recorded, const char *option);
/* Another option at the end, each at most once; -ENOMEM. */
int bench_recorded_add(struct bench_recorded *recorded, const char *option, const char *value);
void bench_recorded_fini(struct bench_recorded *recorded);

/* "DIR:ROW" where DIR is a results folder; -EINVAL with a line in err otherwise.  *row points into text. */
int bench_recorded_split(const char *text, char *dir, size_t size, const char **row, char *err,
			 size_t err_size);

/*
 * ROW, a number of bench.csv (from 1) or a name, as a turn of the plan; *elsewhere: the plan has it on other
 * PUs.  -EINVAL with a line in err.
 */
int bench_recorded_row(const char *dir, const char *row, const struct bench_plan *plan, size_t *turn,
		       bool *elsewhere, char *err, size_t err_size);

#endif
