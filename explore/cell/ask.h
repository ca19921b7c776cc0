/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What one asks of explore: a set of cells, each of which comes back as a row through a sink.  The row has
 * the columns of explore.csv and some more (xp_schema_cell()); where interleavings were counted, rows of
 * xp_schema_odds follow, one for each violation; and where there is a counter-example, its lanes: as
 * "example-BACKEND-PRESET-MODEL", and as "all-steps" with every step, if that was asked for.
 */
#ifndef EXPLORE_ASK_H
#define EXPLORE_ASK_H

#include "explore/cell/budget.h"
#include "explore/cell/explore.h"

struct csv_schema;
struct sink;
struct xp_cache;

enum { XP_CELL_NAME = 512 };

#define XP_EXAMPLE "example-" /* how names of lanes begin that a reader wants to keep */

/* Ends the reason of a cell of which a shard has all its parts: undecided, and nothing is left to do. */
#define XP_SHARD_DONE " is done"

/* A proof in parts: by worker processes, by several machines, in several sittings. */
struct xp_division {
	int jobs;		    /* worker processes, 0: one */
	unsigned int shard, shards; /* from 1; 0: all of it */
	const char *resume;	    /* file of parts that are known, which others are added to; or NULL */
	char *const *merge;	    /* such files of others: nothing is explored then */
	size_t n_merge;
	bool of_cells; /* jobs share the cells, and none its parts: so there are no counter-examples */
};

/* Names of cells, each once, as xp_cell_named() takes them. */
struct xp_names {
	char (*name)[XP_CELL_NAME];
	size_t n;
};

struct xp_ask {
	const struct xp_backend *const *backend;
	size_t n_backends;
	const struct xp_scenario *scenario;
	size_t n_scenarios;
	const char *const *model;
	size_t n_models;
	struct xp_options options; /* tick() is explore's own */
	double seconds;		   /* for each cell, 0: no limit */
	double seconds_in_all;	   /* 0: no limit; a cell that comes after them has MOMENT_S, soon nothing */
	/*
	 * With seconds_in_all: what is not decided in a hundredth of them comes again with more,
	 * as long as they last and nothing is found; its row comes once, at last.
	 */
	bool deepen;
	bool expect;		   /* the verdict is on the backend's declaration, not on the property */
	bool all_orders, all_steps;
	bool by_scenario;	   /* all backends in the first scenario come first */
	struct xp_division division;
	const struct xp_names *names; /* these cells, not those of the lists; or NULL */
	struct xp_cache *cache;	   /* NULL: none */
	const char *run_id;	   /* for the rows, or NULL */
	const struct xp_watcher *watcher;
};

/* All columns of schema_explore, then those that no file has. */
const struct csv_schema *xp_schema_cell(void);
extern const struct csv_schema xp_schema_odds;

/* Explores them all, or until the watcher stops it.  0, or -errno: the first that the sink said. */
int xp_run(const struct xp_ask *ask, struct sink *sink);
/* Can this file of parts, or none yet, be gone on with; be merged?  -errno; -EINVAL: it is none. */
int xp_parts_resumable(const char *path, char *err, size_t err_size);
int xp_parts_mergeable(const char *path, char *err, size_t err_size);
/* The cells that files of parts were made for, to be freed.  -errno; -EINVAL: one that is unknown here. */
int xp_parts_names(char *const *path, size_t n, struct xp_names *names, char *err, size_t err_size);

/*
 * Runs the schedule of a counter-example, by its name, with this backend; `text` says what came of
 * it.
 */
enum xp_again xp_run_again(const struct xp_backend *backend, const char *name, char *text, size_t size);

/* Runs a counter-example again, by its name.  -EINVAL, -ESTALE with a line in err as xp_example_replay(). */
int xp_run_example(const struct xp_ask *ask, const char *name, struct sink *sink, char *err,
		   size_t err_size);

#endif
