// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The stateful walk with fewer states against the whole one: it must meet the same violations and come to
 * the same ends, which are told apart here by what lies in memory, in the pCPUs and in the record of stints,
 * and by who has ended; the number of a stint counts where somebody looks at the record.  Under rc11, where a
 * whole walk takes hours, the prover stands for it; EXPLORE_ALL for all configurations in all models.
 * Needs every backend: a build with some of them leaves this out.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "explore/engine/engine.h"
#include "explore/cell/explore.h"
#include "explore/engine/fiber.h"
#include "tests/explore/deep.h"

static const struct configuration {
	const char *backend, *preset;
	enum xp_form form;
	const char *parameters; /* NULL: the preset's */
	bool many;		/* states */
} configurations[] = {
	{ "old", "one-kick", XP_FULL, NULL, false },
	{ "old", "one-kick", XP_FULL, "1x2v1m1p2e1so", false },
	{ "old", "two-kicks", XP_FULL, NULL, true },
	{ "old", "two-kicks-two-migrations", XP_CORE, NULL, true },
	{ "old", "dirty-log", XP_FULL, NULL, false },
	{ "old", "twice-two-kicks", XP_CORE, "2x2v1m0p2e0so", false },
	{ "patched", "two-kicks", XP_FULL, NULL, true },
	{ "patched", "one-kick", XP_FULL, "1x3v1m1p2e1so", true },
	{ "patched", "three-kickers", XP_CORE, "3x1v1m0p2e0so", false },
	{ "patched", "mask", XP_FULL, "1x1v2m1p2e0so", false },
	{ "patched", "mask-wait", XP_FULL, "1x1v2m0p2e0so", true },
	{ "patched", "wait", XP_FULL, NULL, true },
	{ "patched", "walker", XP_FULL, "1x1v1m0p2e0so", false },
	{ "old", "offline", XP_FULL, "1x1v1m1p2e0eo", false },
	{ "mainline", "mask", XP_FULL, "1x1v2m1p2e0sh", false },
	{ "patched", "wake", XP_FULL, NULL, false },
	{ "mainline", "self", XP_FULL, NULL, false },
	{ "packed", "two-kicks", XP_FULL, "2x1v1m0p2e0so", true },
	{ "locked_mutex", "two-kicks", XP_FULL, NULL, false },
	{ "locked_mcs", "wake", XP_FULL, NULL, false },
	{ "busted_nofence", "dirty-log", XP_FULL, NULL, false },
	{ "busted_relaxed_cpu", "two-kicks", XP_FULL, NULL, true },
	{ "busted_noclaim", "one-kick", XP_FULL, NULL, false },
	{ "busted_wake", "wake", XP_CORE, NULL, false },
	{ "busted_reload", "put-clears", XP_FULL, NULL, false },
};

struct walk {
	size_t ends;
	unsigned int found;
	uint64_t states;
};

static void add_end(struct xp_set *ends)
{
	struct xp_hash h = { 1, 2 };
	uint64_t hash[2];
	size_t i, kept = xp.program->own_at;

	for (i = 0; i < xp.program->size; i++)
		if (i < kept || i >= kept + xp.n_fibers * xp.program->own_size) /* of who has ended: past */
			xp_hash_mix(&h, ((const unsigned char *)xp.program->arena)[i]);
	for (i = 0; i < (size_t)xp.program->n_pcpus; i++)
		xp_hash_mix(&h, xp.pcpu[i].irq_off | xp.pcpu[i].pending << 8 | xp.pcpu[i].calls << 16 |
					(uint64_t)xp.pcpu[i].acked << 24);
	for (i = 0; i < XP_VCPUS; i++)
		xp_hash_mix(&h, xp.program->records ? xp.stint[i] : xp.stint[i] != 0);
	for (i = 0; i < (size_t)xp.n_fibers; i++)
		xp_hash_mix(&h, xp.fiber[i].done);
	hash[0] = h.a;
	hash[1] = h.b;
	assert_true(xp_set_add(ends, hash, NULL) >= 0);
}

static struct walk walk(const struct configuration *c, const struct xp_model *model,
			const struct xp_search *search)
{
	struct xp_scenario scenario = *xp_preset(c->preset);
	struct walk w = { 0 };
	struct xp_set ends = { 0 };
	struct xp_program program;

	scenario.form = c->form;
	if (c->parameters)
		assert_true(xp_parameters_parse(c->parameters, &scenario));
	xp_scenario_program(xp_backend(c->backend), &scenario, &program);
	xp.memory_limit = 0;
	xp_begin(&program, model, search);
	do {
		if (!xp_execute())
			fail_msg("%s %s: %s", c->backend, c->preset, xp.error);
		w.found |= xp.found;
		if (xp.end == XP_ENDED)
			add_end(&ends);
	} while (search->next());
	w.states = xp.states;
	if (search->fini)
		search->fini();
	w.ends = ends.n;
	xp_set_fini(&ends);
	return w;
}

static void fewer_states_have_the_same_ends(void **state)
{
	const struct xp_model *model;
	size_t i;

	(void)state;
	xp_for_each_model(model) if (!model->ahead)
		for (i = 0; i < sizeof(configurations) / sizeof(configurations[0]); i++) {
			const struct configuration *c = &configurations[i];
			struct walk all, some;

			if (deep_cell(model, c->many))
				continue;
			all = walk(c, model, model->graph ? &xp_dpor : &xp_stateful);
			some = walk(c, model, &xp_reduced);
			if (all.ends != some.ends || all.found != some.found ||
			    (!model->graph && some.states > all.states))
				fail_msg("%s %s %s: of %zu ends and 0x%x, %zu and 0x%x; states: %llu of %llu",
					 c->backend, c->preset, model->name, all.ends, all.found,
					 some.ends, some.found, (unsigned long long)some.states,
					 (unsigned long long)all.states);
			if (getenv("EXPLORE_SHOW"))
				print_message("%s %s %s %s: %zu ends, %llu of %llu states\n", c->backend,
					      c->preset, c->parameters ? c->parameters : "", model->name,
					      all.ends, (unsigned long long)some.states,
					      (unsigned long long)all.states);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(fewer_states_have_the_same_ends) };

#ifdef FIBER_TSAN
	puts("skipped: there is one thread, and TSan's fibers take minutes here");
	return 4;
#endif
	return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
