// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * No backend takes the judge down: whatever one does in its cells is that backend's FAILED, by name, with
 * what happened and where; the others are judged as ever; and nobody is left behind.  In one process and by
 * workers.  The backends are in tests/explore/refused/.
 * Needs every backend: a build with some of them leaves this out.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <cmocka.h>

#include "explore/cell/ask.h"
#include "explore/engine/refusal.h"
#include "results/sink.h"

#define X(name) extern const struct xp_backend xp_backend_##name;
#include "explore_refused.def"
#undef X

/* What the reason says, all of it up to NULL. */
static const struct {
	const struct xp_backend *backend;
	const char *failure;
	const char *says[4];
} broken[] = {
	{ &xp_backend_leaves, "exit", { "leaves ends the program", "kicker ", "(impl/family/request.h:" } },
	{ &xp_backend_aborts, "signal", { "aborts died of signal 6", "kicker " } },
	{ &xp_backend_kills, "signal", { "kills died of signal 9", "kicker ", "MiB" } },
	{ &xp_backend_divides, "signal", { "divides died of signal", "kicker " } },
	{ &xp_backend_deaf, "hang", { "deaf goes on for ever without an operation", "kicker " } },
	{ &xp_backend_sleeps, "asleep", { "sleeps waits for something outside of the world", "kicker " } },
	{ &xp_backend_stops, "asleep", { "stops waits for something outside of the world", "kicker " } },
	{ &xp_backend_greedy, "memory", { "greedy asks for memory without end", "kicker " } },
	{ &xp_backend_wipes, "outside", { "writes outside of the backend's structs", "kicker " } },
	{ &xp_backend_wipes_unseen, NULL, { "wipes_unseen" } },
	{ &xp_backend_huge_stack, "stack", { "huge_stack needs more stack than a fiber's 64 KiB" } },
	{ &xp_backend_crash, "signal", { "crash died of signal 11", "kicker " } },
	{ &xp_backend_leaves_late, "exit", { "leaves_late ends", "kicker ", ", two-kicks, tso" } },
	{ &xp_backend_goes_away, "exit", { "goes_away ends the program", "the vCPU" } },
};
enum { BROKEN = sizeof(broken) / sizeof(broken[0]) };

static const char *const models[] = { "tso" };

static struct sink_rows run(int jobs, size_t n, const struct xp_backend *const *backend)
{
	const struct xp_ask ask = { .backend = backend, .n_backends = n, .scenario = xp_preset("two-kicks"),
				    .n_scenarios = 1, .model = models, .n_models = 1,
				    .options = { .strategy = XP_AUTO, .bound = -1 }, .seconds = 600,
				    .division = { .jobs = jobs } };
	struct sink_rows rows;

	sink_rows_init(&rows);
	assert_int_equal(xp_run(&ask, &rows.sink), 0);
	return rows;
}

static void judge(const struct csv_row *row, size_t i)
{
	const char *reason = csv_get(row, "reason");

	if (strcmp(csv_get(row, "status"), "failed"))
		fail_msg("%s is %s", csv_get(row, "backend"), csv_get(row, "text"));
	if (broken[i].failure && strcmp(csv_get(row, "failure"), broken[i].failure))
		fail_msg("%s is of the sort %s, not %s", reason, csv_get(row, "failure"), broken[i].failure);
	for (int k = 0; k < 4 && broken[i].says[k]; k++)
		if (!strstr(reason, broken[i].says[k]))
			fail_msg("\"%s\" is not in: %s", broken[i].says[k], reason);
}

/* Who waits outside of the world is waited for, two seconds each: once. */
static void all_are_judged(int jobs)
{
	const struct xp_backend *backend[2 * BROKEN];
	size_t which[BROKEN], n = 0;
	struct sink_rows rows;

	for (size_t i = 0; i < BROKEN; i++) {
		if (jobs && broken[i].failure && !strcmp(broken[i].failure, "asleep"))
			continue;
		backend[2 * n] = broken[i].backend;
		backend[2 * n + 1] = xp_backend("patched");
		which[n++] = i;
	}
	rows = run(jobs, 2 * n, backend);
	assert_int_equal(rows.n, 2 * n);
	for (size_t i = 0; i < n; i++) {
		judge(&rows.row[2 * i], which[i]);
		assert_string_equal(csv_get(&rows.row[2 * i + 1], "status"), "exhaustive");
		assert_string_equal(csv_get(&rows.row[2 * i + 1], "found"), "HOLDS");
	}
	sink_rows_fini(&rows);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1); /* no child is left */
}

static void one_after_the_other(void **state)
{
	(void)state;
	all_are_judged(0);
}

static void by_workers(void **state)
{
	(void)state;
	all_are_judged(2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_after_the_other),
		cmocka_unit_test(by_workers),
	};

	if (!xp_shared_seen) {
		puts("skipped: a sanitizer answers for crashes here");
		return 4;
	}
	return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
