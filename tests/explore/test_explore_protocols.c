// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Protocols that somebody might write (tests/protocols/), in the quick presets.  One that declares nothing is
 * sound and holds everywhere; what sc and tso allow, pso does.  A broken one has exactly what it declares in
 * the presets that it names, the smallest that show it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "explore/cell/explore.h"

#define X(name) extern const struct xp_backend xp_backend_##name;
#include "test_protocols.def"
#undef X

static const struct xp_backend *const protocols[] = {
#define X(name) &xp_backend_##name,
#include "test_protocols.def"
#undef X
};

static const char *const models[] = { "sc", "tso", "pso", "rc11" };

static bool breaks_elsewhere(const struct xp_backend *backend, const char *preset)
{
	return !xp_declared(backend, preset, KICK_M_ALL);
}

/* Complaints about one cell: 0 or 1. */
static int judge(const struct xp_backend *backend, const struct xp_scenario *preset, const char *model)
{
	struct xp_cell cell = { .backend = backend, .scenario = *preset, .model = model };
	struct xp_options options = { .bound = -1, .no_example = true, .executions = 3000000 };
	char line[512];

#if defined(__SANITIZE_ADDRESS__)
	/* What is written where does not depend on the model, and the sound ones take minutes. */
	if (strcmp(model, "sc") && strcmp(model, "rc11"))
		return 0;
	if (!backend->decl->explore[0].preset)
		return 0;
#endif
	if (backend->decl->explore[0].preset ? breaks_elsewhere(backend, preset->name)
					     : strcmp(model, "pso") && strcmp(model, "rc11"))
		return 0;
	assert_int_equal(xp_cell_run(&cell, &options), 0);
	if (cell.status == XP_NA ||
	    (cell.status == XP_EXHAUSTIVE &&
	     cell.found == xp_declared(backend, preset->name, xp_model_bit(model))))
		return 0;
	xp_verdict(&cell, line, sizeof(line));
	print_message("%s %s %s: %s\n", backend->name, preset->name, model, line);
	return 1;
}

static void each_is_as_it_declares(void **state)
{
	int complaints = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(protocols) / sizeof(protocols[0]); i++)
		for (const struct xp_scenario *s = xp_presets; s->name; s++)
			for (size_t m = 0; s->quick && m < sizeof(models) / sizeof(models[0]); m++)
				complaints += judge(protocols[i], s, models[m]);
	assert_int_equal(complaints, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_is_as_it_declares),
	};

#if defined(__SANITIZE_THREAD__)
	print_message("skipped: there is one thread, and TSan's fibers take minutes here\n");
	return 4;
#endif
	return cmocka_run_group_tests(tests, NULL, NULL);
}
