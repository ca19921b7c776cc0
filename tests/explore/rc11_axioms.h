/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rc11 from its axioms, for small programs: does a graph contradict any of them?  This and
 * rc11_enumerate.h know nothing of explore's engine, and take no short way.
 *
 * Lahav, Vafeiadis, Kang, Hur, Dreyer: Repairing Sequential Consistency in C/C++11 (PLDI 2017), figure 3.
 */
#ifndef RC11_AXIOMS_H
#define RC11_AXIOMS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "explore/world/ops_explore.h"

enum { AX_THREADS = 4, AX_CODE = 6, AX_WORDS = 3, AX_EVENTS = 32, AX_UNLESS = XP_KINDS };

/* AX_UNLESS: the next one is left out unless the thread has read this value last. */
struct ax_ins {
	int kind;  /* enum xp_kind */
	int word;
	int order; /* enum kick_order or kick_fence */
	uint64_t a, b;
};

struct ax_program {
	int n_threads;
	int n[AX_THREADS];
	struct ax_ins code[AX_THREADS][AX_CODE];
};

struct ax_event {
	int thread, at; /* -1: what the word starts with */
	int word;	/* -1: a fence */
	bool reads, writes, acquire, release, sc;
	uint64_t got, put;
	int from;
};

typedef uint32_t ax_rel[AX_EVENTS]; /* row: the successors of an event */

struct ax_set {
	uint64_t *key;
	size_t n, room;
};

static struct {
	const struct ax_program *program;
	struct ax_event e[AX_EVENTS];
	int n;
	int pc[AX_THREADS];
	uint64_t last[AX_THREADS]; /* value read */
	ax_rel sb, rf, mo;
	uint64_t graphs;
	struct ax_set outcomes;
} ax;

static void ax_set_add(struct ax_set *set, uint64_t key)
{
	size_t i;

	for (i = 0; i < set->n; i++)
		if (set->key[i] == key)
			return;
	if (set->n == set->room) {
		set->room = set->room ? 2 * set->room : 64;
		set->key = realloc(set->key, set->room * sizeof(key));
	}
	set->key[set->n++] = key;
}

static int ax_compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

static bool ax_set_equal(struct ax_set *a, struct ax_set *b)
{
	if (a->n != b->n)
		return false;
	qsort(a->key, a->n, sizeof(a->key[0]), ax_compare);
	qsort(b->key, b->n, sizeof(b->key[0]), ax_compare);
	return !a->n || !memcmp(a->key, b->key, a->n * sizeof(a->key[0]));
}

/* A number for what a thread has read at each place of its code, and for the memory that is left. */
static uint64_t ax_outcome(uint64_t outcome, int thread, int at, uint64_t value)
{
	uint64_t h = (value + 1) * 0x9e3779b97f4a7c15u ^ (uint64_t)(thread * 16 + at + 1) << 32;

	h = (h ^ h >> 29) * 0xbf58476d1ce4e5b9u;
	return outcome + (h ^ h >> 32);
}

static void ax_compose(ax_rel to, const ax_rel a, const ax_rel b)
{
	ax_rel r = { 0 };
	int i, j;

	for (i = 0; i < ax.n; i++)
		for (j = 0; j < ax.n; j++)
			if (a[i] >> j & 1)
				r[i] |= b[j];
	memcpy(to, r, sizeof(r));
}

static void ax_union(ax_rel to, const ax_rel a)
{
	int i;

	for (i = 0; i < ax.n; i++)
		to[i] |= a[i];
}

static void ax_close(ax_rel r)
{
	int i, k;

	for (k = 0; k < ax.n; k++)
		for (i = 0; i < ax.n; i++)
			if (r[i] >> k & 1)
				r[i] |= r[k];
}

static bool ax_irreflexive(const ax_rel r)
{
	int i;

	for (i = 0; i < ax.n; i++)
		if (r[i] >> i & 1)
			return false;
	return true;
}

static bool ax_acyclic(const ax_rel r)
{
	ax_rel closed;

	memcpy(closed, r, sizeof(closed));
	ax_close(closed);
	return ax_irreflexive(closed);
}

/* The events for which a test holds, as a relation of each to itself. */
#define AX_WHERE(r, test)                                                                          \
	do {                                                                                       \
		for (int i_ = 0; i_ < AX_EVENTS; i_++) {                                           \
			const struct ax_event *x = &ax.e[i_];                                      \
			(r)[i_] = i_ < ax.n && (test) ? 1u << i_ : 0;                              \
		}                                                                                  \
	} while (0)

static void ax_same_word(ax_rel to, const ax_rel r, bool same)
{
	int i, j;

	memset(to, 0, sizeof(ax_rel));
	for (i = 0; i < ax.n; i++)
		for (j = 0; j < ax.n; j++)
			if (r[i] >> j & 1 &&
			    (ax.e[i].word >= 0 && ax.e[i].word == ax.e[j].word) == same)
				to[i] |= 1u << j;
}

