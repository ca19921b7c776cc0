// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rc11 against its axioms (rc11_axioms.h, rc11_enumerate.h): for litmus tests, kernels of the kick protocols
 * and random programs the prover and the stateful walk must reach exactly the graphs that the axioms
 * allow, and the same outcomes; the litmus tests also what is known of them.
 * The walk with fewer states must reach the same outcomes, of whole threads and of their second halves: in
 * the middle each forgets what it has read, as between two calls of a protocol, and many graphs become one
 * state.
 * RC11_PROGRAMS=n for more random ones.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <cmocka.h>

#include "explore/model/models.h"
#include "explore/search/search.h"
#include "explore/engine/fiber.h"
#include "rc11_enumerate.h"

static kick_ulong m[AX_WORDS];
static const struct ax_program *program;
static uint64_t seen; /* what this execution has read */
static uint64_t got[AX_THREADS][AX_CODE];
static bool halves; /* of each thread the second half counts */
static const struct litmus *asked;
static bool met; /* the outcome that is asked for */
static struct ax_set outcomes;
static const struct xp_site site = { "an operation", __FILE__, __LINE__ };

/* Is the outcome allowed in which these places read, and these words hold, these values? */
struct litmus {
	const char *name;
	struct ax_program program;
	bool allowed;
	struct {
		int thread, at; /* AX_THREADS: a word */
		uint64_t value;
	} want[4];
	int n;
};

static void setup(void)
{
}

static void run(int self)
{
	int i, from = halves ? program->n[self] / 2 : 0;
	uint64_t last = 0;

	for (i = 0; i < program->n[self]; i++) {
		const struct ax_ins *ins = &program->code[self][i];

		if (i == from) {
			last = 0;
			xp_forget(1, i);
		}
		if (ins->kind == (int)AX_UNLESS) {
			i += last != ins->a;
		} else if (ins->kind == XP_FENCE) {
			xp_fence(ins->order, &site);
		} else if (ins->kind == XP_STORE) {
			xp_store(&m[ins->word], sizeof(m[0]), ins->a, ins->order, &site);
		} else {
			last = ins->kind == XP_LOAD ?
				       xp_load(&m[ins->word], sizeof(m[0]), ins->order, &site) :
				       xp_rmw(ins->kind, &m[ins->word], sizeof(m[0]), ins->a, ins->b,
					      ins->order, &site);
			got[self][i] = last;
			if (i >= from)
				seen = ax_outcome(seen, self, i, last);
		}
	}
}

static unsigned int judge(void)
{
	int i;

	for (i = 0; i < AX_WORDS; i++)
		seen = ax_outcome(seen, AX_THREADS, i, m[i].raw);
	ax_set_add(&outcomes, seen);
	for (i = 0; asked && i < asked->n; i++)
		if ((asked->want[i].thread == AX_THREADS ? m[asked->want[i].at].raw :
			     got[asked->want[i].thread][asked->want[i].at]) != asked->want[i].value)
			return 0;
	met = true;
	return 0;
}

/* Distinct ends; xp.executions and xp.pruned say what they took. */
static size_t explore(const struct ax_program *p, const struct xp_search *search)
{
	struct xp_program it = { .name = "a program", .arena = m, .size = sizeof(m), .n_pcpus = 1,
				 .books = { { &seen, sizeof(seen) }, { got, sizeof(got) } },
				 .n_fibers = p->n_threads, .setup = setup, .run = run, .judge = judge,
				 .records = true /* what was read last counts to the end */ };
	struct xp_set ends = { 0 };
	size_t n;

	program = p;
	outcomes.n = 0;
	xp.ends = &ends;
	xp.memory_limit = 0;
	xp_begin(&it, &xp_rc11, search);
	do {
		seen = 0;
		if (!xp_execute())
			fail_msg("%s", xp.error);
	} while (search->next());
	xp.ends = NULL;
	n = ends.n;
	xp_set_fini(&ends);
	return n;
}

