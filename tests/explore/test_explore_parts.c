// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A search in parts is the undivided one: the parts of several workers together meet the same violations, as
 * many executions, and the same number of final states, in every preset and model.
 * Needs every backend: a build with some of them leaves this out.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "explore/engine/engine.h"
#include "explore/cell/explore.h"
#include "explore/engine/fiber.h"
#include "tests/explore/deep.h"

enum { WORKERS = 3 };

/* One worker's share: every WORKERS-th part. */
struct share {
	uint64_t worker, asked, done;
	struct xp_cell sum;
};

static bool mine(void *arg, uint64_t part)
{
	struct share *s = arg;

	assert_int_equal(part, s->asked++);
	return part % WORKERS == s->worker;
}

static void done(void *arg, uint64_t part, const struct xp_cell *result, bool whole)
{
	struct share *s = arg;

	assert_true(whole);
	assert_int_equal(part % WORKERS, s->worker);
	xp_cell_add(&s->sum, result);
	s->done++;
}

static struct xp_cell cell_of(const char *backend, const char *preset, enum xp_form form, const char *model)
{
	struct xp_cell cell = { .backend = xp_backend(backend), .scenario = *xp_preset(preset),
				.model = model };

	cell.scenario.form = form;
	return cell;
}

/* Runs all shares; the parts are all met, each by one worker.  The most steps in all their prefixes. */
static uint64_t run_shares(const struct xp_cell *empty, struct xp_cell *sum)
{
	struct xp_options options = { .bound = -1, .no_example = true };
	struct xp_parts parts = { .mine = mine, .done = done };
	uint64_t n, all = 0;
	uint64_t worker;

	*sum = *empty;
	assert_true(xp_cell_split(sum, &options, &parts));
	n = parts.n;
	options.parts = &parts;
	for (worker = 0; worker < WORKERS; worker++) {
		struct share share = { .worker = worker };
		struct xp_cell cell = *empty;

		parts.arg = &share;
		xp_cell_run(&cell, &options);
		assert_string_equal(cell.reason, "");
		assert_int_equal(cell.status, XP_EXHAUSTIVE);
		assert_int_equal(share.asked, n);
		assert_int_equal(cell.executions, share.sum.executions);
		xp_cell_add(sum, &share.sum);
		all += share.done;
	}
	assert_int_equal(all, n);
	return n * (uint64_t)parts.depth;
}

static void compare(const struct xp_cell *empty)
{
	const struct xp_options whole = { .bound = -1, .no_example = true };
	struct xp_cell undivided = *empty, sum;
	struct xp_set ends = { 0 }, ends_of_parts = { 0 };
	uint64_t prefixes;

	xp.ends = &ends;
	xp_cell_run(&undivided, &whole);
	xp.ends = &ends_of_parts;
	prefixes = run_shares(empty, &sum);
	xp.ends = NULL;
	if (sum.found != undivided.found || sum.executions != undivided.executions ||
	    ends.n != ends_of_parts.n)
		fail_msg("%s %s %s: found 0x%x, 0x%x; %llu, %llu executions; %zu, %zu ends",
			 empty->backend->name, empty->scenario.name, empty->model, undivided.found,
			 sum.found, (unsigned long long)undivided.executions,
			 (unsigned long long)sum.executions, ends.n, ends_of_parts.n);
	/* Prefixes are walked for each part, and executions that turn out to be known end sooner or later. */
	if (sum.steps < undivided.steps * 3 / 4 || sum.steps > undivided.steps * 5 / 4 + prefixes)
		fail_msg("%s %s %s: %llu steps, of the whole %llu, with prefixes of %llu",
			 empty->backend->name, empty->scenario.name, empty->model,
			 (unsigned long long)sum.steps, (unsigned long long)undivided.steps,
			 (unsigned long long)prefixes);
	xp_set_fini(&ends);
	xp_set_fini(&ends_of_parts);
}

/*
 * Every preset in every model, as small as it can be; of an older protocol, those that wait.  The quick tier
 * takes turns: of the two kinds of machine each preset is asked in one.
 */
static void parts_of_every_preset_are_the_whole(void **state)
{
	static const char *const backends[] = { "patched", "kvm_2011" };
	const struct xp_scenario *preset;
	const struct xp_model *model;
	size_t b;

	(void)state;
	for (b = 0; b < sizeof(backends) / sizeof(backends[0]); b++)
		for (preset = xp_presets; preset->name; preset++)
			xp_for_each_model(model) if (!model->ahead) {
				if (deep_cell(model, false) ||
				    (!deep() && model->graph != (preset - xp_presets) % 2))
					continue;
				struct xp_cell cell = cell_of(backends[b], preset->name, XP_FULL,
							      model->name);

				cell.scenario.kickers = preset->kickers > 1 ? 2 : 1;
				cell.scenario.kicks = cell.scenario.vcpus = 1;
				cell.scenario.migrations = preset->kickers == 1 && preset->migrations;
				if (!xp_na(cell.backend, &cell.scenario) && (!b || preset->wait))
					compare(&cell);
			}
}

static void parts_are_the_whole(void **state)
{
	static const struct {
		const char *backend, *preset;
		enum xp_form form;
		bool many; /* executions */
	} cases[] = {
		{ "old", "one-kick", XP_FULL, false },
		{ "old", "two-kicks", XP_FULL, true },
		{ "patched", "two-kicks", XP_FULL, true },
		{ "old", "two-kicks-two-migrations", XP_CORE, true },
		{ "locked_mutex", "two-kicks", XP_FULL, false },
		{ "busted_wake", "wake", XP_CORE, false },
		{ "busted_relaxed_cpu", "two-kicks", XP_CORE, false },
		{ "patched", "wait", XP_FULL, true },
	};
	const struct xp_model *model;
	size_t i;

	(void)state;
	xp_for_each_model(model) if (!model->ahead)
		for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
			struct xp_cell empty = cell_of(cases[i].backend, cases[i].preset,
						       cases[i].form, model->name);

			if (!deep_cell(model, cases[i].many))
				compare(&empty);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(parts_are_the_whole),
					    cmocka_unit_test(parts_of_every_preset_are_the_whole) };

#ifdef FIBER_TSAN
	puts("skipped: there is one thread, and TSan's fibers take minutes here");
	return 4;
#endif
	return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
