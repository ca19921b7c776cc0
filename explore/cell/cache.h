/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Verdicts that were found before, by the hash of all sources they depend on and the cell's name: a
 * CSV file that every run appends to.  Without one, everything is explored again.
 */
#ifndef EXPLORE_CACHE_H
#define EXPLORE_CACHE_H

#include "explore/cell/explore.h"
#include "results/csv.h"

struct xp_cache {
	struct csv_table table; /* as it was when it was opened */
	struct csv_writer writer;
	bool usable;
};

/*
 * PATH, or NULL for kickbench/explore.csv under $XDG_CACHE_HOME (~/.cache).  A file that is none of ours is
 * left alone: -EINVAL and so on, with a line in err; the cache is then not usable.
 */
int xp_cache_open(struct xp_cache *cache, const char *path, char *err, size_t err_size);

/* The results of a cell; false: it must be explored.  One that ran out of time counts if it had as much. */
bool xp_cache_find(const struct xp_cache *cache, struct xp_cell *cell, double limit,
			double *seconds);

/* Remembers a cell that was explored to its end, or for `limit` seconds. */
void xp_cache_keep(struct xp_cache *cache, const struct xp_cell *cell, double limit,
			double seconds);

void xp_cache_close(struct xp_cache *cache);

#endif