static void print(const struct ax_program *p)
{
	static const char *const kinds[] = { "load", "store", "xchg", "cmpxchg", "or" };
	int t, i;

	for (t = 0; t < p->n_threads; t++)
		for (i = 0; i < p->n[t]; i++) {
			const struct ax_ins *ins = &p->code[t][i];
			const char *kind = ins->kind == (int)AX_UNLESS ? "unless" :
					   ins->kind == XP_FENCE ? "fence" : kinds[ins->kind];

			print_message("  T%d %s word %d order %d a %d b %d\n", t, kind, ins->word, ins->order,
				      (int)ins->a, (int)ins->b);
		}
}

static struct {
	uint64_t graphs, executions, pruned, all_states, states;
} total;

/* Do the axioms and this search agree? */
static bool agrees(const struct ax_program *p, const struct xp_search *search)
{
	size_t n;

	ax_enumerate(p);
	n = explore(p, search);
	if (search->fini)
		search->fini();
	return n == ax.graphs && ax_set_equal(&outcomes, &ax.outcomes);
}

/* Leaves out one operation after the other while they disagree. */
static void shrink(struct ax_program *p, const struct xp_search *search)
{
	struct ax_program less;
	int t, i;

	for (t = 0; t < p->n_threads; t++)
		for (i = 0; i < p->n[t]; i++) {
			less = *p;
			memmove(&less.code[t][i], &p->code[t][i + 1],
				(p->n[t] - i - 1) * sizeof(p->code[0][0]));
			less.n[t]--;
			if (agrees(&less, search))
				continue;
			*p = less;
			t = i = -1;
			break;
		}
}

static void check(const struct ax_program *p, const struct xp_search *search)
{
	struct ax_program small = *p;

	if (agrees(p, search))
		return;
	shrink(&small, search);
	agrees(&small, search);
	print(&small);
	fail_msg("%s: %llu graphs and %zu outcomes by the axioms, not %zu", search->name,
		 (unsigned long long)ax.graphs, ax.outcomes.n, outcomes.n);
}

/* The prover is right by now. */
static void check_halves(const struct ax_program *p)
{
	static struct ax_set all;
	size_t states;

	halves = true;
	explore(p, &xp_dpor);
	all.n = 0;
	for (size_t i = 0; i < outcomes.n; i++)
		ax_set_add(&all, outcomes.key[i]);
	explore(p, &xp_reduced);
	states = xp.states;
	xp_reduced.fini();
	halves = false;
	total.states += states;
	if (ax_set_equal(&outcomes, &all))
		return;
	print(p);
	fail_msg("halves: %zu outcomes by the prover, %zu by the walk with fewer states", all.n, outcomes.n);
}

static void check_fewer_states(const struct ax_program *p)
{
	ax_enumerate(p);
	explore(p, &xp_reduced);
	xp_reduced.fini();
	if (!ax_set_equal(&outcomes, &ax.outcomes)) {
		print(p);
		fail_msg("%zu outcomes by the axioms, %zu by the walk with fewer states", ax.outcomes.n,
			 outcomes.n);
	}
}

static void compare(const struct ax_program *p, bool walk)
{
	check(p, &xp_dpor);
	total.graphs += ax.graphs;
	total.executions += xp.executions;
	total.pruned += xp.pruned;
	if (!walk)
		return;
	check(p, &xp_stateful);
	total.all_states += xp.states;
	check_fewer_states(p);
	check_halves(p);
}

#define LD(w, o) { XP_LOAD, w, KICK_##o, 0, 0 }
#define ST(w, v, o) { XP_STORE, w, KICK_##o, v, 0 }
#define XC(w, v, o) { XP_XCHG, w, KICK_##o, v, 0 }
#define CX(w, a, b, o) { XP_CMPXCHG, w, KICK_##o, a, b }
#define OR(w, v, o) { XP_FETCH_OR, w, KICK_##o, v, 0 }
#define MB { XP_FENCE, 0, KICK_MB, 0, 0 }
#define RMB { XP_FENCE, 0, KICK_RMB, 0, 0 }
#define WMB { XP_FENCE, 0, KICK_WMB, 0, 0 }
#define SEEN(t, i, v) { t, i, v }
#define WORD(w, v) { AX_THREADS, w, v }

