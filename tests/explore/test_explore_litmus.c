// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The memory models of explore by the classical litmus tests: which outcome each model allows, found
 * by the prover and by the stateful walk alike.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "explore/model/models.h"
#include "explore/world/ops_explore.h"
#include "explore/search/search.h"
#include "kick_declare.h"

static struct {
	kick_int x, y;
} m;
static int r[4];
static bool seen; /* the outcome that is asked for */

static void setup(void)
{
}

enum fence { NONE, MB, WMB, RELEASE };
static enum fence fence;

static void between(void)
{
	if (fence == MB)
		smp_mb();
	if (fence == WMB)
		smp_wmb();
}

static void store(kick_int *word, int value)
{
	if (fence == RELEASE)
		smp_store_release(word, value);
	else
		WRITE_ONCE(*word, value);
}

static void sb(int self)
{
	store(self ? &m.y : &m.x, 1);
	between();
	r[self] = READ_ONCE(*(self ? &m.x : &m.y));
}

static bool sb_seen(void)
{
	return !r[0] && !r[1];
}

static void mp(int self)
{
	if (self) {
		r[0] = READ_ONCE(m.y);
		r[1] = READ_ONCE(m.x);
		return;
	}
	store(&m.x, 1);
	between();
	store(&m.y, 1);
}

static bool mp_seen(void)
{
	return r[0] && !r[1];
}

static void lb(int self)
{
	r[self] = READ_ONCE(*(self ? &m.y : &m.x));
	store(self ? &m.x : &m.y, 1);
}

static bool lb_seen(void)
{
	return r[0] && r[1];
}

static void iriw(int self)
{
	if (self < 2) {
		store(self ? &m.y : &m.x, 1);
		return;
	}
	r[2 * self - 4] = READ_ONCE(*(self == 2 ? &m.x : &m.y));
	r[2 * self - 3] = READ_ONCE(*(self == 2 ? &m.y : &m.x));
}

static bool iriw_seen(void)
{
	return r[0] && !r[1] && r[2] && !r[3];
}

static void corr(int self)
{
	if (!self) {
		store(&m.x, 1);
		return;
	}
	r[0] = READ_ONCE(m.x);
	r[1] = READ_ONCE(m.x);
}

static bool corr_seen(void)
{
	return r[0] && !r[1];
}

static void r_test(int self)
{
	store(self ? &m.y : &m.x, self ? 2 : 1);
	between();
	if (self)
		r[0] = READ_ONCE(m.x);
	else
		store(&m.y, 1);
}

static bool r_seen(void)
{
	return m.y.raw == 2 && !r[0];
}

static void s_test(int self)
{
	if (self) {
		r[0] = READ_ONCE(m.y);
		store(&m.x, 1);
		return;
	}
	store(&m.x, 2);
	between();
	store(&m.y, 1);
}

static bool s_seen(void)
{
	return r[0] && m.x.raw == 2;
}

static void two_two_w(int self)
{
	store(self ? &m.y : &m.x, 1);
	between();
	store(self ? &m.x : &m.y, 2);
}

static bool two_two_w_seen(void)
{
	return m.x.raw == 1 && m.y.raw == 1;
}

static const struct litmus {
	const char *name;
	int fibers;
	void (*run)(int self);
	bool (*seen)(void);
	enum fence fence;
	unsigned int allowed; /* KICK_M_* */
} tests[] = {
	{ "SB", 2, sb, sb_seen, NONE, KICK_M_STORE_BUFFER },
	{ "SB+mb", 2, sb, sb_seen, MB, 0 },
	{ "SB+wmb", 2, sb, sb_seen, WMB, KICK_M_STORE_BUFFER },
	{ "SB+release", 2, sb, sb_seen, RELEASE, KICK_M_STORE_BUFFER },
	{ "MP", 2, mp, mp_seen, NONE, KICK_M_PSO | KICK_M_RC11 },
	{ "MP+wmb", 2, mp, mp_seen, WMB, KICK_M_RC11 },
	{ "MP+release", 2, mp, mp_seen, RELEASE, KICK_M_RC11 },
	{ "MP+mb", 2, mp, mp_seen, MB, KICK_M_RC11 },
	{ "LB", 2, lb, lb_seen, NONE, 0 },
	{ "IRIW", 4, iriw, iriw_seen, NONE, KICK_M_RC11 },
	{ "CoRR", 2, corr, corr_seen, NONE, 0 },
	{ "R", 2, r_test, r_seen, NONE, KICK_M_STORE_BUFFER },
	{ "R+wmb", 2, r_test, r_seen, WMB, KICK_M_STORE_BUFFER },
	{ "R+mb", 2, r_test, r_seen, MB, 0 },
	{ "S", 2, s_test, s_seen, NONE, KICK_M_PSO | KICK_M_RC11 },
	{ "S+wmb", 2, s_test, s_seen, WMB, KICK_M_RC11 },
	{ "2+2W", 2, two_two_w, two_two_w_seen, NONE, KICK_M_PSO | KICK_M_RC11 },
	{ "2+2W+wmb", 2, two_two_w, two_two_w_seen, WMB, KICK_M_RC11 },
	{ "2+2W+release", 2, two_two_w, two_two_w_seen, RELEASE, KICK_M_RC11 },
};

static const struct litmus *current;

static unsigned int judge(void)
{
	seen |= current->seen();
	return 0;
}

/* Is the outcome reached, and in how many different ends? */
static bool reached(const struct litmus *test, const struct xp_model *model,
		    const struct xp_search *search, size_t *n_ends)
{
	struct xp_program program = { .name = test->name, .arena = &m, .size = sizeof(m),
				      .books = { { r, sizeof(r) } }, .n_fibers = test->fibers,
				      .n_pcpus = 1, .hosts_take = true,
				      .setup = setup, .run = test->run, .judge = judge };
	struct xp_set ends = { 0 };

	current = test;
	fence = test->fence;
	seen = false;
	xp.ends = &ends;
	xp_begin(&program, model, search);
	do {
		memset(r, 0, sizeof(r));
		assert_true(xp_execute());
	} while (search->next());
	xp.ends = NULL;
	*n_ends = ends.n;
	xp_set_fini(&ends);
	return seen;
}

static void outcomes_are_those_of_the_model(void **state)
{
	const struct xp_model *model;
	size_t i, proved, walked;

	(void)state;
	xp_for_each_model(model) if (!model->ahead)
		for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
			bool allowed = tests[i].allowed & model->bit;

			if (reached(&tests[i], model, &xp_dpor, &proved) != allowed)
				fail_msg("%s under %s: %s", tests[i].name, model->name,
					 allowed ? "not reached" : "reached");
			if (reached(&tests[i], model, &xp_stateful, &walked) != allowed)
				fail_msg("%s under %s, stateful: %s", tests[i].name, model->name,
					 allowed ? "not reached" : "reached");
			if (proved != walked)
				fail_msg("%s under %s: %zu ends proved, %zu walked", tests[i].name,
					 model->name, proved, walked);
		}
}

int main(void)
{
	const struct CMUnitTest all[] = { cmocka_unit_test(outcomes_are_those_of_the_model) };

	return cmocka_run_group_tests(all, NULL, NULL) != 0;
}
