// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Weakening at run time.  Needs every backend: a weakened text must explore exactly as the mutant does
 * that was written that way; an order that a model does not know must change nothing; names are read back.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "explore/engine/engine.h"
#include "explore/cell/explore.h"
#include "explore/world/weaken.h"

static const struct xp_options options = { .strategy = XP_PROVE, .bound = -1, .no_example = true };

static void run(struct xp_cell *cell, const char *backend, const char *preset, const char *model,
		const struct xp_weakenings *weak)
{
	*cell = (struct xp_cell){ .backend = xp_backend(backend), .scenario = *xp_preset(preset),
				  .model = model, .weak = weak };
	assert_non_null(cell->backend);
	assert_int_equal(xp_cell_run(cell, &options), 0);
	assert_int_equal(cell->status, XP_EXHAUSTIVE);
}

/* The word in a function of the backend, wherever it stands. */
static void add(struct xp_weakenings *set, const char *backend, const char *function, const char *word,
		enum xp_rung to)
{
	const struct xp_ordered *o = xp_ordered_first();

	while (o && (strcmp(o->backend, backend) || strcmp(o->function, function) ||
		     strncmp(o->site.say, word, strlen(word))))
		o = o->next;
	assert_non_null(o);
	assert_true(xp_ladder(o) >> to & 1);
	xp_ordered_name(o, set->one[set->n].site);
	set->one[set->n++].to = to;
}

static void same(const char *mutant, const char *preset, const struct xp_weakenings *set)
{
	static struct xp_cell weak, written;
	const struct xp_model *m;

	xp_for_each_model(m) if (!m->ahead) {
		run(&weak, "patched", preset, m->name, set);
		run(&written, mutant, preset, m->name, NULL);
		if (weak.found != written.found || weak.executions != written.executions)
			fail_msg("%s under %s: %x in %llu executions, weakened %x in %llu", mutant, m->name,
				 written.found, (unsigned long long)written.executions, weak.found,
				 (unsigned long long)weak.executions);
	}
}

static void weakened_text_is_the_mutant(void **state)
{
	static const struct {
		const char *mutant;
		struct {
			const char *function, *word;
			enum xp_rung to;
		} weak[2];
	} mutants[] = {
		{ "busted_nofence", { { "kick_guest_enter", "smp_mb(", XP_DROPPED } } },
		{ "busted_wmb", { { "kick_guest_enter", "smp_mb(", XP_TO_WMB } } },
		{ "busted_relaxed_claim", { { "kvm_exiting_guest_mode", "cmpxchg(", XP_TO_RELAXED } } },
		{ "patched_515", { { "kick_guest_enter", "smp_store_release(", XP_TO_RELAXED } } },
		{ "busted_relaxed_mode", { { "kick_guest_enter", "smp_store_release(", XP_TO_RELAXED },
					   { "kvm_exiting_guest_mode", "cmpxchg(", XP_TO_SEQ_CST } } },
		{ "busted_relaxed_cpu", { { "kick_guest_enter", "smp_store_release(", XP_TO_RELAXED },
					  { "kvm_exit_request", "READ_ONCE(vcpu->mode", XP_OWN } } },
	};
	static struct xp_cell cell;
	size_t i, j;

	(void)state;
	xp_watch_begin();
	run(&cell, "patched", "one-kick", "sc", NULL);
	xp_watch_end();
	for (i = 0; i < sizeof(mutants) / sizeof(mutants[0]); i++) {
		struct xp_weakenings set = { 0 };

		for (j = 0; j < 2 && mutants[i].weak[j].function; j++)
			add(&set, "patched", mutants[i].weak[j].function, mutants[i].weak[j].word,
			    mutants[i].weak[j].to);
		same(mutants[i].mutant, "one-kick", &set);
	}
}

static void idle_rungs_change_nothing(void **state)
{
	static struct xp_cell base, weak;
	const struct xp_model *m;
	int n = 0;

	(void)state;
	xp_for_each_model(m) if (!m->ahead) {
		const struct xp_ordered *o;

		run(&base, "patched", "one-kick", m->name, NULL);
		for (o = xp_ordered_first(); o; o = o->next) {
			int to;

			for (to = XP_TO_SEQ_CST; to < XP_RUNGS; to++) {
				struct xp_weakenings set = { .n = 1, .one[0].to = to };

				if (strcmp(o->backend, "patched") || !(xp_ladder(o) >> to & 1) ||
				    !xp_rung_idle(o, to, m->bit))
					continue;
				xp_ordered_name(o, set.one[0].site);
				run(&weak, "patched", "one-kick", m->name, &set);
				assert_null(xp_weaken_missed(&set, "patched"));
				assert_int_equal(weak.executions, base.executions);
				assert_int_equal(weak.found, base.found);
				n++;
			}
		}
	}
	assert_true(n > 20);
}

static void names_are_read_back(void **state)
{
	static const char *const wrong[] = { "", "~", "x", "x=", "=dropped", "x=maybe", "x=dropped~",
					     "x=as written" };
	struct xp_weakenings set;
	char text[300];
	size_t i;

	(void)state;
	assert_true(xp_weakenings_parse("kvm.h:97:smp_mb=dropped~request.h:60:cmpxchg=acq_rel", &set));
	assert_int_equal(set.n, 2);
	assert_string_equal(set.one[1].site, "request.h:60:cmpxchg");
	assert_int_equal(set.one[1].to, XP_TO_ACQ_REL);
	xp_weakenings_print(&set, text, sizeof(text));
	assert_string_equal(text, "~kvm.h:97:smp_mb=dropped~request.h:60:cmpxchg=acq_rel");
	set.n = 1;
	strcpy(set.one[0].site, "nobody.h:1:smp_mb");
	assert_ptr_equal(xp_weaken_missed(&set, "patched"), &set.one[0]);
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_false(xp_weakenings_parse(wrong[i], &set));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(weakened_text_is_the_mutant),
		cmocka_unit_test(idle_rungs_change_nothing),
		cmocka_unit_test(names_are_read_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
