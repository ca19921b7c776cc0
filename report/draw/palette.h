/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How each backend looks, the same in all figures; and their legend. */
#ifndef REPORT_PALETTE_H
#define REPORT_PALETTE_H

#include "report/data/run.h"
#include "report/draw/svg.h"

struct svg_look palette_of(const char *backend);
/* old, patched, mainline, then the lock-based ones, then the others: a backend's rank. */
int palette_rank(const char *backend);

/* The backends of a table's column `backend`, by rank, each once; at most `most`. They point into it. */
enum { PALETTE_MAX = 64 };
size_t palette_backends(const struct csv_table *table, const char *backend[PALETTE_MAX]);

/* The same without `drop`, and with `add` at the end: where a figure has a floor. */
size_t palette_with_floor(const struct csv_table *table, const char *drop, const char *add,
		       const char *backend[PALETTE_MAX + 1]);

void palette_legend(FILE *out, const char *const *backend, size_t n);

#endif
