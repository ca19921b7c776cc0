// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * lkmm and armv8 against their axioms (lkmm_axioms.h): of random programs the prover must reach exactly the
 * graphs that they allow, load buffering included, and the same outcomes.
 * LKMM_PROGRAMS=n for more of them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <cmocka.h>

#include "explore/engine/fiber.h"
#include "explore/model/models.h"
#include "explore/search/search.h"
#include "lkmm_axioms.h"

static kick_ulong m[AX_WORDS];
static const struct ax_program *program;
static const struct xp_model *model;
static uint64_t seen;
static struct ax_set outcomes;
static const struct xp_site site = { "an operation", __FILE__, __LINE__ };

static void setup(void)
{
}

static void run(int self)
{
	for (int i = 0; i < program->n[self]; i++) {
		const struct ax_ins *ins = &program->code[self][i];
		kick_ulong *word = &m[ins->word];
		uint64_t got;

		if (ins->kind == XP_FENCE) {
			xp_fence(ins->order, &site);
			continue;
		}
		if (ins->kind == XP_STORE) {
			xp_store(word, sizeof(*word), ins->a, ins->order, &site);
			continue;
		}
		got = ins->kind == XP_LOAD ? xp_load(word, sizeof(*word), ins->order, &site) :
					     xp_rmw(ins->kind, word, sizeof(*word), ins->a, ins->b,
						    ins->order, &site);
		seen = ax_outcome(seen, self, i, got);
	}
}

static unsigned int judge(void)
{
	for (int i = 0; i < AX_WORDS; i++)
		seen = ax_outcome(seen, AX_THREADS, i, m[i].raw);
	ax_set_add(&outcomes, seen);
	return 0;
}

static size_t explore(const struct ax_program *p)
{
	struct xp_program it = { .name = "a program", .arena = m, .size = sizeof(m), .n_pcpus = 1,
				 .n_fibers = p->n_threads, .setup = setup, .run = run, .judge = judge,
				 .records = true };
	struct xp_set ends = { 0 };
	size_t n;

	program = p;
	outcomes.n = 0;
	xp.ends = &ends;
	xp_ahead_forget();
	do {
		xp_begin(&it, model, &xp_dpor);
		do {
			seen = 0;
			if (!xp_execute())
				fail_msg("%s", xp.error);
		} while (xp_dpor.next());
	} while (xp_ahead_learned());
	xp.ends = NULL;
	n = ends.n;
	xp_set_fini(&ends);
	return n;
}

static bool agrees(const struct ax_program *p)
{
	size_t n;

	lk.armv8 = !strcmp(model->name, "armv8");
	lk_enumerate(p);
	n = explore(p);
	return n == lk.graphs && ax_set_equal(&outcomes, &lk.outcomes);
}

/* Leaves out one operation after the other while they disagree. */
static void shrink(struct ax_program *p)
{
	for (int t = 0; t < p->n_threads; t++)
		for (int i = 0; i < p->n[t]; i++) {
			struct ax_program less = *p;

			memmove(&less.code[t][i], &p->code[t][i + 1],
				(p->n[t] - i - 1) * sizeof(p->code[0][0]));
			less.n[t]--;
			if (agrees(&less))
				continue;
			*p = less;
			t = -1;
			break;
		}
}

static void check(const struct ax_program *p)
{
	struct ax_program small = *p;

	if (agrees(p))
		return;
	shrink(&small);
	agrees(&small);
	for (int t = 0; t < small.n_threads; t++)
		for (int i = 0; i < small.n[t]; i++) {
			const struct ax_ins *ins = &small.code[t][i];

			print_message("  T%d kind %d word %d order %d a %d b %d\n", t, ins->kind, ins->word,
				      ins->order, (int)ins->a, (int)ins->b);
		}
	fail_msg("%s: %llu graphs and %zu outcomes by the axioms, not %zu and %zu", model->name,
		 (unsigned long long)lk.graphs, lk.outcomes.n, explore(&small), outcomes.n);
}

static uint64_t state;

static int rnd(int n)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (state >> 24) % n;
}

static struct ax_ins random_ins(int words)
{
	static const int kinds[] = { XP_LOAD, XP_LOAD, XP_LOAD, XP_LOAD, XP_STORE, XP_STORE, XP_STORE,
				     XP_STORE,
				     XP_FENCE, XP_FENCE, XP_CMPXCHG, XP_XCHG, XP_FETCH_OR, XP_OR };
	static const int loads[] = { KICK_RELAXED, KICK_RELAXED, KICK_ACQUIRE };
	static const int stores[] = { KICK_RELAXED, KICK_RELAXED, KICK_RELEASE };
	static const int rmws[] = { KICK_RELAXED, KICK_ACQUIRE, KICK_RELEASE, KICK_ACQ_REL, KICK_FULL };
	struct ax_ins ins = { .kind = kinds[rnd(sizeof(kinds) / sizeof(kinds[0]))], .word = rnd(words),
			      .a = rnd(3), .b = 1 + rnd(3) };

	if (ins.kind == XP_LOAD)
		ins.order = loads[rnd(3)];
	else if (ins.kind == XP_STORE)
		ins.order = stores[rnd(3)];
	else if (ins.kind == XP_FENCE)
		ins.order = rnd(5);
	else
		ins.order = ins.kind == XP_OR ? KICK_RELAXED : rmws[rnd(5)];
	if (ins.kind == XP_STORE)
		ins.a++;
	return ins;
}

static void random_program(struct ax_program *p, int most)
{
	int words = 1 + rnd(3);

	memset(p, 0, sizeof(*p));
	p->n_threads = 2 + rnd(2);
	for (int t = 0; t < p->n_threads; t++) {
		p->n[t] = 1 + rnd(p->n_threads == 2 ? 5 : 4);
		if (p->n[t] > most)
			p->n[t] = most;
		most -= p->n[t];
		for (int i = 0; i < p->n[t]; i++)
			p->code[t][i] = random_ins(words);
	}
}

#if defined(__SANITIZE_ADDRESS__)
enum { PROGRAMS = 5 }; /* each takes four times as long */
#else
enum { PROGRAMS = 24 };
#endif

static void random_programs(void **unused)
{
	const char *n = getenv("LKMM_PROGRAMS");
	int programs = n ? atoi(n) : PROGRAMS;
	struct ax_program p;

	(void)unused;
	state = 88172645463325252u;
	for (int i = 0; i < programs; i++) {
		random_program(&p, 7);
		model = &xp_lkmm;
		check(&p);
		model = &xp_armv8;
		check(&p);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(random_programs) };

#ifdef FIBER_TSAN
	puts("skipped: there is one thread, and TSan's fibers take minutes here");
	return 4;
#endif
	return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
