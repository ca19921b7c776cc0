/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One results folder in memory: whatever of its files can be read, and why the others cannot. */
#ifndef REPORT_RUN_H
#define REPORT_RUN_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include "report/data/cases.h"
#include "results/csv.h"

struct cJSON;

enum { REPORT_MAX_RUNS = 26 }; /* their labels are A to Z */

enum report_file {
	REPORT_BENCH,
	REPORT_LATENCY,
	REPORT_MATRIX,
	REPORT_EXPLORE,
	REPORT_STRESS,
	REPORT_WEAKEN,
	REPORT_KVM,
	REPORT_LAB,
	REPORT_N_FILES,
};

extern const char *const report_file_name[REPORT_N_FILES];

struct report_run {
	char dir[PATH_MAX];
	char label;				/* 'A', 'B', ...: where there are several */
	struct cJSON *run;			/* NULL: no run.json */
	struct csv_table table[REPORT_N_FILES]; /* without rows where `missing` says why */
	char missing[REPORT_N_FILES][PATH_MAX + 64];
	int spoilt[REPORT_N_FILES]; /* -errno: it is there, and cannot be read (-EBADMSG: is no CSV) */
	struct cases bench; /* of bench.csv */
	const char *base; /* differences are to be taken against it; NULL: see report_base() */
	const struct report_run *all; /* those that it stands beside, itself among them */
	size_t n_all;		      /* 0: it stands alone */
};

/*
 * -ENOENT: DIR has none of the files of a results folder; -ENOMEM. Everything else that is wrong with
 * a folder stands in `missing`.
 */
int report_run_load(struct report_run *run, const char *dir, char *err, size_t err_size);
void report_run_fini(struct report_run *run);

bool report_has(const struct report_run *run, enum report_file file);

/* A cell by the name of its column, "" where there is none; and its number, or NaN. */
const char *report_cell(const struct csv_table *table, size_t row, const char *column);
double report_number(const struct csv_table *table, size_t row, const char *column);

/* Appends, as far as it fits. */
void report_add(char *text, size_t size, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* A member of run.json, "machine.cpu_model"; "" where it is not a string. */
const char *report_text(const struct report_run *run, const char *path);
const struct cJSON *report_member(const struct report_run *run, const char *path);
/* What the run is called: its id, or the folder's name. */
const char *report_name(const struct report_run *run);
/* The kind of machine that it was measured on: the rows' column `machine`, else run.json's CPU; "". */
const char *report_kind(const struct report_run *run);
/* Are these of more than one kind?  Those of one stand together. */
bool report_has_kinds(const struct report_run *run, size_t n);

#endif
