// SPDX-License-Identifier: GPL-2.0-or-later
/* Declarations of stress speak of what stress can find; one that does not is refused. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "stress/stress.h"

static void ours_are_well_formed(void **state)
{
	char why[256] = "";

	(void)state;
	for (int i = 0; stress_backends[i]; i++)
		if (stress_misdeclared(stress_backends[i], why, sizeof(why)))
			fail_msg("%s: %s", stress_backends[i]->name, why);
}

/* patched, with another declaration. */
static bool stress_refuses(struct kick_stress_expect declared)
{
	struct kick_declaration decl = *stress_backend_find("patched")->decl;
	struct stress_backend backend = *stress_backend_find("patched");
	char why[256];

	backend.decl = &decl;
	decl.stress_weak = declared;
	return stress_misdeclared(&backend, why, sizeof(why));
}

static void stress_names_what_is_wrong(void **state)
{
	(void)state;
	assert_true(stress_refuses((struct kick_stress_expect){ KICK_CAUGHT, 0, NULL }));
	assert_true(stress_refuses((struct kick_stress_expect){ KICK_CAUGHT, KICK_V_STRICT, NULL }));
	assert_true(stress_refuses((struct kick_stress_expect){ KICK_SOUND, KICK_V_LOST, NULL }));
	assert_true(stress_refuses((struct kick_stress_expect){ KICK_SILENT, 0, NULL }));
	assert_false(stress_refuses((struct kick_stress_expect){ KICK_SILENT, 0, "because" }));
	assert_false(stress_refuses((struct kick_stress_expect){ KICK_CAUGHT, KICK_V_LOST, NULL }));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ours_are_well_formed),
		cmocka_unit_test(stress_names_what_is_wrong),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
