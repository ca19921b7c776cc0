// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What no backend may do is its verdict: to share what no model sees, to run for ever without an operation,
 * to need more stack than there is, to crash.  The backends are in tests/explore/refused/.
 * Needs every backend: a build with some of them leaves this out.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "explore/cell/explore.h"
#include "explore/engine/refusal.h"

#define X(name) extern const struct xp_backend xp_backend_##name;
#include "explore_refused.def"
#undef X

static struct xp_cell run(const struct xp_backend *backend, const char *preset, const char *model)
{
	static const struct xp_options options = { .bound = -1 };
	static struct xp_cell cell;

	cell = (struct xp_cell){ .backend = backend, .scenario = *xp_preset(preset), .model = model };
	assert_int_equal(xp_cell_run(&cell, &options), 0);
	return cell;
}

/* The reason has all of these, up to a NULL. */
static void refused(const struct xp_backend *backend, const char *const *says)
{
	bool vmm = backend->decl->features & KICK_F_SIGNAL;
	struct xp_cell cell = run(backend, vmm ? "run" : "two-kicks", "pso");

	if (cell.status != XP_FAILED || cell.has_example)
		fail_msg("%s: status %d, found 0x%x", backend->name, cell.status, cell.found);
	for (; *says; says++) {
#ifndef KICK_HAVE_DW
		if (strchr(*says, '`') || strstr(*says, ".h"))
			continue;
#endif
		if (!strstr(cell.reason, *says))
			fail_msg("%s: \"%s\" is not in: %s", backend->name, *says, cell.reason);
	}
}

#define REFUSED(name, ...) refused(&xp_backend_##name, (const char *const[]){ __VA_ARGS__, NULL })

static void plain_fields_that_are_shared_are_refused(void **state)
{
	(void)state;
	REFUSED(old_plain, "refused: struct kick_vcpu's field `cpu`", "byte", "family/plain.h:",
		"written by the vCPU", "read by kicker ", "make it a kick_int");
	REFUSED(relaxed_cpu_plain, "refused: struct kick_vcpu's field `cpu`", "written by the vCPU",
		"read by kicker ");
	REFUSED(bit_fields, "refused: struct kick_vcpu's field `cpu, nested`", "written by the vCPU");
}

/* It comes between any two accesses of its thread, and not only between operations. */
static void what_a_handler_shares_is_refused(void **state)
{
	(void)state;
	REFUSED(handler_plain, "refused: struct kick_vcpu's field `stop`", "the vCPU's handler",
		"handler_plain.h:", "make it a kick_int");
	REFUSED(handler_local, "the vCPU's handler writes a local variable of the vCPU", "handler_local.h:");
}

static void words_in_words_are_refused(void **state)
{
	(void)state;
	REFUSED(overlaps, "refused: struct kick_vcpu's byte 0", "is a shared word", "touches a part of it");
}

/* Under store buffers, too, where the first of two unlocks may be in nobody's memory yet. */
static void locks_are_for_who_has_them(void **state)
{
	static const char *const models[] = { "sc", "tso", "pso", "rc11" };

	(void)state;
	for (size_t m = 0; m < sizeof(models) / sizeof(models[0]); m++) {
		const char *model = models[m];

		assert_int_equal(run(&xp_backend_unlocks_twice, "one-kick", model).found, KICK_V_CONTRACT);
		assert_int_equal(run(&xp_backend_other_node, "one-kick", model).found, KICK_V_CONTRACT);
	}
}

/* The same texts with a word for it are judged: what was hidden is found. */
static void words_are_judged(void **state)
{
	(void)state;
	assert_true(run(&xp_backend_old_word, "two-kicks", "sc").found & KICK_V_LOST);
	assert_true(run(&xp_backend_relaxed_cpu_word, "two-kicks", "pso").found & KICK_V_POISONED);
	assert_int_equal(run(&xp_backend_relaxed_cpu_word, "two-kicks", "tso").found, 0);
}

static void what_lies_past_the_words_is_refused(void **state)
{
	(void)state;
	REFUSED(peek, "struct kick_vcpu's field `mode", "is a shared word", "reads it past kick_words.h",
		"peek.h:");
	REFUSED(high_bit, "high_bit uses bit 256 of a word, which has 64");
	REFUSED(static_data, "writes outside of the backend's structs", "static_data.h:");
	REFUSED(static_init, "kick_vcpu_init() writes outside of the backend's structs");
	REFUSED(view_writes, "kick_view() writes", "view_writes.h:", "it looks, and changes nothing");
	REFUSED(view_loads, "kick_view() has an operation (READ_ONCE", "view_loads.h:", "kick_peek()");
	REFUSED(local, "kicker a reads a local variable of the vCPU", "local.h:");
}

/* A field of the vCPU's thread, those of a pCPU, a mask on it: nobody else touches them. */
static void private_fields_are_fine(void **state)
{
	static const char *const backends[] = { "packed", "mainline", "kvm_2025", "locked_mcs" };
	const struct xp_scenario *preset;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(backends) / sizeof(backends[0]); i++)
		for (preset = xp_presets; preset->name; preset++) {
			struct xp_cell cell;

			if (!preset->quick)
				continue;
			cell = run(xp_backend(backends[i]), preset->name, "sc");
			if (cell.status == XP_FAILED ||
			    cell.found != xp_declared(cell.backend, preset->name, xp_model_bit("sc")))
				fail_msg("%s, %s: %s", backends[i], preset->name, cell.reason);
		}
}

static void endless_loops_end(void **state)
{
	(void)state;
	REFUSED(hang, "hang goes on for ever without an operation", "kicker ", "two-kicks, pso", "hang.h:");
	REFUSED(hang_late, "hang_late goes on for ever", "kicker ", "hang_late.h:");
	REFUSED(hang_init, "hang_init goes on for ever", "before any thread runs");
}

static void crashes_are_told(void **state)
{
	(void)state;
	REFUSED(big_stack, "big_stack needs more stack than a fiber's 64 KiB", "kicker ", "big_stack.h:");
	REFUSED(crash, "crash died of signal 11", "kicker ", "crash.h:");
	REFUSED(goes_away, "goes_away ends the program", "the vCPU, two-kicks, pso");
	REFUSED(schedules, "refused: kicker ", "calls kick_schedule()", "kick_wait()");
	REFUSED(crash_view, "crash_view died of signal", "crash_view.h:");
}

/* ... and the next one is judged as ever. */
static void nothing_is_left_behind(void **state)
{
	struct xp_cell cell = run(xp_backend("patched"), "one-kick", "tso");

	(void)state;
	assert_int_equal(cell.status, XP_EXHAUSTIVE);
	assert_int_equal(cell.found, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_fields_that_are_shared_are_refused),
		cmocka_unit_test(what_a_handler_shares_is_refused),
		cmocka_unit_test(words_in_words_are_refused),
		cmocka_unit_test(locks_are_for_who_has_them),
		cmocka_unit_test(words_are_judged),
		cmocka_unit_test(what_lies_past_the_words_is_refused),
		cmocka_unit_test(private_fields_are_fine),
		cmocka_unit_test(endless_loops_end),
		cmocka_unit_test(crashes_are_told),
		cmocka_unit_test(nothing_is_left_behind),
	};

	if (!xp_shared_seen) {
		puts("skipped: a sanitizer answers for plain accesses and crashes here");
		return 4;
	}
	return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
