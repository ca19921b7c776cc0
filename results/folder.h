/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A results folder: its place, its run.json (everything needed to reproduce), and the CSV files in
 * it.
 */
#ifndef RESULTS_FOLDER_H
#define RESULTS_FOLDER_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "results/csv.h"
#include "results/histogram.h"
#include "results/host_state.h"

struct cJSON;

/* How the program was built; any string may be NULL (unknown). */
struct folder_build {
	const char *version;  /* of kickbench */
	const char *revision; /* git describe --always --dirty */
	const char *compiler; /* "gcc 12.2.0" */
	const char *flags;
	const char *build_type; /* "Release" */
	const struct folder_library {
		const char *name, *version;
	} * libraries; /* ended by a NULL name; may be NULL */
	const char *binary; /* hash of the program file */
};

/* Of this program.  It measures: with its own hash, and the library that drives the windows.  Static. */
const struct folder_build *folder_this_build(bool measures);

struct folder_options {
	const char *out; /* NULL: results/runs/<UTC>-<host>-<random> under the working directory */
	int argc;	 /* the command line as it was typed */
	char **argv;
	uint64_t seed;
	const struct folder_build *build;
	const struct cJSON *plan;  /* copied; NULL: none */
	const char *topology_hash; /* NULL: unknown */
	const struct cJSON *pu_layout; /* copied: which PU is in which core, ...; NULL: unknown */
	const char *root;	   /* before /proc and /sys; NULL: the real ones */
};

struct folder {
	char path[PATH_MAX];
	char run_id[128]; /* <UTC>-<host>-<random>: also where --out chose the place */
	struct cJSON *run;
	struct host_noise start;
	char root[PATH_MAX];
};

int folder_make_path(const char *path); /* mkdir -p; -errno */

/* Where opening one failed: is it the name or state of what was asked for, not memory, room or files? */
bool folder_is_misnamed(int failed);

/*
 * Create the folder (and its parents) and write run.json with state "running". An existing folder
 * is taken if it holds no run.json (-EEXIST else: what was measured is not overwritten). -errno and
 * one line in err.
 */
int folder_open(struct folder *folder, const struct folder_options *options, char *err,
		size_t err_size);

/*
 * Go on with the folder options->out, whose run.json must be of this machine, this build and this
 * plan: state is "running" again, and `resumed` gets the time and command. -EINVAL with the first
 * difference in err; else as folder_open().
 */
int folder_resume(struct folder *folder, const struct folder_options *options, char *err,
		  size_t err_size);

/* The same for a process that only adds rows: nothing is checked or written; folder->run is NULL. */
int folder_join(struct folder *folder, const char *path, char *err, size_t err_size);

/* PATH/name. -ENAMETOOLONG. */
int folder_file(const struct folder *folder, const char *name, char *path, size_t size);

/* A text as the file PATH/name, whole or not at all.  -errno. */
int folder_write(const struct folder *folder, const char *name, const char *text);

/* Create the schema's CSV file in the folder, or go on with it. */
int folder_csv(const struct folder *folder, const struct csv_schema *schema, enum csv_open how,
	       struct csv_writer *writer, char *err, size_t err_size);

/*
 * Put another member into run.json (takes `value`, also when it fails); written by the next save.
 * -ENOMEM.
 */
int folder_set(struct folder *folder, const char *name, struct cJSON *value);

/* Rewrite run.json atomically: a reader sees the old or the new one. */
int folder_save(const struct folder *folder, char *err, size_t err_size);

/*
 * End the run: state is "complete", "interrupted" or "failed", which it is in any case where an allocation
 * failed; noise and end time are added (of a resumed run
 * the noise stands in its last entry of `resumed`), run.json is rewritten.
 */
int folder_close(struct folder *folder, const char *state, char *err, size_t err_size);
/* The process ends, and whose run goes on does not know: it has failed. */
void folder_abandon(void);

#endif
