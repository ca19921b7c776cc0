// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Known answers: what other checkers said of the same protocols under each model, row by row.
 * Every row is exhaustive.  Properties that are looked at when a kick returns, and the largest number
 * of stale IPIs, are questions about all states: only the stateful walk may answer them.
 * Needs every backend: a build with some of them leaves this out.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "explore/cell/explore.h"
#include "explore/engine/fiber.h"

extern const struct xp_backend xp_backend_release_norecheck, xp_backend_fence_after, xp_backend_acq_rel;

enum { LOST = KICK_V_LOST, POISON = KICK_V_POISONED, WEAK = KICK_V_WEAK, STRICT = KICK_V_STRICT };

static struct xp_cell explore(const struct xp_backend *backend, const struct xp_scenario *scenario,
			      const char *model, enum xp_strategy strategy)
{
	const struct xp_options options = { .bound = -1, .strategy = strategy, .no_example = true };
	static struct xp_cell cell;

	memset(&cell, 0, sizeof(cell));
	cell.backend = backend;
	cell.scenario = *scenario;
	cell.model = model;
	assert_int_equal(xp_cell_run(&cell, &options), 0);
	assert_int_equal(cell.status, XP_EXHAUSTIVE);
	return cell;
}

static struct xp_scenario scenario(const char *preset, int kickers, int kicks, int migrations)
{
	struct xp_scenario s = *xp_preset(preset);

	s.kickers = kickers;
	s.kicks = kicks;
	s.migrations = migrations;
	return s;
}

static void expect(const char *backend, struct xp_scenario s, unsigned int sc, unsigned int tso,
		   unsigned int pso)
{
	const char *const models[] = { "sc", "tso", "pso" };
	const unsigned int found[] = { sc, tso, pso };
	const struct xp_backend *b = strcmp(backend, "release_norecheck") ?
					     xp_backend(backend) : &xp_backend_release_norecheck;
	int i;

	for (i = 0; i < 3; i++) {
		struct xp_cell cell = explore(b, &s, models[i], XP_PROVE);

		if (cell.found != found[i])
			fail_msg("%s %s %dx%d m%d %s: found 0x%x, known 0x%x", backend, s.name,
				 s.kickers, s.kicks, s.migrations, models[i], cell.found, found[i]);
	}
}

/* The model of one kicker and of two, with the old order and with the new one. */
static void requests(void **state)
{
	const unsigned int both = LOST | POISON;

	(void)state;
	expect("old", scenario("one-kick", 1, 1, 1), POISON, POISON, POISON);
	expect("old", scenario("two-kicks", 2, 1, 1), both, both, both);
	expect("old", scenario("two-kicks", 2, 1, 0), 0, 0, 0);
	expect("old", scenario("one-kick", 1, 2, 1), both, both, both);
	expect("patched", scenario("one-kick", 1, 1, 1), 0, 0, 0);
	expect("patched", scenario("one-kick", 1, 2, 1), 0, 0, 0);
	expect("patched", scenario("two-kicks", 2, 1, 1), 0, 0, 0);
	expect("always", scenario("two-kicks", 2, 1, 1), 0, 0, 0);
	expect("locked_mutex", scenario("two-kicks", 2, 1, 1), 0, 0, 0);
	/* Waiting requests get an IPI from whoever finds the mode not outside. */
	expect("old", scenario("wait", 1, 1, 1), POISON, POISON, POISON);
}

/* Kicks without a request: claims and stints. */
static void without_requests(void **state)
{
	(void)state;
	expect("old", scenario("dirty-log", 1, 1, 1), STRICT | POISON, STRICT | POISON, STRICT | POISON);
	expect("old", scenario("dirty-log", 2, 1, 1), WEAK | STRICT | POISON, WEAK | STRICT | POISON,
	       WEAK | STRICT | POISON);
	expect("patched", scenario("dirty-log", 2, 1, 1), 0, 0, 0);
	expect("always", scenario("dirty-log", 1, 1, 1), 0, 0, 0);
	expect("locked_mutex", scenario("dirty-log", 2, 1, 1), 0, 0, 0);
}

/* The variants that only a store buffer tells apart. */
static void weaker_models(void **state)
{
	(void)state;
	expect("busted_nofence", scenario("one-kick", 1, 1, 1), 0, LOST, LOST);
	expect("busted_relaxed_cpu", scenario("one-kick", 1, 1, 1), 0, 0, POISON);
	expect("busted_relaxed_cpu", scenario("two-kicks", 2, 1, 1), 0, 0, LOST | POISON);
	expect("busted_relaxed_mode", scenario("two-kicks", 2, 1, 1), 0, 0, 0);
	expect("busted_relaxed_claim", scenario("two-kicks", 2, 1, 1), 0, 0, 0);
	expect("release_norecheck", scenario("two-kicks", 2, 1, 1), 0, 0, 0);
}

