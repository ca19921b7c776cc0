/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a stress run leaves behind: its results folder, stress.csv, traces, text and JSON. */
#ifndef CLI_STRESS_REPORT_H
#define CLI_STRESS_REPORT_H

#include <stdio.h>

#include "results/folder.h"
#include "stress/stress.h"

struct stress_report {
	struct folder folder;
	struct csv_writer csv;
	const struct stress_options *options;
	char err[512];
};

/* "stalls+load"; "" for none. */
void stress_fault_names(unsigned int faults, char *text, size_t size);

/* Writes the backend's rows.  -errno of csv_write(). */
int stress_report_rows(struct csv_writer *csv, const char *run_id,
		       const struct stress_backend *backend, const struct stress_options *options,
		       const struct stress_result *result);

/* The block of a backend: verdict, counts, violations by window. */
void stress_report_print(FILE *out, const struct stress_backend *backend,
			 const struct stress_options *options, const struct stress_result *result);

struct cJSON;
struct cJSON *stress_report_json(const struct stress_backend *backend,
				 const struct stress_options *options,
				 const struct stress_result *result);

/* ok, violated or inconclusive: of the property. */
const char *stress_expected_word(const struct stress_backend *backend);

#endif
