// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/view_litmus.h"

#include <stdio.h>
#include <string.h>

#include "cli/exit_code.h"
#include "cli/view_explore.h"

static bool is(const char *text, const char *what)
{
	return text && !strcmp(text, what);
}

int view_litmus_code(const struct csv_row *row)
{
	const char *status = csv_get(row, "status");

	if (is(status, "na"))
		return EXIT_SKIPPED;
	if (is(status, "failed"))
		return EXIT_ENVIRONMENT;
	if (is(status, "undecided"))
		return EXIT_UNDECIDED;
	return is(csv_get(row, "agrees"), "no") ? EXIT_VIOLATED : EXIT_AS_STATED;
}

static int row(struct sink *sink, const struct csv_row *row)
{
	struct view_litmus *view = (struct view_litmus *)sink;
	const char *agrees = csv_get(row, "agrees"), *stuck = csv_get(row, "stuck");
	const char *model = csv_get(row, "model"), *reason = csv_get(row, "reason");
	int n;

	view_progress_wipe(view->progress);
	view->code = exit_code_worst(view->code, view_litmus_code(row));
	if (reason)
		printf("Test %s\nModel %s: %s: %s\n\n", csv_get(row, "test"), model, csv_get(row, "status"),
		       reason);
	n = snprintf(view->said, sizeof(view->said), "Model %s%s%s\n", model,
		     !agrees ? "" : is(agrees, "yes") ? ", as its file says: " : ", contrary to its file: ",
		     agrees ? csv_get(row, "said") : "");
	if (stuck && strcmp(stuck, "0"))
		snprintf(view->said + n, sizeof(view->said) - (size_t)n,
			 "Stuck %s: executions in which a thread gets its lock never\n", stuck);
	return 0;
}

static int text(struct sink *sink, const char *name, const char *text)
{
	const struct view_litmus *view = (struct view_litmus *)sink;

	(void)name;
	printf("%s%s\n", text, view->said);
	return 0;
}

void view_litmus_init(struct view_litmus *view, struct view_progress *progress)
{
	*view = (struct view_litmus){ .sink = { .row = row, .text = text }, .progress = progress,
				      .code = EXIT_SKIPPED };
}