/* What a model without buffers, but with loads that read what is old, adds. */
static void rc11(void **state)
{
	const struct {
		const struct xp_backend *backend;
		const char *preset;
		unsigned int found;
	} rows[] = {
		{ xp_backend("patched"), "one-kick", 0 },
		{ xp_backend("patched"), "two-kicks", 0 },
		{ xp_backend("mainline"), "two-kicks", 0 },
		/* A plain store of the mode is enough under the kernel's claim, with the recheck, ... */
		{ xp_backend("patched_515"), "two-kicks", 0 },
		/* ... not under a bare seq_cst one, which is no barrier; with one behind it, it is. */
		{ xp_backend("busted_relaxed_mode"), "one-kick", POISON },
		{ xp_backend("busted_relaxed_mode"), "two-kicks", LOST | POISON },
		{ &xp_backend_fence_after, "two-kicks", 0 },
		{ &xp_backend_release_norecheck, "two-kicks", 0 },
		{ xp_backend("busted_nofence"), "one-kick", LOST },
		{ xp_backend("busted_relaxed_cpu"), "one-kick", POISON },
		{ xp_backend("busted_relaxed_cpu"), "two-kicks", LOST | POISON },
		{ xp_backend("busted_relaxed_claim"), "two-kicks", LOST | POISON },
		{ &xp_backend_acq_rel, "one-kick", LOST },
		/* One kick is enough: nothing orders the request before the load of cpu. */
		{ xp_backend("old"), "one-kick", LOST | POISON },
		{ xp_backend("locked_mutex"), "two-kicks", 0 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct xp_cell cell = explore(rows[i].backend, xp_preset(rows[i].preset), "rc11", XP_PROVE);

		if (cell.found != rows[i].found)
			fail_msg("%s %s rc11: found 0x%x, known 0x%x", rows[i].backend->name,
				 rows[i].preset, cell.found, rows[i].found);
	}
}

/* At the return of each kick: coalescing leaves a window, in patched as well. */
static void at_each_return(void **state)
{
	static const struct {
		const char *backend;
		int kickers;
		unsigned int found;
	} rows[] = { { "old", 1, 0 }, { "old", 2, LOST }, { "patched", 1, 0 }, { "patched", 2, LOST },
		     { "always", 2, 0 }, { "locked_mutex", 2, 0 } };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct xp_scenario s = scenario("two-kicks", rows[i].kickers, 1, 1);
		struct xp_cell cell;

		s.immediate = true;
		cell = explore(xp_backend(rows[i].backend), &s, "sc", XP_STATEFUL);
		if ((cell.found & LOST) != rows[i].found)
			fail_msg("%s with %d kickers: found 0x%x", rows[i].backend, rows[i].kickers,
				 cell.found);
	}
}

/* An IPI to a pCPU where the vCPU is not: never under the lock. */
static void stale_ipis(void **state)
{
	struct xp_scenario s = scenario("two-kicks-two-migrations", 2, 1, 2);

	(void)state;
	s.form = XP_CORE;
	s.immediate = true;
	assert_int_equal(explore(xp_backend("old"), &s, "sc", XP_STATEFUL).max_stale, 2);
	assert_int_equal(explore(xp_backend("patched"), &s, "sc", XP_STATEFUL).max_stale, 2);
	assert_int_equal(explore(xp_backend("locked_mutex"), &s, "sc", XP_STATEFUL).max_stale, 0);
}

/* A pCPU that was left goes offline: IPIs to it are dropped, and nothing is lost by that. */
static void offline_pcpus(void **state)
{
	struct xp_scenario s = scenario("offline", 1, 1, 1);
	struct xp_cell cell;

	(void)state;
	expect("old", s, POISON, POISON, POISON);
	expect("patched", s, 0, 0, 0);
	expect("mainline", s, 0, 0, 0);
	expect("locked_mutex", s, 0, 0, 0);
	expect("busted_reload", s, KICK_V_CPU, KICK_V_CPU, KICK_V_CPU);
	s.immediate = true;
	cell = explore(xp_backend("patched"), &s, "sc", XP_STATEFUL);
	assert_int_equal(cell.found, 0);
	assert_int_equal(cell.max_dropped, 1);
	cell = explore(xp_backend("locked_mutex"), &s, "sc", XP_STATEFUL);
	assert_int_equal(cell.max_dropped, 0);
}

/* Of one vCPU a kick of 2025 waits for its own claim only; a mask waits for what others have claimed. */
static void who_waits(void **state)
{
	struct xp_scenario mask = scenario("mask-wait", 2, 1, 0), walker = scenario("walker", 1, 1, 0);

	(void)state;
	mask.vcpus = walker.vcpus = 1;
	expect("kvm_2025", scenario("wait", 2, 1, 0), KICK_V_WAIT, KICK_V_WAIT, KICK_V_WAIT);
	expect("kvm_2025", scenario("wait", 1, 1, 0), 0, 0, 0);
	expect("kvm_2025", mask, 0, 0, 0);
	/* Nor does that kick wait for a walker, as a mask does. */
	expect("kvm_2025", walker, 0, 0, 0);
	walker.masks = 0;
	expect("kvm_2025", walker, KICK_V_WAIT, KICK_V_WAIT, KICK_V_WAIT);
	expect("patched", scenario("wait", 2, 1, 0), 0, 0, 0);
	expect("kvm_2011", scenario("wait", 2, 1, 0), KICK_V_WAIT, KICK_V_WAIT, KICK_V_WAIT);
	expect("kvm_2011", mask, 0, 0, 0);
}

/* Two vCPUs that take turns on two pCPUs: what is claimed of one may interrupt the other. */
static void shared_pcpus(void **state)
{
	struct xp_scenario s = scenario("mask", 1, 1, 1);

	(void)state;
	s.shared = true;
	s.exits = 0;
	expect("old", s, POISON, POISON, POISON);
	expect("patched", s, 0, 0, 0);
	expect("mainline", s, 0, 0, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(requests),	  cmocka_unit_test(without_requests),
		cmocka_unit_test(weaker_models),  cmocka_unit_test(at_each_return),
		cmocka_unit_test(stale_ipis),	cmocka_unit_test(rc11),	  cmocka_unit_test(offline_pcpus),
		cmocka_unit_test(who_waits),	  cmocka_unit_test(shared_pcpus),
	};

#ifdef FIBER_TSAN
	puts("skipped: there is one thread, and TSan's fibers take minutes here");
	return 4;
#endif
	return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