/* clang-format off */
static const struct litmus litmus[] = {
	{ "SB", { 2, { 2, 2 }, { { ST(0, 1, RELAXED), LD(1, RELAXED) }, { ST(1, 1, RELAXED), LD(0, RELAXED) } } },
	  true, { SEEN(0, 1, 0), SEEN(1, 1, 0) }, 2 },
	{ "SB+mbs", { 2, { 3, 3 }, { { ST(0, 1, RELAXED), MB, LD(1, RELAXED) },
				     { ST(1, 1, RELAXED), MB, LD(0, RELAXED) } } },
	  false, { SEEN(0, 2, 0), SEEN(1, 2, 0) }, 2 },
	{ "SB+mb+seq_cst xchg: no fence", { 2, { 3, 2 }, { { ST(0, 1, RELAXED), MB, LD(1, RELAXED) },
							   { XC(1, 1, SEQ_CST), LD(0, RELAXED) } } },
	  true, { SEEN(0, 2, 0), SEEN(1, 1, 0) }, 2 },
	{ "SB+mb+seq_cst xchg, seq_cst load", { 2, { 3, 2 }, { { ST(0, 1, RELAXED), MB, LD(1, RELAXED) },
							       { XC(1, 1, SEQ_CST), LD(0, SEQ_CST) } } },
	  false, { SEEN(0, 2, 0), SEEN(1, 1, 0) }, 2 },
	{ "SB+mb+full xchg", { 2, { 3, 2 }, { { ST(0, 1, RELAXED), MB, LD(1, RELAXED) },
					      { XC(1, 1, FULL), LD(0, RELAXED) } } },
	  false, { SEEN(0, 2, 0), SEEN(1, 1, 0) }, 2 },
	{ "SB+mb+failed cmpxchg", { 2, { 3, 3 }, { { ST(0, 1, RELAXED), MB, LD(1, RELAXED) },
						   { ST(1, 1, RELAXED), CX(2, 7, 8, FULL), LD(0, RELAXED) } } },
	  true, { SEEN(0, 2, 0), SEEN(1, 2, 0) }, 2 },
	{ "SB+seq_cst", { 2, { 2, 2 }, { { ST(0, 1, SEQ_CST), LD(1, SEQ_CST) },
					 { ST(1, 1, SEQ_CST), LD(0, SEQ_CST) } } },
	  false, { SEEN(0, 1, 0), SEEN(1, 1, 0) }, 2 },
	{ "MP+release+acquire", { 2, { 2, 2 }, { { ST(0, 1, RELAXED), ST(1, 1, RELEASE) },
						 { LD(1, ACQUIRE), LD(0, RELAXED) } } },
	  false, { SEEN(1, 0, 1), SEEN(1, 1, 0) }, 2 },
	{ "MP+release+relaxed", { 2, { 2, 2 }, { { ST(0, 1, RELAXED), ST(1, 1, RELEASE) },
						 { LD(1, RELAXED), LD(0, RELAXED) } } },
	  true, { SEEN(1, 0, 1), SEEN(1, 1, 0) }, 2 },
	{ "MP+wmb+rmb", { 2, { 3, 3 }, { { ST(0, 1, RELAXED), WMB, ST(1, 1, RELAXED) },
					 { LD(1, RELAXED), RMB, LD(0, RELAXED) } } },
	  false, { SEEN(1, 0, 1), SEEN(1, 2, 0) }, 2 },
	{ "MP, sequence through a relaxed xchg", { 3, { 2, 1, 2 },
	  { { ST(0, 1, RELAXED), ST(1, 1, RELEASE) }, { XC(1, 2, RELAXED) }, { LD(1, ACQUIRE), LD(0, RELAXED) } } },
	  false, { SEEN(1, 0, 1), SEEN(2, 0, 2), SEEN(2, 1, 0) }, 3 },
	{ "MP, sequence broken by another's store", { 3, { 2, 1, 2 },
	  { { ST(0, 1, RELAXED), ST(1, 1, RELEASE) }, { ST(1, 2, RELAXED) }, { LD(1, ACQUIRE), LD(0, RELAXED) } } },
	  true, { SEEN(2, 0, 2), SEEN(2, 1, 0) }, 2 },
	{ "MP, sequence of its own store", { 2, { 3, 2 },
	  { { ST(0, 1, RELAXED), ST(1, 1, RELEASE), ST(1, 2, RELAXED) }, { LD(1, ACQUIRE), LD(0, RELAXED) } } },
	  false, { SEEN(1, 0, 2), SEEN(1, 1, 0) }, 2 },
	{ "LB", { 2, { 2, 2 }, { { LD(0, RELAXED), ST(1, 1, RELAXED) }, { LD(1, RELAXED), ST(0, 1, RELAXED) } } },
	  false, { SEEN(0, 0, 1), SEEN(1, 0, 1) }, 2 },
	{ "CoRR", { 2, { 1, 2 }, { { ST(0, 1, RELAXED) }, { LD(0, RELAXED), LD(0, RELAXED) } } },
	  false, { SEEN(1, 0, 1), SEEN(1, 1, 0) }, 2 },
	{ "IRIW+acquire", { 4, { 1, 1, 2, 2 }, { { ST(0, 1, RELEASE) }, { ST(1, 1, RELEASE) },
	  { LD(0, ACQUIRE), LD(1, ACQUIRE) }, { LD(1, ACQUIRE), LD(0, ACQUIRE) } } },
	  true, { SEEN(2, 0, 1), SEEN(2, 1, 0), SEEN(3, 0, 1), SEEN(3, 1, 0) }, 4 },
	{ "IRIW+mbs", { 4, { 1, 1, 3, 3 }, { { ST(0, 1, RELAXED) }, { ST(1, 1, RELAXED) },
	  { LD(0, RELAXED), MB, LD(1, RELAXED) }, { LD(1, RELAXED), MB, LD(0, RELAXED) } } },
	  false, { SEEN(2, 0, 1), SEEN(2, 2, 0), SEEN(3, 0, 1), SEEN(3, 2, 0) }, 4 },
	{ "WRC+release+acquire", { 3, { 1, 2, 2 },
	  { { ST(0, 1, RELAXED) }, { LD(0, RELAXED), ST(1, 1, RELEASE) }, { LD(1, ACQUIRE), LD(0, RELAXED) } } },
	  false, { SEEN(1, 0, 1), SEEN(2, 0, 1), SEEN(2, 1, 0) }, 3 },
	{ "WRC", { 3, { 1, 2, 2 },
	  { { ST(0, 1, RELAXED) }, { LD(0, RELAXED), ST(1, 1, RELAXED) }, { LD(1, ACQUIRE), LD(0, RELAXED) } } },
	  true, { SEEN(1, 0, 1), SEEN(2, 0, 1), SEEN(2, 1, 0) }, 3 },
	{ "ISA2+release+acquire", { 3, { 2, 2, 2 }, { { ST(0, 1, RELAXED), ST(1, 1, RELEASE) },
	  { LD(1, ACQUIRE), ST(2, 1, RELEASE) }, { LD(2, ACQUIRE), LD(0, RELAXED) } } },
	  false, { SEEN(1, 0, 1), SEEN(2, 0, 1), SEEN(2, 1, 0) }, 3 },
	{ "R+mbs", { 2, { 3, 3 }, { { ST(0, 1, RELAXED), MB, ST(1, 1, RELAXED) },
				    { ST(1, 2, RELAXED), MB, LD(0, RELAXED) } } },
	  false, { SEEN(1, 2, 0), WORD(1, 2) }, 2 },
	{ "S+release+acquire", { 2, { 2, 2 }, { { ST(0, 2, RELAXED), ST(1, 1, RELEASE) },
						{ LD(1, ACQUIRE), ST(0, 1, RELAXED) } } },
	  false, { SEEN(1, 0, 1), WORD(0, 2) }, 2 },
	{ "2+2W+mbs", { 2, { 3, 3 }, { { ST(0, 1, RELAXED), MB, ST(1, 2, RELAXED) },
				       { ST(1, 1, RELAXED), MB, ST(0, 2, RELAXED) } } },
	  false, { WORD(0, 1), WORD(1, 1) }, 2 },
	{ "2+2W+release", { 2, { 2, 2 }, { { ST(0, 1, RELEASE), ST(1, 2, RELEASE) },
					   { ST(1, 1, RELEASE), ST(0, 2, RELEASE) } } },
	  true, { WORD(0, 1), WORD(1, 1) }, 2 },
	/* A fence that runs after another one and comes before it in psc: views would forbid it. */
	{ "fences against execution", { 3, { 3, 2, 3 }, { { ST(2, 1, RELAXED), MB, ST(0, 1, RELAXED) },
	  { LD(0, RELAXED), ST(1, 1, RELAXED) }, { LD(1, RELAXED), MB, LD(2, RELAXED) } } },
	  true, { SEEN(1, 0, 1), SEEN(2, 0, 1), SEEN(2, 2, 0) }, 3 },
	/* Words: cpu, mode, requests.  The vCPU loads and enters; a kicker requests, claims, reads cpu. */
	{ "patched", { 2, { 5, 4 }, { { ST(0, 1, RELAXED), ST(1, 1, RELEASE), MB, LD(1, RELAXED), LD(2, RELAXED) },
				      { OR(2, 1, RELAXED), MB, CX(1, 1, 2, FULL), LD(0, RELAXED) } } },
	  false, { SEEN(0, 3, 1), SEEN(0, 4, 0), SEEN(1, 2, 0) }, 3 },
	{ "patched_515, bare claim", { 2, { 5, 3 },
	  { { ST(0, 1, RELAXED), ST(1, 1, RELAXED), MB, LD(1, RELAXED), LD(2, RELAXED) },
	    { OR(2, 1, RELAXED), CX(1, 1, 2, SEQ_CST), LD(0, RELAXED) } } },
	  true, { SEEN(0, 3, 1), SEEN(1, 1, 1), SEEN(1, 2, 0) }, 3 },
	{ "patched_515, full claim", { 2, { 5, 3 },
	  { { ST(0, 1, RELAXED), ST(1, 1, RELAXED), MB, LD(1, RELAXED), LD(2, RELAXED) },
	    { OR(2, 1, RELAXED), CX(1, 1, 2, FULL), LD(0, RELAXED) } } },
	  false, { SEEN(0, 3, 1), SEEN(1, 1, 1), SEEN(1, 2, 0) }, 3 },
	{ "old, one kick", { 2, { 4, 4 }, { { ST(0, 1, RELAXED), ST(1, 1, RELEASE), MB, LD(2, RELAXED) },
	  { OR(2, 1, RELAXED), LD(0, RELAXED), MB, CX(1, 1, 2, FULL) } } },
	  true, { SEEN(0, 3, 0), SEEN(1, 1, 0), SEEN(1, 3, 1) }, 3 },
};
/* clang-format on */

