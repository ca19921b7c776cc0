/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Litmus tests of others on the terminal: herd7's words under each model. */
#ifndef CLI_VIEW_LITMUS_H
#define CLI_VIEW_LITMUS_H

#include "results/sink.h"

struct view_progress;

struct view_litmus {
	struct sink sink;
	struct view_progress *progress; /* wiped before a line */
	char said[200]; /* what the last row adds to its text */
	int code;
};
void view_litmus_init(struct view_litmus *view, struct view_progress *progress);
/* What a row comes to alone: contrary to its file is a violation. */
int view_litmus_code(const struct csv_row *row);

#endif
