// SPDX-License-Identifier: GPL-2.0-or-later
/* Declarations speak of presets, models and properties that there are; one that does not is refused. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "explore/cell/explore.h"

static void ours_are_well_formed(void **state)
{
	char why[256] = "";
	int i;

	(void)state;
	for (i = 0; xp_backends[i]; i++)
		if (xp_misdeclared(xp_backends[i], why, sizeof(why)))
			fail_msg("%s: %s", xp_backends[i]->name, why);
}

/* patched, with another declaration. */
static void explore_refuses(struct kick_expect declared, const char *word)
{
	struct kick_declaration decl = *xp_backend("patched")->decl;
	struct xp_backend backend = *xp_backend("patched");
	struct xp_options options = { .bound = -1 };
	struct xp_cell cell = { .backend = &backend, .scenario = *xp_preset("one-kick"), .model = "sc" };

	backend.decl = &decl;
	decl.explore[0] = declared;
	assert_int_equal(xp_cell_run(&cell, &options), 0);
	assert_int_equal(cell.status, XP_FAILED);
	assert_non_null(strstr(cell.reason, word));
}

static void explore_names_what_is_wrong(void **state)
{
	(void)state;
	explore_refuses((struct kick_expect){ "one-kik", KICK_M_ALL, KICK_V_LOST }, "one-kik");
	explore_refuses((struct kick_expect){ "one-kick", 0, KICK_V_LOST }, "no memory model");
	explore_refuses((struct kick_expect){ "one-kick", KICK_M_ALL, KICK_V_ACCOUNT }, "does not judge");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ours_are_well_formed),
		cmocka_unit_test(explore_names_what_is_wrong),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