static void litmus_tests(void **unused)
{
	size_t i;

	(void)unused;
	for (i = 0; i < sizeof(litmus) / sizeof(litmus[0]); i++) {
		asked = &litmus[i];
		met = false;
		compare(&asked->program, true);
		if (met != asked->allowed)
			fail_msg("%s: %s", asked->name, met ? "reached" : "not reached");
	}
	asked = NULL;
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
	static const int kinds[] = { XP_LOAD, XP_LOAD, XP_LOAD, XP_STORE, XP_STORE, XP_STORE, XP_FENCE,
				     XP_FENCE, XP_CMPXCHG, XP_XCHG, XP_FETCH_OR, AX_UNLESS };
	static const int loads[] = { KICK_RELAXED, KICK_ACQUIRE, KICK_SEQ_CST };
	static const int stores[] = { KICK_RELAXED, KICK_RELEASE, KICK_SEQ_CST };
	static const int rmws[] = { KICK_RELAXED, KICK_ACQUIRE, KICK_RELEASE, KICK_ACQ_REL, KICK_SEQ_CST,
				    KICK_FULL };
	static const int fences[] = { KICK_MB, KICK_MB, KICK_MB, KICK_RMB, KICK_WMB };
	struct ax_ins ins = { .kind = kinds[rnd(sizeof(kinds) / sizeof(kinds[0]))], .word = rnd(words),
			      .a = rnd(3), .b = 1 + rnd(3) };

	switch (ins.kind) {
	case XP_LOAD:
		ins.order = loads[rnd(3)];
		break;
	case XP_STORE:
		ins.order = stores[rnd(3)];
		ins.a++;
		break;
	case XP_FENCE:
		ins.order = fences[rnd(5)];
		break;
	default:
		ins.order = rmws[rnd(6)];
	}
	return ins;
}

