// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The prover against its oracle: both must meet the same number of final states, in every model, for
 * backends with claims, with locks, with missing barriers, with waiting and with sleeping.
 * Needs every backend: a build with some of them leaves this out.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <cmocka.h>

#include "explore/engine/engine.h"
#include "explore/cell/explore.h"
#include "explore/engine/fiber.h"
#include "tests/explore/deep.h"

static const struct configuration {
	const char *backend, *preset;
	enum xp_form form;
	const char *parameters; /* NULL: the preset's */
	bool many; /* executions */
} configurations[] = {
	{ "old", "one-kick", XP_FULL, NULL, false },
	{ "old", "two-kicks-two-migrations", XP_CORE, NULL, true },
	{ "old", "dirty-log", XP_FULL, NULL, false },
	{ "patched", "two-kicks", XP_FULL, NULL, true },
	{ "patched", "two-kicks-two-migrations", XP_CORE, NULL, true },
	{ "patched", "mask-wait", XP_FULL, "2x1v1m0p2e0so", true },
	{ "patched", "mask-wait", XP_FULL, "1x1v2m0p2e0so", true },
	{ "patched", "wait", XP_FULL, NULL, true },
	{ "patched", "walker", XP_FULL, "1x1v1m0p2e0so", false },
	{ "old", "offline", XP_FULL, "2x1v1m1p2e0eo", true },
	{ "patched", "offline", XP_FULL, "1x1v1m2p2e1co", false },
	{ "mainline", "mask", XP_FULL, "1x1v2m1p2e0sh", false },
	{ "patched", "wake", XP_FULL, NULL, true },
	{ "mainline", "self", XP_FULL, NULL, false },
	{ "packed", "one-kick", XP_FULL, NULL, false },
	{ "always", "two-kicks", XP_FULL, NULL, false },
	{ "locked_mutex", "two-kicks", XP_FULL, NULL, false },
	{ "locked_mutex", "wait", XP_FULL, NULL, false },
	{ "locked_mcs", "wake", XP_FULL, NULL, false },
	{ "busted_nofence", "one-kick", XP_FULL, NULL, false },
	{ "busted_nofence", "dirty-log", XP_FULL, NULL, false },
	{ "busted_relaxed_cpu", "one-kick", XP_FULL, NULL, false },
	{ "busted_relaxed_cpu", "two-kicks", XP_FULL, NULL, false },
	{ "busted_noclaim", "one-kick", XP_FULL, NULL, false },
	{ "busted_wake", "wake", XP_CORE, NULL, false },
	{ "busted_reload", "put-clears", XP_FULL, NULL, false },
};

static size_t ends_of(const struct configuration *c, const struct xp_model *model,
		      const struct xp_search *search, unsigned int *found)
{
	struct xp_scenario scenario = *xp_preset(c->preset);
	struct xp_set ends = { 0 };
	struct xp_program program;
	size_t n;

	scenario.form = c->form;
	if (c->parameters)
		assert_true(xp_parameters_parse(c->parameters, &scenario));
	xp_scenario_program(xp_backend(c->backend), &scenario, &program);
	xp.ends = &ends;
	xp.memory_limit = 0;
	xp_begin(&program, model, search);
	*found = 0;
	do {
		if (!xp_execute())
			fail_msg("%s %s: %s", c->backend, c->preset, xp.error);
		*found |= xp.found;
	} while (search->next());
	if (search->fini)
		search->fini();
	xp.ends = NULL;
	n = ends.n;
	xp_set_fini(&ends);
	return n;
}

static void prover_meets_all_final_states(void **state)
{
	const struct xp_model *model;
	unsigned int by_prover, by_walk;
	size_t i;

	(void)state;
	xp_for_each_model(model) if (!model->ahead)
		for (i = 0; i < sizeof(configurations) / sizeof(configurations[0]); i++) {
			const struct configuration *c = &configurations[i];
			size_t proved, walked;

			if (deep_cell(model, c->many))
				continue;
			proved = ends_of(c, model, &xp_dpor, &by_prover);
			walked = ends_of(c, model, &xp_stateful, &by_walk);
			if (proved != walked || by_prover != by_walk)
				fail_msg("%s %s %s: prover %zu ends, 0x%x; walk %zu ends, 0x%x",
					 c->backend, c->preset, model->name, proved, by_prover, walked,
					 by_walk);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(prover_meets_all_final_states) };

#ifdef FIBER_TSAN
	puts("skipped: there is one thread, and TSan's fibers take minutes here");
	return 4;
#endif
	return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
