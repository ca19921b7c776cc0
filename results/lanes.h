/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An execution as lanes: a thread each, a step a line, time goes down.  explore and stress fill it; it has
 * one text, for people, and one JSON, for programs; report/ draws it.
 */
#ifndef RESULTS_LANES_H
#define RESULTS_LANES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct cJSON;

enum { LANES_MAX = 80 };

enum lanes_mark {
	LANES_PLAIN,
	LANES_HITS,   /* an IPI or a call that makes the vCPU leave the guest */
	LANES_MISSES, /* ... that does not */
	LANES_ENTERS, /* the guest */
	LANES_LEAVES,
	LANES_FOUND, /* what should not be */
};

struct lanes_step {
	long long at; /* its number; ns from the end, below zero, where lanes are timed */
	int lane;
	int cpu; /* that it is done on, -1: not known */
	int to;	 /* the lane that an IPI or a call is for, -1: none */
	enum lanes_mark mark;
	char does[160];
	char effect[40];  /* of an IPI or a call */
	char order[16];	  /* as the source has it: "release" */
	char source[160]; /* text of the source, and the place of it: "impl/old.h:35" */
	char where[96];
	char found[160]; /* what should not be and is so from here on, or "" */
};

struct lanes {
	bool timed; /* by a clock; then nothing is known of source and order */
	bool whole; /* no step was left out, and the text leaves out none: the last that it needs has found */
	struct lanes_lane {
		char name[32];
		bool vcpu; /* it carries one, or several */
		int cpu;   /* that it begins on, -1: not known */
	} lane[LANES_MAX]; /* from left to right */
	int n_lanes;
	struct lanes_step *step;
	size_t n, room;
	char head[256]; /* a line above, or "" */
	char end[800];	/* how it ended, or a line below of those that are timed */
};

/* An empty step at the end, number n; NULL: no memory. */
struct lanes_step *lanes_add(struct lanes *lanes);
void lanes_fini(struct lanes *lanes);

/* In lines of at most so many columns, as long as words have room. */
/* "v: vCPU on pCPU 0": where it begins. */
int lanes_title(const struct lanes *lanes, int lane, char *text, size_t size);
void lanes_text(FILE *out, const struct lanes *lanes, int width);
/* To be freed; NULL: no memory. */
char *lanes_text_of(const struct lanes *lanes, int width);
/* All of it; its steps alone. */
struct cJSON *lanes_json(const struct lanes *lanes);
struct cJSON *lanes_json_steps(const struct lanes *lanes);

/* NAME.json of a results folder.  0 or -errno; -EBADMSG: no lanes. */
int lanes_load(struct lanes *lanes, const char *dir, const char *name);
/* The same of JSON in memory. */
int lanes_read(struct lanes *lanes, const char *json);

#endif
