// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A loop that reads again and finds the same is a wait (explore/engine/pause.c).  If that loses nothing, then
 * exploring more of its turns gives more executions, of small programs as many as can be reckoned, and
 * not one end more: what was read behind the loop, what memory holds, what is violated.
 * Needs every backend: a build with some of them leaves this out, and has but some of the tests' protocols.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <cmocka.h>

#include "explore/cell/explore.h"
#include "explore/engine/engine.h"
#include "explore/engine/fiber.h"
#include "explore/model/models.h"
#include "explore/search/search.h"
#include "tests/explore/deep.h"

enum { TURNS = 4 }; /* 0 to 3 more */

extern const struct xp_backend xp_backend_cas_lock, xp_backend_gives_up, xp_backend_vmm_suspends,
	xp_backend_vmm_resumes_unlocked;

static const struct xp_site site = { "an operation", __FILE__, __LINE__ };
static kick_ulong m[3]; /* what is waited for, what it is about, a counter */
static uint64_t found[XP_FIBERS]; /* by each, behind its loop */

/* What one search came to. */
struct came {
	uint64_t executions;
	unsigned int found;
	struct xp_set ends;
};

static struct came went;
static unsigned int (*judged)(void);

static unsigned int judge(void)
{
	uint64_t ended[2] = { 1, 2 };

	for (size_t i = 0; i < xp.program->size / sizeof(uint64_t); i++) {
		ended[0] = xp_mix(ended[0], ((const uint64_t *)xp.program->arena)[i]);
		ended[1] = xp_mix(ended[1], ended[0]);
	}
	for (size_t i = 0; i < XP_FIBERS; i++) {
		ended[0] = xp_mix(ended[0], found[i]);
		ended[1] = xp_mix(ended[1], ended[0]);
	}
	assert_true(xp_set_add(&went.ends, ended, NULL) >= 0);
	return judged ? judged() : 0;
}

static struct came explore(struct xp_program *program, const struct xp_model *model, int turns)
{
	struct came came;

	went = (struct came){ 0 };
	judged = program->judge;
	program->judge = judge;
	program->turns = turns;
	xp.memory_limit = 0;
	xp_begin(program, model, &xp_dpor);
	do {
		assert_true(xp_execute());
		went.found |= xp.found;
	} while (xp_dpor.next());
	assert_string_equal(xp.error, "");
	went.executions = xp.executions;
	came = went;
	return came;
}

static bool same(const struct xp_set *a, struct xp_set *b)
{
	for (size_t i = 0; i < a->n; i++)
		if (xp_set_add(b, a->key[i], NULL))
			return false;
	return a->n == b->n;
}

static void setup(void)
{
}

static void wait_for(uint64_t value)
{
	while (xp_load(&m[0], sizeof(m[0]), KICK_ACQUIRE, &site) != value)
		xp_pause(&site);
}

/* The last fiber writes, the others wait and read. */
static void waiters(int self)
{
	found[self] = 0;
	if (self == xp.n_fibers - 1) {
		xp_store(&m[1], sizeof(m[1]), 1, KICK_RELAXED, &site);
		xp_store(&m[0], sizeof(m[0]), 1, KICK_RELEASE, &site);
		return;
	}
	wait_for(1);
	found[self] = 1 + xp_load(&m[1], sizeof(m[1]), KICK_RELAXED, &site);
}

/* The word goes on and on: none of its values may be passed over. */
static void followers(int self)
{
	found[self] = 0;
	if (self == xp.n_fibers - 1) {
		for (uint64_t i = 1; i <= 2; i++)
			xp_store(&m[0], sizeof(m[0]), i, KICK_RELEASE, &site);
		return;
	}
	while (!found[self]) {
		found[self] = xp_load(&m[0], sizeof(m[0]), KICK_ACQUIRE, &site);
		if (!found[self])
			xp_pause(&site);
	}
}

