/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command line that a results folder was made with, to go on with it or to repeat a row. */
#ifndef CLI_RECORDED_H
#define CLI_RECORDED_H

struct cJSON;
struct bench_plan;

struct recorded {
	struct cJSON *run; /* what argv points into */
	char **argv;	   /* argv[0], the recorded options, the options given now */
	int argc;
	unsigned int processes; /* of the recorded plan */
};

/* EXIT_AS_STATED; EXIT_USAGE after one line on stderr: no folder of bench. */
int recorded_load(struct recorded *recorded, const char *dir, int argc, char **argv);
/* Takes an option and its value out, however often they stand there. */
void recorded_drop(struct recorded *recorded, const char *option);
/* Another option at the end; -ENOMEM. */
int recorded_add(struct recorded *recorded, const char *option, const char *value);
void recorded_fini(struct recorded *recorded);

/* "DIR:ROW" where DIR is a results folder; EXIT_USAGE otherwise.  *row points into text. */
int recorded_split(const char *text, char *dir, unsigned long size, const char **row);

/* ROW, a number of bench.csv (from 1) or a name, as a turn of the plan. */
int recorded_row(const char *dir, const char *row, const struct bench_plan *plan, unsigned long *turn);

/* The command as a shell takes it. */
void recorded_print(const struct recorded *recorded);

#endif