/* No more than 9 operations: the axioms are slow. */
static void random_program(struct ax_program *p, int most)
{
	int words = 1 + rnd(3), t, i;

	memset(p, 0, sizeof(*p));
	p->n_threads = 2 + rnd(3);
	for (t = 0; t < p->n_threads; t++) {
		p->n[t] = 1 + rnd(p->n_threads == 2 ? 5 : 3);
		if (p->n[t] > most)
			p->n[t] = most;
		most -= p->n[t];
		for (i = 0; i < p->n[t]; i++)
			p->code[t][i] = random_ins(words);
		if (p->n[t] && p->code[t][p->n[t] - 1].kind == (int)AX_UNLESS)
			p->n[t]--;
	}
}

#if defined(__SANITIZE_ADDRESS__)
enum { PROGRAMS = 40 }; /* each takes four times as long */
#else
enum { PROGRAMS = 200 };
#endif

static void random_programs(void **unused)
{
	const char *n = getenv("RC11_PROGRAMS");
	int i, programs = n ? atoi(n) : PROGRAMS;
	struct ax_program p;

	(void)unused;
	state = 88172645463325252u;
	for (i = 0; i < programs; i++) {
		random_program(&p, 9);
		compare(&p, i % 4 == 0);
	}
	print_message("%d programs: %llu graphs, %llu executions, %llu given up\n", programs,
		      (unsigned long long)total.graphs, (unsigned long long)total.executions,
		      (unsigned long long)total.pruned);
}