/* A lock by a loop of cmpxchg, around a counter. */
static void lockers(int self)
{
	uint64_t n;

	while (xp_rmw(XP_CMPXCHG, &m[0], sizeof(m[0]), 0, 1, KICK_ACQUIRE, &site))
		xp_pause(&site);
	n = xp_load(&m[2], sizeof(m[2]), KICK_RELAXED, &site);
	xp_store(&m[2], sizeof(m[2]), n + 1, KICK_RELAXED, &site);
	xp_store(&m[0], sizeof(m[0]), 0, KICK_RELEASE, &site);
	found[self] = n;
}

/*
 * Of a waiter: the store comes before its first, its second, its third load, or in the wait, and with
 * each turn more there is one place more.  Waiters know nothing of each other.  Who follows may have missed
 * a value in each place, and read it in the wait but the next one behind it.  Of two lockers, either is
 * first.
 */
static void more_turns_are_so_many_more(void **state)
{
	static const struct {
		const char *name;
		void (*run)(int);
		int fibers;
		size_t ends;
		int waiters, times, more; /* executions: times (4 + turns) ^ waiters + more */
	} programs[] = {
		{ "a waiter", waiters, 2, 1, 1, 1, 0 },
		{ "two waiters", waiters, 3, 1, 2, 1, 0 },
		{ "a follower", followers, 2, 2, 1, 2, 1 },
		{ "two lockers", lockers, 2, 2, 1, 2, 0 },
	};
	const struct xp_model *model;

	(void)state;
	for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++)
		xp_for_each_model(model) for (int turns = 0; turns < TURNS; turns++) {
			struct xp_program it = { .name = programs[i].name, .arena = m, .size = sizeof(m),
						 .n_pcpus = 1, .n_fibers = programs[i].fibers,
						 .setup = setup, .run = programs[i].run };
			uint64_t places = 4 + turns;
			uint64_t expected = programs[i].waiters == 2 ? places * places : places;
			struct came came = explore(&it, model, turns);

			expected = (uint64_t)programs[i].times * expected + (uint64_t)programs[i].more;
			if (came.executions != expected || came.ends.n != programs[i].ends)
				fail_msg("%s, %s, %d turns more: %llu executions, not %llu; "
					 "%zu ends, not %zu", it.name, model->name, turns,
					 (unsigned long long)came.executions, (unsigned long long)expected,
					 came.ends.n, programs[i].ends);
			xp_set_fini(&came.ends);
		}
}

/* Protocols that wait for a lock or for a thread; and a retry that is bounded is none. */
static void protocols_come_to_the_same(void **state)
{
	static const struct {
		const struct xp_backend *backend;
		const char *preset;
		bool waits;
	} cells[] = {
		{ &xp_backend_cas_lock, "one-kick", true },
		{ &xp_backend_vmm_suspends, "pause", true },
		{ &xp_backend_vmm_resumes_unlocked, "pause", true }, /* broken under a store buffer */
		{ &xp_backend_gives_up, "two-kicks", false },
	};
	const struct xp_model *model;

	(void)state;
	for (size_t i = 0; i < sizeof(cells) / sizeof(cells[0]); i++)
		xp_for_each_model(model) if (!model->ahead && !deep_model(model)) {
			struct xp_scenario scenario = *xp_preset(cells[i].preset);
			struct xp_program program;
			struct came a, b;

			scenario.migrations = scenario.exits = 0;
			xp_scenario_program(cells[i].backend, &scenario, &program);
			a = explore(&program, model, 0);
			xp_scenario_program(cells[i].backend, &scenario, &program);
			b = explore(&program, model, 1);
			if (a.found != b.found || !same(&a.ends, &b.ends) ||
			    (cells[i].waits ? a.executions >= b.executions : a.executions != b.executions))
				fail_msg("%s, %s: found 0x%x, 0x%x; %llu, %llu executions; %zu, %zu ends",
					 cells[i].backend->name, model->name, a.found, b.found,
					 (unsigned long long)a.executions, (unsigned long long)b.executions,
					 a.ends.n, b.ends.n);
			xp_set_fini(&a.ends);
			xp_set_fini(&b.ends);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(more_turns_are_so_many_more),
		cmocka_unit_test(protocols_come_to_the_same),
	};

	if (!XP_STACKS_TELL) {
		puts("skipped: a sanitizer keeps locals elsewhere, so no turn is like another");
		return 4;
	}
	return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
