// SPDX-License-Identifier: GPL-2.0-or-later
/* Counter-examples by their names: run again as they are, or in a text that has changed since. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "explore/cell/ask.h"
#include "explore/cell/errand.h"
#include "explore/cell/row.h"

/* Of a replay. */
struct says {
	int failed;
	char err[300];
};

static void replay(struct xp_errand *e)
{
	const char *name = e->arg;
	struct says *says = e->more;

	says->failed = xp_example_replay(name, e->cell, says->err, sizeof(says->err));
}

static int run_again(const struct xp_ask *ask, const char *name, struct xp_errand *e, char *err,
		     size_t err_size)
{
	static const struct xp_options options = { .bound = -1 };
	struct says says = { 0 };
	int failed = xp_example_cell(name, e->cell, err, err_size);

	if (failed)
		return failed;
	e->work = replay;
	e->options = &options;
	e->want_all = ask->all_steps;
	e->arg = (void *)name;
	e->more = &says;
	e->more_size = sizeof(says);
	if (!xp_errand_run(e) || e->cell->status == XP_FAILED) {
		snprintf(err, err_size, "%s", e->cell->reason);
		return -ESTALE;
	}
	says.err[sizeof(says.err) - 1] = 0;
	snprintf(err, err_size, "%s", says.err);
	return says.failed;
}

int xp_run_example(const struct xp_ask *ask, const char *name, struct sink *sink, char *err,
		   size_t err_size)
{
	static struct xp_cell cell;
	struct xp_errand errand = { .cell = &cell };
	const struct xp_finding f = { .cell = &cell, .errand = &errand };
	int failed = run_again(ask, name, &errand, err, err_size);

	if (!failed) {
		cell.status = XP_BUDGET;
		cell.executions = 1;
		snprintf(cell.reason, sizeof(cell.reason), "replayed and verified");
		failed = xp_hand_out(&f, ask, sink);
		if (failed)
			snprintf(err, err_size, "%s", strerror(-failed));
	}
	xp_errand_fini(&errand);
	xp_errands_end();
	return failed;
}

/* Of xp_run_again(): what the child says. */
struct came_of_it {
	enum xp_again again;
	char text[200];
};

static void again(struct xp_errand *e)
{
	struct came_of_it *came = e->more;
	const struct xp_backend *const *backend = e->arg;

	came->again = xp_example_again(backend[0], (const char *)backend[1], e->cell, came->text,
				       sizeof(came->text));
}

enum xp_again xp_run_again(const struct xp_backend *backend, const char *name, char *text, size_t size)
{
	static struct xp_cell cell;
	static const struct xp_options options = { .bound = -1 };
	struct came_of_it came = { .again = XP_UNFIT };
	const void *arg[] = { backend, name };
	struct xp_errand errand = { .work = again, .cell = &cell, .options = &options, .arg = arg,
				    .more = &came, .more_size = sizeof(came) };

	cell = (struct xp_cell){ .backend = backend, .scenario = *xp_preset("one-kick"), .model = "sc" };
	if (!xp_errand_run(&errand) || cell.status == XP_FAILED)
		snprintf(came.text, sizeof(came.text), "%.190s", cell.reason);
	xp_errand_fini(&errand);
	xp_errands_end();
	snprintf(text, size, "%s", came.text);
	return came.again;
}
