// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The contract suffices for a judge that owns every value, and the known verdicts come out of the
 * unchanged backends: old loses, patched does not, and a missing barrier takes a store buffer.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <cmocka.h>

#include "contract_ops.h"

#ifdef __has_feature
#define KICK_CLANG_TSAN __has_feature(thread_sanitizer)
#else
#define KICK_CLANG_TSAN 0
#endif

extern const struct ct_backend ct_backend_old, ct_backend_patched, ct_backend_busted_nofence,
	ct_backend_locked_mutex;

#if defined(__SANITIZE_ADDRESS__)
enum { KICKERS = 1 }; /* what is written where, not what is found */
#else
enum { KICKERS = 2 };
#endif

static struct ct_run explore(const struct ct_backend *backend, int kickers, bool store_buffer)
{
	struct ct_run run = { .backend = backend, .kickers = kickers, .migrations = 1,
			      .store_buffer = store_buffer };

	ct_explore(&run);
	printf("%s, %d kickers, store buffer %d: %lu states, %lu ends, %lu lost, %lu poisoned\n",
	       backend->name, kickers, store_buffer, run.states, run.ends, run.lost, run.poisoned);
	return run;
}

static void old_poisons_with_one_kick(void **state)
{
	struct ct_run run = explore(&ct_backend_old, 1, false);

	(void)state;
	assert_int_equal(run.lost, 0);
	assert_true(run.poisoned > 0);
}

static void old_loses_with_two_kicks(void **state)
{
	struct ct_run run = explore(&ct_backend_old, 2, false);

	(void)state;
	assert_true(run.lost > 0);
}

static void patched_loses_nothing(void **state)
{
	struct ct_run tso = explore(&ct_backend_patched, KICKERS, true);

	(void)state;
	assert_true(tso.ends > 0);
	assert_int_equal(tso.lost + tso.poisoned, 0);
}

static void locks_lose_nothing(void **state)
{
	struct ct_run tso = explore(&ct_backend_locked_mutex, 1, true);

	(void)state;
	assert_true(tso.ends > 0);
	assert_int_equal(tso.lost + tso.poisoned, 0);
}

static void missing_barrier_needs_a_store_buffer(void **state)
{
	struct ct_run sc = explore(&ct_backend_busted_nofence, KICKERS, false);
	struct ct_run tso = explore(&ct_backend_busted_nofence, 1, true);

	(void)state;
	assert_int_equal(sc.lost + sc.poisoned, 0);
	assert_true(tso.lost > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(old_poisons_with_one_kick),
		cmocka_unit_test(old_loses_with_two_kicks),
		cmocka_unit_test(patched_loses_nothing),
		cmocka_unit_test(locks_lose_nothing),
		cmocka_unit_test(missing_barrier_needs_a_store_buffer),
	};

#if defined(__SANITIZE_THREAD__) || KICK_CLANG_TSAN
	/* Its stacks are switched by swapcontext() or longjmp(), of which TSan knows nothing. */
	print_message("skipped: one thread, and TSan cannot follow its stacks\n");
	return 4;
#endif
	return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