static void ax_optional(ax_rel to, const ax_rel r)
{
	int i;

	memcpy(to, r, sizeof(ax_rel));
	for (i = 0; i < ax.n; i++)
		to[i] |= 1u << i;
}

static void ax_from_reads(ax_rel rb)
{
	int i, j;

	memset(rb, 0, sizeof(ax_rel));
	for (i = 0; i < ax.n; i++)
		for (j = 0; j < ax.n; j++)
			if (ax.e[i].reads && i != j && ax.mo[ax.e[i].from] >> j & 1)
				rb[i] |= 1u << j;
}

/* rs = [W]; (sb|loc)?; [W]; (rf; rmw)*, where a read-modify-write is one event */
static void ax_release_sequences(ax_rel rs)
{
	ax_rel w, u, sbloc, steps;

	AX_WHERE(w, x->writes);
	AX_WHERE(u, x->writes && x->reads);
	ax_same_word(sbloc, ax.sb, true);
	ax_optional(sbloc, sbloc);
	ax_compose(steps, ax.rf, u);
	ax_close(steps);
	ax_optional(steps, steps);
	ax_compose(rs, w, sbloc);
	ax_compose(rs, rs, w);
	ax_compose(rs, rs, steps);
}

/* hb = (sb u sw)+, sw = [rel]; ([F]; sb)?; rs; rf; [R]; (sb; [F])?; [acq] */
static void ax_happens_before(ax_rel hb)
{
	ax_rel f, rel, acq, head, tail, rs, sw;

	AX_WHERE(f, x->word < 0);
	AX_WHERE(rel, x->release);
	AX_WHERE(acq, x->acquire);
	ax_release_sequences(rs);
	ax_compose(head, f, ax.sb);
	ax_optional(head, head);
	ax_compose(head, rel, head);
	ax_compose(tail, ax.sb, f);
	ax_optional(tail, tail);
	ax_compose(tail, tail, acq);
	ax_compose(sw, head, rs);
	ax_compose(sw, sw, ax.rf);
	ax_compose(sw, sw, tail);
	memcpy(hb, ax.sb, sizeof(ax_rel));
	ax_union(hb, sw);
	ax_close(hb);
}

static bool ax_psc(const ax_rel hb, const ax_rel rb, const ax_rel eco)
{
	ax_rel scb, t, away, sc, fsc, hbq, first, last, psc;

	AX_WHERE(sc, x->sc);
	AX_WHERE(fsc, x->sc && x->word < 0);
	ax_optional(hbq, hb);
	/* scb = sb u sb|!=loc; hb; sb|!=loc u hb|loc u mo u rb */
	ax_same_word(away, ax.sb, false);
	ax_compose(t, away, hb);
	ax_compose(t, t, away);
	memcpy(scb, ax.sb, sizeof(scb));
	ax_union(scb, t);
	ax_same_word(t, hb, true);
	ax_union(scb, t);
	ax_union(scb, ax.mo);
	ax_union(scb, rb);
	/* ([SC] u [Fsc]; hb?); scb; ([SC] u hb?; [Fsc]) */
	ax_compose(first, fsc, hbq);
	ax_union(first, sc);
	ax_compose(last, hbq, fsc);
	ax_union(last, sc);
	ax_compose(psc, first, scb);
	ax_compose(psc, psc, last);
	/* [Fsc]; (hb u hb; eco; hb); [Fsc] */
	ax_compose(t, hb, eco);
	ax_compose(t, t, hb);
	ax_union(t, hb);
	ax_compose(t, fsc, t);
	ax_compose(t, t, fsc);
	ax_union(psc, t);
	return ax_acyclic(psc);
}

static bool ax_atomic(void)
{
	int u, w;

	for (u = 0; u < ax.n; u++)
		for (w = 0; ax.e[u].reads && ax.e[u].writes && w < ax.n; w++)
			if (w != u && ax.mo[ax.e[u].from] >> w & 1 && ax.mo[w] >> u & 1)
				return false;
	return true;
}

static __attribute__((unused)) bool ax_consistent(void)
{
	ax_rel rb, eco, hb, t;
	int u;

	for (u = 0; u < ax.n; u++) /* a read-modify-write comes after what it read */
		if (ax.e[u].reads && ax.e[u].writes && !(ax.mo[ax.e[u].from] >> u & 1))
			return false;
	if (!ax_atomic())
		return false;
	ax_from_reads(rb);
	memcpy(eco, ax.rf, sizeof(eco));
	ax_union(eco, ax.mo);
	ax_union(eco, rb);
	ax_close(eco);
	ax_happens_before(hb);
	ax_compose(t, hb, eco);
	return ax_irreflexive(hb) && ax_irreflexive(t) && ax_psc(hb, rb, eco);
}

#endif
