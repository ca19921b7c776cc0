// SPDX-License-Identifier: GPL-2.0-or-later
/* Which PU is in which core, cache and node: run.json says it. */
#include "report/data/pu_layout.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <cjson/cJSON.h>

enum { MAX_PUS = 8192 };

/* A list of a number per PU; what is none says that the machine shows no such thing. */
static void read_level(struct pu_layout *layout, enum pu_level level, const cJSON *list)
{
	const cJSON *item;
	size_t i = 0;

	cJSON_ArrayForEach(item, list) {
		bool known = cJSON_IsNumber(item) && item->valueint >= 0 && item->valueint < MAX_PUS;

		if (i == layout->n)
			return;
		layout->pu[i++].group[level] = known ? item->valueint : -1;
		if (known && item->valueint >= layout->count[level])
			layout->count[level] = item->valueint + 1;
	}
}

int pu_layout_read(struct pu_layout *layout, const struct report_run *run)
{
	static const char *const name[LEVEL_N] = { "package", "numa", "l3", "core" };
	const cJSON *json = report_member(run, "pu_layout");
	int n = cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(json, "cpu"));

	*layout = (struct pu_layout){ .n = 0 };
	if (n < 1 || n > MAX_PUS)
		return -ENOENT;
	layout->pu = malloc((size_t)n * sizeof(*layout->pu));
	if (!layout->pu)
		return -ENOMEM;
	layout->n = (size_t)n;
	memset(layout->pu, -1, layout->n * sizeof(*layout->pu));
	for (int level = 0; level < LEVEL_N; level++)
		read_level(layout, (enum pu_level)level, cJSON_GetObjectItemCaseSensitive(json, name[level]));
	return 0;
}

void pu_layout_free(struct pu_layout *layout)
{
	free(layout->pu);
	*layout = (struct pu_layout){ .n = 0 };
}
