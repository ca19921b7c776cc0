// SPDX-License-Identifier: GPL-2.0-or-later
/* The file is only ever appended to; of several rows with one key the last is taken. */
#include "explore/cell/cache.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "explore/cell/source_key.h"
#include "results/folder.h"

static const struct csv_column columns[] = {
	{ "key", CSV_STRING, CSV_CASE, "", "" },	/* hash of the sources, name of the cell */
	{ "limit", CSV_DOUBLE, CSV_RUN, "s", "" },	/* empty: it came to its end */
	{ "found", CSV_U64, CSV_COUNT, "", "" },	/* KICK_V_* */
	{ "executions", CSV_U64, CSV_COUNT, "", "" },
	{ "pruned", CSV_U64, CSV_COUNT, "", "" },
	{ "steps", CSV_U64, CSV_COUNT, "", "" },
	{ "seconds", CSV_DOUBLE, CSV_COUNT, "s", "" },
	{ "states", CSV_U64, CSV_COUNT, "", "" }, /* of the stateful walk, if it was needed */
};
static const struct csv_schema schema = { "explore", "", columns, sizeof(columns) / sizeof(columns[0]) };

static int default_path(char *path, size_t size)
{
	const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
	int n;

	if (cache && *cache == '/')
		n = snprintf(path, size, "%s/kickbench", cache);
	else if (home && *home == '/' && !access(home, F_OK)) /* makes nobody a home */
		n = snprintf(path, size, "%s/.cache/kickbench", home);
	else
		return -ENOENT;
	if (n + 16 > (int)size)
		return -ENAMETOOLONG;
	n = folder_make_path(path);
	strcat(path, "/explore.csv");
	return n;
}

int xp_cache_open(struct xp_cache *cache, const char *path, char *err, size_t err_size)
{
	char own[PATH_MAX];
	int failed;

	*cache = (struct xp_cache){ .writer.fd = -1 };
	if (!path) {
		failed = default_path(own, sizeof(own));
		if (failed) {
			snprintf(err, err_size, "no folder for it: %s", strerror(-failed));
			return failed;
		}
		path = own;
	}
	failed = csv_writer_open(&cache->writer, path, &schema, CSV_APPEND, err, err_size);
	if (failed == -EINVAL && path == own) {
		/* Of another version of this program: nothing in it would be found. */
		unlink(path);
		failed = csv_writer_open(&cache->writer, path, &schema, CSV_APPEND, err, err_size);
	}
	if (!failed)
		failed = csv_read(path, &cache->table, err, err_size);
	cache->usable = !failed;
	return failed;
}

static double number(const struct csv_table *table, size_t row, const char *column)
{
	double value = 0;

	csv_cell_double(table, row, csv_table_find(table, column), &value);
	return value;
}

static void restore(const struct csv_table *t, size_t row, struct xp_cell *cell, double *seconds)
{
	double limit = number(t, row, "limit");

	cell->status = limit > 0 ? XP_BUDGET : XP_EXHAUSTIVE;
	cell->found = (unsigned int)csv_to_u64(number(t, row, "found"));
	cell->executions = csv_to_u64(number(t, row, "executions"));
	cell->pruned = csv_to_u64(number(t, row, "pruned"));
	cell->steps = csv_to_u64(number(t, row, "steps"));
	cell->states = csv_to_u64(number(t, row, "states"));
	cell->tried = 1u << XP_PROVE | (cell->states ? 1u << XP_STATEFUL : 0);
	*seconds = number(t, row, "seconds");
}

bool xp_cache_find(const struct xp_cache *cache, struct xp_cell *cell, double limit,
			double *seconds)
{
	const struct csv_table *t = &cache->table;
	char key[XP_KEY];
	size_t row;

	if (!cache->usable || !xp_source_key(cell, key))
		return false;
	for (row = t->n_rows; row-- > 0;) {
		double had = number(t, row, "limit");

		if (strcmp(csv_cell(t, row, csv_table_find(t, "key")), key))
			continue;
		if (had > 0 && (!limit || had < limit))
			continue;
		restore(t, row, cell, seconds);
		return true;
	}
	return false;
}

void xp_cache_keep(struct xp_cache *cache, const struct xp_cell *cell, double limit,
			double seconds)
{
	struct csv_row row;
	char key[XP_KEY];

	if (!cache->usable || !xp_source_key(cell, key) || csv_row_init(&row, &schema))
		return;
	csv_set_string(&row, "key", key);
	if (cell->status != XP_EXHAUSTIVE)
		csv_set_double(&row, "limit", limit);
	csv_set_u64(&row, "found", cell->found);
	csv_set_u64(&row, "executions", cell->executions);
	csv_set_u64(&row, "pruned", cell->pruned);
	csv_set_u64(&row, "steps", cell->steps);
	csv_set_double(&row, "seconds", seconds);
	if (cell->states)
		csv_set_u64(&row, "states", cell->states);
	if (csv_write(&cache->writer, &row))
		cache->usable = false;
	csv_row_fini(&row);
}

void xp_cache_close(struct xp_cache *cache)
{
	csv_writer_close(&cache->writer);
	csv_table_fini(&cache->table);
}
