/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tables of a run for a terminal, each in its file, of at most 100 columns; and its cases as JSON. */
#ifndef REPORT_TEXT_H
#define REPORT_TEXT_H

#include <stdio.h>

#include "report/data/run.h"

/* What the hardware takes, and what the harness adds: the figures that all others stand on. */
void text_floors(FILE *out, const struct report_run *run);
/* The price of the patch on every path and form. */
void text_price_table(FILE *out, const struct report_run *run);
/* Every protocol on the main paths. */
void text_protocol_table(FILE *out, const struct report_run *run);
/* What migration does. */
void text_migration_table(FILE *out, const struct report_run *run);
/* One request to many vCPUs. */
void text_broadcast_table(FILE *out, const struct report_run *run);

/* Where the kernel's own IPIs were measured: beside others, and their books.  Else nothing. */
void text_kernel_table(FILE *out, const struct report_run *run);

/* Every case, one line each; those that cannot be, once per backend and reason. */
void text_case_table(FILE *out, const struct report_run *run);
struct cJSON *text_cases_json(const struct report_run *run); /* an object each; NULL: out of memory */

struct compare_options;
struct compare_result;
/* A comparison on stdout: a line per case, and what was found in all of them. */
void text_compare_table(const struct compare_result *result, const struct compare_options *options);
/* The same as Markdown. */
void text_compare_markdown(const struct compare_result *result, const struct compare_options *options);
/* Of a gated comparison: the smallest change that each scenario could have shown. */
void text_compare_gate(const struct compare_result *result, const struct compare_options *options);
/* What an A/A comparison says about the procedure itself: how often it cried wolf. */
void text_compare_aa(const struct compare_result *result, const struct compare_options *options);

#endif