/* Without seq_cst accesses, at which the walk with fewer states gives up forgetting. */
static void random_halves(void **unused)
{
	const char *n = getenv("RC11_PROGRAMS");
	int i, t, j, programs = 10 * (n ? atoi(n) : PROGRAMS / 2);
	struct ax_program p;

	(void)unused;
	state = 1181783497276652981u;
	total.states = total.all_states = 0;
	for (i = 0; i < programs; i++) {
		random_program(&p, 12);
		for (t = 0; t < p.n_threads; t++)
			for (j = 0; j < p.n[t]; j++)
				if (p.code[t][j].order == KICK_SEQ_CST)
					p.code[t][j].order = p.code[t][j].kind >= XP_XCHG ? KICK_FULL :
											    KICK_RELAXED;
		check_halves(&p);
		explore(&p, &xp_stateful);
		total.all_states += xp.states;
		xp_stateful.fini();
	}
	print_message("%d programs: %llu of %llu states\n", programs, (unsigned long long)total.states,
		      (unsigned long long)total.all_states);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(litmus_tests),
					   cmocka_unit_test(random_programs),
					   cmocka_unit_test(random_halves) };

#ifdef FIBER_TSAN
	puts("skipped: there is one thread, and TSan's fibers take minutes here");
	return 4;
#endif
	return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
