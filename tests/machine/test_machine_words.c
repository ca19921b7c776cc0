// SPDX-License-Identifier: GPL-2.0-or-later
/* The kernel's counters take what is given as their own type, whatever it was. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "kick_ops_native.h"
#include "kick.h"

static void what_is_added_is_taken_away(void **state)
{
	unsigned int n = 3;
	kick_ulong wide = { 0 };
	kick_int narrow = { 0 };

	(void)state;
	atomic_add(n, &wide);
	atomic_sub(n, &wide);
	assert_int_equal(READ_ONCE(wide), 0);
	atomic_sub(n, &narrow);
	assert_int_equal(READ_ONCE(narrow), -3);
	atomic_add(n, &narrow);
	assert_int_equal(READ_ONCE(narrow), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(what_is_added_is_taken_away) };

	return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
