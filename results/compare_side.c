// SPDX-License-Identifier: GPL-2.0-or-later
/* Finding the files of a side. */
#include "results/compare_side.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <cjson/cJSON.h>

#include "results/provenance.h"

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

int compare_side_load(struct compare_side *side, char *err, size_t err_size)
{
	char csv[PATH_MAX], folder[PATH_MAX];
	int failed;

	find_files(side->path, csv, folder, sizeof(csv));
	failed = csv_read(csv, &side->table, err, err_size);
	if (failed || !folder[0])
		return failed;
	failed = provenance_read(folder, &side->run, err, err_size);
	return failed == -ENOENT ? 0 : failed;
}

void compare_side_unload(struct compare_side *side)
{
	csv_table_fini(&side->table);
	cJSON_Delete(side->run);
}
