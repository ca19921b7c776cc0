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
#include "explore/model/models.h"
#include "tests/explore/deep.h"

#define X(name) extern const struct xp_backend xp_backend_##name;
#include "test_protocols.def"
#undef X

static const struct xp_backend *const protocols[] = {
#define X(name) &xp_backend_##name,
#include "test_protocols.def"
#undef X
};

static const char *const models[] = { "sc", "tso", "pso", "rc11" };

#if defined(__SANITIZE_ADDRESS__)
enum { SANITIZED = true, MOST = 20000 }; /* what is written where, not what is found */
#else
enum { SANITIZED = false, MOST = 100000 }; /* of a broken one; that it finds no more, the full tier knows */
#endif

/* Under rc11 these take as long as all others together: the quick tier has them under pso. */
static bool is_large(const char *preset)
{
	static const char *const large[] = { "claims", "claims-mask", "two-kicks", "two-masks-no-memory",
					     "sleeps-twice", "wake", "run-twice", "own-thread" };

	for (size_t i = 0; i < sizeof(large) / sizeof(large[0]); i++)
		if (!strcmp(preset, large[i]))
			return true;
	return false;
}

/*
 * Sound ones where most is allowed, in both machines that there are.  Broken ones in the presets that they
 * name, under sc and the models that are declared to allow more than sc.
 */
static bool is_asked(const struct xp_backend *backend, const char *preset, const char *model)
{
	bool most = !strcmp(model, "rc11");

	if (!backend->decl->explore[0].preset)
		return !SANITIZED && (!strcmp(model, "pso") || (most && (deep() || !is_large(preset))));
	if (!xp_declared(backend, preset, KICK_M_ALL))
		return false;
	return !strcmp(model, "sc") || deep() || (most && SANITIZED) ||
	       (!SANITIZED && xp_declared(backend, preset, xp_model_bit(model)) !=
				      xp_declared(backend, preset, KICK_M_SC));
}

/* Complaints about one cell: 0 or 1. */
static int judge(const struct xp_backend *backend, const struct xp_scenario *preset, const char *model)
{
	struct xp_cell cell = { .backend = backend, .scenario = *preset, .model = model };
	struct xp_options options = { .bound = -1, .no_example = true, .executions = MOST };
	unsigned int declared = xp_declared(backend, preset->name, xp_model_bit(model));
	bool sound = !backend->decl->explore[0].preset;
	char line[512];

	if (!is_asked(backend, preset->name, model))
		return 0;
	if (!SANITIZED && (sound || deep()))
		options.executions = 3000000;
	assert_int_equal(xp_cell_run(&cell, &options), 0);
	if (cell.status == XP_NA || (cell.status == XP_EXHAUSTIVE && cell.found == declared) ||
	    (cell.executions >= MOST && !sound && !deep() && cell.found == declared) ||
	    (SANITIZED && cell.executions >= MOST && !(cell.found & ~declared)))
		return 0;
	xp_verdict(&cell, line, sizeof(line));
	print_message("%s %s %s: %s\n", backend->name, preset->name, model, line);
	return 1;
}

/* Not everybody's requests are about something. */
static bool is_tried(const struct xp_backend *backend, const struct xp_scenario *preset)
{
	return preset->quick || (preset->data && backend->decl->explore[0].preset);
}

static void each_is_as_it_declares(void **state)
{
	int complaints = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(protocols) / sizeof(protocols[0]); i++)
		for (const struct xp_scenario *s = xp_presets; s->name; s++)
			if (is_tried(protocols[i], s))
				for (size_t m = 0; m < sizeof(models) / sizeof(models[0]); m++)
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
	return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
