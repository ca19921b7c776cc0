// SPDX-License-Identifier: GPL-2.0-or-later
/* Recorded command lines: read, extended, searched for a row, printed. */
#include "cli/recorded.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cjson/cJSON.h>

#include "bench/session/done.h"
#include "bench/run/run.h"
#include "cli/exit_code.h"
#include "cli/opt.h"
#include "results/command.h"
#include "results/provenance.h"

static int not_of_bench(const char *dir)
{
	return usage_error("%s: its run.json has no command line of bench", dir);
}

int recorded_load(struct recorded *r, const char *dir, int argc, char **argv)
{
	const struct cJSON *command, *item, *plan;
	char err[512];

	*r = (struct recorded){ 0 };
	if (provenance_read(dir, &r->run, err, sizeof(err)))
		return usage_error("%s", err);
	command = cJSON_GetObjectItemCaseSensitive(r->run, "command");
	item = cJSON_GetArrayItem(command, 0);
	if (!cJSON_IsString(item) || strcmp(item->valuestring, "bench"))
		return not_of_bench(dir);
	r->argv = calloc((size_t)cJSON_GetArraySize(command) + (size_t)argc + 8, sizeof(*r->argv));
	if (!r->argv)
		return env_error("out of memory");
	r->argv[r->argc++] = argv[0];
	for (item = item->next; item; item = item->next) {
		if (!cJSON_IsString(item))
			return not_of_bench(dir);
		r->argv[r->argc++] = item->valuestring;
	}
	recorded_drop(r, "--out");
	recorded_drop(r, "--perf-control");
	for (int i = 1; i < argc; i++)
		r->argv[r->argc++] = argv[i];
	plan = cJSON_GetObjectItemCaseSensitive(r->run, "plan");
	item = cJSON_GetObjectItemCaseSensitive(plan, "processes");
	r->processes = item && item->valuedouble >= 1 ? (unsigned int)item->valuedouble : 1;
	return EXIT_AS_STATED;
}

void recorded_drop(struct recorded *r, const char *option)
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

int recorded_add(struct recorded *r, const char *option, const char *value)
{
	/* recorded_load() left room; the JSON keeps the text. */
	struct cJSON *text = cJSON_CreateString(value);

	if (!text || !cJSON_AddItemToObject(r->run, option, text))
		return -ENOMEM;
	r->argv[r->argc++] = text->string;
	r->argv[r->argc++] = text->valuestring;
	return 0;
}

void recorded_fini(struct recorded *r)
{
	free(r->argv);
	cJSON_Delete(r->run);
	*r = (struct recorded){ 0 };
}

int recorded_split(const char *text, char *dir, unsigned long size, const char **row)
{
	for (const char *colon = strchr(text, ':'); colon; colon = strchr(colon + 1, ':')) {
		char path[PATH_MAX];

		snprintf(path, sizeof(path), "%.*s/run.json", (int)(colon - text), text);
		if (colon == text || access(path, R_OK))
			continue;
		snprintf(dir, size, "%.*s", (int)(colon - text), text);
		*row = colon + 1;
		if (**row)
			return EXIT_AS_STATED;
	}
	return usage_error("--replay '%s': expected DIR:ROW, DIR being a results folder", text);
}

static bool is_number(const char *text)
{
	for (; isdigit((unsigned char)*text); text++)
		;
	return !*text;
}

/* The plan's turn that row n of the CSV is of. */
static int find_number(const char *dir, uint64_t n, const struct bench_plan *plan, size_t *turn)
{
	struct csv_table table;
	char path[PATH_MAX], err[512];
	size_t n_rows;
	int failed;

	if (snprintf(path, sizeof(path), "%s/bench.csv", dir) >= (int)sizeof(path))
		return usage_error("%s: the path is too long", dir);
	if (csv_read(path, &table, err, sizeof(err)))
		return usage_error("%s", err);
	n_rows = table.n_rows;
	failed = n >= 1 && n <= n_rows ? bench_done_turn(plan, &table, n - 1, turn) : -ERANGE;
	csv_table_fini(&table);
	if (failed == -ERANGE)
		return usage_error("%s: has rows 1 to %zu", path, n_rows);
	if (failed)
		return usage_error("%s: row %llu is not of the plan that its run.json gives on this machine",
				   path, (unsigned long long)n);
	return EXIT_AS_STATED;
}

/* The turn of that name. */
static int find_name(const char *row, const struct bench_plan *plan, size_t *turn)
{
	char name[320];

	for (*turn = 0; *turn < plan->n_turns; *turn += 1) {
		const struct bench_turn *t = &plan->turn[*turn];

		bench_row_name(&plan->cell[t->cell], t->repetition, name, sizeof(name));
		if (!strcmp(name, row))
			return EXIT_AS_STATED;
	}
	return usage_error("row '%s': the folder's plan has none of this name", row);
}

int recorded_row(const char *dir, const char *row, const struct bench_plan *plan, size_t *turn)
{
	uint64_t n;

	if (!is_number(row))
		return find_name(row, plan, turn);
	if (opt_u64(row, &n))
		return usage_error("row '%s': not a number of a row", row);
	return find_number(dir, n, plan, turn);
}

void recorded_print(const struct recorded *r)
{
	printf("kickbench");
	for (int i = 0; i < r->argc; i++) {
		putchar(' ');
		command_word(r->argv[i], stdout);
	}
	printf("\n");
	fflush(stdout);
}
