/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The verbs.  cli/verb_NAME.c makes a verb NAME by existing: CMake writes verbs.def from the file
 * names.  Such a file defines verb_NAME.
 */
#ifndef CLI_VERBS_H
#define CLI_VERBS_H

#include "cli/opt.h"

struct verb {
	const struct opt_table *table;
	void *command; /* what the table fills */
	/* With the command filled; returns an enum exit_code. */
	int (*run)(struct opt_line *line);
};

#define X(name) extern const struct verb verb_##name;
#include "verbs.def"
#undef X

/* All of them, sorted by name; ends with NULL. */
extern const struct verb *const verb_all[];
const struct verb *verb_find(const char *name);
/* EXIT_USAGE after one line that names those that there are. */
int verb_unknown(const char *name);
/* The program's own help: the verbs, each with a line. */
void verb_print_all(FILE *out);

#endif
