/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Counter-examples that are kept, a file each, to be run again with what the text has become. */
#ifndef CLI_CORPUS_H
#define CLI_CORPUS_H

#include <stdbool.h>

#include "results/sink.h"

struct sink_tests;
struct xp_backend;

struct corpus {
	struct sink sink; /* keeps the counter-examples of explore's rows that it has not yet */
	const char *dir;  /* NULL: none */
};

/* An exit code after one line: the folder is made if it is not there. */
int corpus_open(struct corpus *corpus, const char *dir);
/* Runs them all with this backend, a line each on stdout, and a test; true: one is violated. */
bool corpus_replay(const struct corpus *corpus, const struct xp_backend *backend, struct sink_tests *tests);

#endif
