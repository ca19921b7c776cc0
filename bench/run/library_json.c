// SPDX-License-Identifier: GPL-2.0-or-later
/* The members that compare.py reads: name, repetition_index, real_time, cpu_time. */
#include "bench/run/library_json.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cjson/cJSON.h>

#include "results/error.h"
#include "results/file.h"
#include "results/json.h"

static cJSON *runs_of(const cJSON *report)
{
	return cJSON_GetObjectItemCaseSensitive(report, "benchmarks");
}

struct cJSON *bench_library_json(struct cJSON *before, int fd)
{
	char path[32], *text;
	cJSON *report, *runs;
	size_t length;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (results_read(path, &text, &length))
		return before;
	report = results_json_parse(text);
	free(text);
	if (!before)
		return report;
	runs = runs_of(report);
	while (runs && runs->child)
		cJSON_AddItemToArray(runs_of(before), cJSON_DetachItemViaPointer(runs, runs->child));
	cJSON_Delete(report);
	return before;
}

/* "fastpath/.../old/pu:0-1/rep:3/iterations:1/manual_time" without its rep:3, which is returned; -1: none. */
static long cut_repetition(cJSON *name)
{
	char *rep = cJSON_IsString(name) ? strstr(name->valuestring, "/rep:") : NULL, *end;
	long repetition;

	if (!rep)
		return -1;
	repetition = strtol(rep + 5, &end, 10);
	memmove(rep, end, strlen(end) + 1);
	return repetition;
}

static void set_number(cJSON *run, const char *name, double value)
{
	cJSON *item = cJSON_GetObjectItemCaseSensitive(run, name);

	if (item)
		cJSON_SetNumberValue(item, value);
	else
		cJSON_AddNumberToObject(run, name, value);
}

/* The library's CPU time is that of setting up the row; who is timed is on its PU all the while. */
static void make_repetition(cJSON *run, unsigned int repetitions)
{
	const cJSON *real = cJSON_GetObjectItemCaseSensitive(run, "real_time");
	long repetition = cut_repetition(cJSON_GetObjectItemCaseSensitive(run, "name"));

	cut_repetition(cJSON_GetObjectItemCaseSensitive(run, "run_name"));
	set_number(run, "repetitions", repetitions);
	set_number(run, "repetition_index", (double)repetition);
	set_number(run, "cpu_time", real ? real->valuedouble : 0);
}

static bool has_figure(const cJSON *run)
{
	const cJSON *real = cJSON_GetObjectItemCaseSensitive(run, "real_time");

	return cJSON_IsNumber(real) && real->valuedouble > 0 &&
	       !cJSON_GetObjectItemCaseSensitive(run, "error_occurred") &&
	       !cJSON_GetObjectItemCaseSensitive(run, "skipped");
}

int bench_library_json_write(struct cJSON *report, const char *path, unsigned int repetitions)
{
	cJSON *runs = runs_of(report), *run, *next;
	char *text;
	int failed;

	for (run = runs ? runs->child : NULL; run; run = next) {
		next = run->next;
		if (has_figure(run))
			make_repetition(run, repetitions);
		else
			cJSON_Delete(cJSON_DetachItemViaPointer(runs, run));
	}
	text = results_json_print(report, true);
	failed = text ? results_file_write(path, text, strlen(text)) : -ENOMEM;
	free(text);
	return failed;
}
