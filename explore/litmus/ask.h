/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Litmus tests of others, each under each model.  A row says what was seen; a text beside it says it in
 * herd7's words: states, witnesses, "Observation NAME Sometimes 1 3".  Witnesses are executions that were
 * explored, of which herd7 may count fewer or more; what is seen at all is the same.
 */
#ifndef EXPLORE_LITMUS_ASK_H
#define EXPLORE_LITMUS_ASK_H

#include <stddef.h>

#include "explore/cell/budget.h"

struct csv_schema;
struct sink;

struct xp_litmus_ask {
	char *const *file;
	size_t n_files;
	const char *const *model;
	size_t n_models;
	double seconds; /* for each test and model, 0: no limit */
	const struct xp_watcher *watcher;
};

/*
 * test, file, model; observation: Never, Sometimes, Always, or empty with why in reason; positive and
 * negative executions, states; said: what the file's comment says of LKMM; agrees: yes or no, under lkmm.
 */
extern const struct csv_schema xp_schema_observation;

/*
 * All files are read before the first is run: -EINVAL, with one line in err, if one of them is no test.
 * Else 0, or the first -errno of the sink.
 */
int xp_run_litmus_files(const struct xp_litmus_ask *ask, struct sink *sink, char *err, size_t err_size);

#endif
