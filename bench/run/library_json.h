/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Google Benchmark's own report, made fit for its compare.py: what the library ran as one case per row is one
 * name with repetitions; rows without a figure are not in it.
 */
#ifndef BENCH_LIBRARY_JSON_H
#define BENCH_LIBRARY_JSON_H

struct cJSON;

/* Adds one report of the library, an open file, to those before it; NULL: the first.  NULL: no report. */
struct cJSON *bench_library_json(struct cJSON *before, int fd);

/* Gives repetitions their case's name and writes the file, for plans of that many.  -errno. */
int bench_library_json_write(struct cJSON *report, const char *path, unsigned int repetitions);

#endif
