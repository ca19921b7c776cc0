// SPDX-License-Identifier: GPL-2.0-or-later
/* Loading the sides of a comparison, and whether they may be compared. */
#include "cli/compare_side.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <cjson/cJSON.h>

#include "cli/exit_code.h"
#include "cli/opt.h"

/* Where the side's CSV is, and the folder whose run.json speaks for it. */
static void find_files(const char *path, char *csv, char *folder, size_t size)
{
	const char *slash = strrchr(path, '/');
	const char *base = slash ? slash + 1 : path;
	struct stat st;

	folder[0] = '\0';
	if (!stat(path, &st) && S_ISDIR(st.st_mode)) {
		snprintf(csv, size, "%s/bench.csv", path);
		snprintf(folder, size, "%s", path);
		return;
	}
	snprintf(csv, size, "%s", path);
	if (!strcmp(base, "bench.csv"))
		snprintf(folder, size, "%.*s", slash ? (int)(slash - path) : 1, slash ? path : ".");
}

int compare_side_load(struct compare_side *side)
{
	char csv[PATH_MAX], folder[PATH_MAX], err[PATH_MAX + 256];
	int ret;

	find_files(side->path, csv, folder, sizeof(csv));
	if (csv_read(csv, &side->table, err, sizeof(err)))
		return usage_error("compare: %s", err);
	if (!folder[0])
		return 0;
	ret = provenance_read(folder, &side->run, err, sizeof(err));
	return ret && ret != -ENOENT ? usage_error("compare: %s", err) : 0;
}

void compare_side_unload(struct compare_side *side)
{
	csv_table_fini(&side->table);
	cJSON_Delete(side->run);
}

int compare_sides_check(const struct compare_side *a, const struct compare_side *b, bool force,
			struct provenance *p)
{
	if (!a->run || !b->run)
		return 0;
	if (provenance_compare(a->run, b->run, p))
		return env_error("compare: out of memory");
	for (size_t i = 0; i < p->n && !force; i++) {
		const struct provenance_difference *d = &p->difference[i];

		if (d->fatal)
			return usage_error("compare: %s differs: A has '%s', B has '%s' (--force "
					   "compares all the same)",
					   d->what, d->a, d->b);
	}
	return 0;
}

static void note_torn(const struct compare_side *side)
{
	if (side->table.torn_line)
		fprintf(stderr, "kickbench: %s: line %zu is torn (no line end) and was left out\n",
			side->path, side->table.torn_line);
}

void compare_sides_notes(const struct compare_side *a, const struct compare_side *b,
			 const struct provenance *p)
{
	note_torn(a);
	if (b == a)
		return;
	note_torn(b);
	if (!a->run || !b->run)
		fprintf(stderr,
			"kickbench: %s: no run.json: nothing says that A and B are from the same "
			"machine, compiler, flags and libraries\n",
			a->run ? b->path : a->path);
	for (size_t i = 0; i < p->n; i++)
		fprintf(stderr, "kickbench: %s: %s differs: A has '%s', B has '%s'\n",
			p->difference[i].fatal ? "warning" : "note", p->difference[i].what,
			p->difference[i].a, p->difference[i].b);
}

static const char *text_of(const struct cJSON *run, const char *section, const char *member)
{
	const struct cJSON *in = section ? cJSON_GetObjectItemCaseSensitive(run, section) : run;
	const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(in, member));

	return text ? text : "unknown";
}

struct cJSON *compare_side_json(const struct compare_side *side)
{
	struct cJSON *object = cJSON_CreateObject();

	cJSON_AddStringToObject(object, "path", side->path);
	cJSON_AddNumberToObject(object, "rows", (double)side->table.n_rows);
	cJSON_AddNumberToObject(object, "torn_line", (double)side->table.torn_line);
	if (side->run) {
		cJSON_AddStringToObject(object, "run_id", text_of(side->run, NULL, "run_id"));
		cJSON_AddStringToObject(object, "state", text_of(side->run, NULL, "state"));
		cJSON_AddStringToObject(object, "revision",
					text_of(side->run, "build", "revision"));
	}
	return object;
}

void compare_side_print(const char *name, const struct compare_side *side)
{
	printf("%s: %s", name, side->path);
	if (side->run)
		printf(" (run %s, revision %.12s, %s)", text_of(side->run, NULL, "run_id"),
		       text_of(side->run, "build", "revision"), text_of(side->run, NULL, "state"));
	printf("\n");
}
