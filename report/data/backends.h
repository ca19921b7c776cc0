/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is known of backends by their names: their order, their looks, and which are the reader's own. */
#ifndef REPORT_BACKENDS_H
#define REPORT_BACKENDS_H

#include "report/data/run.h"

/* The same in all figures: a colour, s0..s11 of the style, and a shape and dashes that say it again. */
struct report_look {
	int colour, shape, dash;
};

enum { REPORT_MAX_BACKENDS = 64 };

/* Gives each backend of these runs that nobody knows a look of its own. */
void report_backends_learn(const struct report_run *run, size_t n);
struct report_look report_look_of(const char *backend);
/* A protocol of one's own: neither of the tree nor broken on purpose. */
bool report_is_own(const char *backend);
/* old, patched, one's own, mainline, then the lock-based ones, then the others. */
int report_backend_order(const char *a, const char *b);
int report_by_backend(const void *a, const void *b); /* of const char *, for qsort */

/* The backends of a table's column `backend` in that order, each once.  They point into it. */
size_t report_backends(const struct csv_table *table, const char *backend[REPORT_MAX_BACKENDS]);
/* Of all files of a run. */
size_t report_all_backends(const struct report_run *run, const char *backend[REPORT_MAX_BACKENDS]);
bool report_has_backend(const struct report_run *run, const char *backend);

/* What differences are taken against: what was asked for, else old, patched, or the first there is; or "". */
const char *report_base(const struct report_run *run);
/* What is compared with it: patched and one's own; without these old, or the first of the others. */
size_t report_subjects(const struct report_run *run, const char *subject[REPORT_MAX_BACKENDS]);

#endif
