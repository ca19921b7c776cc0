// SPDX-License-Identifier: GPL-2.0-or-later
/* Recorded command lines: read, extended, searched for a row, printed. */
#include "bench/session/recorded.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cjson/cJSON.h>

#include "bench/session/done.h"
#include "bench/run/run.h"
#include "results/error.h"
#include "results/provenance.h"

static int not_of_bench(const char *dir, char *err, size_t err_size)
{
	return results_fail(-EINVAL, err, err_size, "%s: its run.json has no command line of bench or run",
			    dir);
}

/* 0: it is not there, or far beyond what a plan has. */
static double number_of(const struct cJSON *plan, const char *name)
{
	const struct cJSON *item = cJSON_GetObjectItemCaseSensitive(plan, name);
	double v = cJSON_IsNumber(item) ? item->valuedouble : 0;

	return v > 0 && v < 1e15 ? v : 0;
}

int bench_recorded_load(struct bench_recorded *r, const char *dir, int argc, char **argv, char *err,
			size_t err_size)
{
	const struct cJSON *command, *item, *plan;

	*r = (struct bench_recorded){ 0 };
	if (provenance_read(dir, &r->run, err, err_size))
		return -EINVAL;
	command = cJSON_GetObjectItemCaseSensitive(r->run, "command");
	item = cJSON_GetArrayItem(command, 0);
	if (!cJSON_IsString(item) || (strcmp(item->valuestring, "bench") && strcmp(item->valuestring, "run")))
		return not_of_bench(dir, err, err_size);
	r->of_study = !strcmp(item->valuestring, "run");
	r->argv = calloc((size_t)cJSON_GetArraySize(command) + (size_t)argc + 32, sizeof(*r->argv));
	if (!r->argv)
		return results_fail(-ENOMEM, err, err_size, "Cannot allocate memory");
	r->argv[r->argc++] = argv[0];
	for (item = item->next; item; item = item->next) {
		if (!cJSON_IsString(item))
			return not_of_bench(dir, err, err_size);
		r->argv[r->argc++] = item->valuestring;
	}
	bench_recorded_drop(r, "--out");
	bench_recorded_drop(r, "--perf-control");
	for (int i = 1; i < argc; i++)
		r->argv[r->argc++] = argv[i];
	plan = cJSON_GetObjectItemCaseSensitive(r->run, "plan");
	r->processes = number_of(plan, "processes") >= 1 ? (unsigned int)number_of(plan, "processes") : 1;
	r->window_ns = (uint64_t)number_of(plan, "window_ns");
	r->live_window_ns = (uint64_t)number_of(plan, "live_window_ns");
	return 0;
}

void bench_recorded_drop(struct bench_recorded *r, const char *option)
{
	size_t length = strlen(option);
	int kept = 1;

	for (int i = 1; i < r->argc; i++) {
		if (!strcmp(r->argv[i], option))
			i++; /* its value */
		else if (strncmp(r->argv[i], option, length) || r->argv[i][length] != '=')
			r->argv[kept++] = r->argv[i];
	}
	r->argc = kept;
}

const char *bench_recorded_value(const struct bench_recorded *r, const char *option)
{
	size_t length = strlen(option);
	const char *value = NULL;

	for (int i = 1; i < r->argc; i++) {
		if (!strcmp(r->argv[i], option) && i + 1 < r->argc)
			value = r->argv[++i];
		else if (!strncmp(r->argv[i], option, length) && r->argv[i][length] == '=')
			value = r->argv[i] + length + 1;
	}
	return value;
}

int bench_recorded_add(struct bench_recorded *r, const char *option, const char *value)
{
	/* bench_recorded_load() left room; the JSON keeps the text. */
	struct cJSON *text = cJSON_CreateString(value);

	if (!text || !cJSON_AddItemToObject(r->run, option, text))
		return -ENOMEM;
	r->argv[r->argc++] = text->string;
	r->argv[r->argc++] = text->valuestring;
	return 0;
}

void bench_recorded_fini(struct bench_recorded *r)
{
	free(r->argv);
	cJSON_Delete(r->run);
	*r = (struct bench_recorded){ 0 };
}

int bench_recorded_split(const char *text, char *dir, size_t size, const char **row, char *err,
			 size_t err_size)
{
	for (const char *colon = strchr(text, ':'); colon; colon = strchr(colon + 1, ':')) {
		char path[PATH_MAX];

		snprintf(path, sizeof(path), "%.*s/run.json", (int)(colon - text), text);
		if (colon == text || access(path, R_OK))
			continue;
		snprintf(dir, size, "%.*s", (int)(colon - text), text);
		*row = colon + 1;
		if (**row)
			return 0;
	}
	return results_fail(-EINVAL, err, err_size,
			    "'%s': expected DIR:ROW, DIR being a results folder", text);
}

/* The plan's turn that row n of the CSV is of; *elsewhere: on other PUs than there. */
static int find_number(const char *path, const struct csv_table *table, uint64_t n,
		       const struct bench_plan *plan, size_t *turn, bool *elsewhere, char *err,
		       size_t err_size)
{
	const char *backend;

	if (n < 1 || n > table->n_rows)
		return results_fail(-EINVAL, err, err_size, "%s: has rows 1 to %zu", path, table->n_rows);
	if (!bench_done_turn(plan, table, n - 1, false, turn))
		return 0;
	*elsewhere = true;
	if (!bench_done_turn(plan, table, n - 1, true, turn))
		return 0;
	backend = csv_cell(table, n - 1, csv_table_find(table, "backend"));
	if (!bench_backend_find(backend) && strcmp(backend, "floor"))
		return results_fail(-EINVAL, err, err_size,
				    "%s: row %llu is of backend '%s', which is not here", path,
				    (unsigned long long)n, backend);
	return results_fail(-EINVAL, err, err_size,
			    "%s: row %llu is not of the plan that its run.json gives on this machine", path,
			    (unsigned long long)n);
}

int bench_recorded_row(const char *dir, const char *row, const struct bench_plan *plan, size_t *turn,
		       bool *elsewhere, char *err, size_t err_size)
{
	struct csv_table table;
	char path[PATH_MAX], *end;
	uint64_t n;
	int failed;

	*elsewhere = false;
	if (row[strspn(row, "0123456789")]) {
		*turn = bench_plan_find(plan, row);
		if (*turn < plan->n_turns)
			return 0;
		return results_fail(-EINVAL, err, err_size,
				    "row '%s': the folder's plan has none of this name", row);
	}
	errno = 0;
	n = strtoull(row, &end, 10);
	if (errno || *end || end == row)
		return results_fail(-EINVAL, err, err_size, "row '%s': not a number of a row", row);
	if (snprintf(path, sizeof(path), "%s/bench.csv", dir) >= (int)sizeof(path))
		return results_fail(-EINVAL, err, err_size, "%s: the path is too long", dir);
	if (csv_read(path, &table, err, err_size))
		return -EINVAL;
	failed = find_number(path, &table, n, plan, turn, elsewhere, err, err_size);
	csv_table_fini(&table);
	return failed;
}
