/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's memory model from its axioms, for small programs without branches: every graph that
 * linux-kernel.cat (6.1, without RCU, locks and plain accesses) allows.  This knows nothing of explore's
 * engine and takes no short way.  Values are guessed, so that load buffering is there.
 * And AArch64's, as aarch64.cat has it, for the kernel's words as they are compiled there.
 */
#ifndef LKMM_AXIOMS_H
#define LKMM_AXIOMS_H

#include "rc11_axioms.h"

enum { LK_VALUES = 8, LK_NONE = -1 };

/* One event; a read-modify-write is two. */
struct lk_event {
	int thread, at, word; /* thread -1: what a word starts with; word -1: a fence */
	bool r, w, acquire, release, silent, rmw, atomic; /* atomic: a cmpxchg that fails, too */
	bool made; /* what it writes is made of what it has read */
	int fence; /* enum kick_fence, LK_NONE */
	uint64_t value;
};

static struct {
	const struct ax_program *program;
	bool dependencies; /* every read before the later writes of its thread */
	bool armv8;
	struct lk_event e[AX_EVENTS];
	bool possible[AX_WORDS][LK_VALUES];
	ax_rel po, rf, co, rmw;
	uint64_t graphs;
	struct ax_set outcomes;
} lk;

#define LK_WHERE(r, test)                                                                          \
	do {                                                                                       \
		for (int i_ = 0; i_ < AX_EVENTS; i_++) {                                           \
			const struct lk_event *x = &lk.e[i_];                                      \
			(r)[i_] = i_ < ax.n && (test) ? 1u << i_ : 0;                              \
		}                                                                                  \
	} while (0)

static void lk_keep(ax_rel r, bool external)
{
	for (int i = 0; i < ax.n; i++)
		for (int j = 0; j < ax.n; j++)
			if ((lk.e[i].thread != lk.e[j].thread) != external)
				r[i] &= ~(1u << j);
}

static void lk_same_word(ax_rel to, const ax_rel r)
{
	memset(to, 0, sizeof(ax_rel));
	for (int i = 0; i < ax.n; i++)
		for (int j = 0; j < ax.n; j++)
			if (r[i] >> j & 1 && lk.e[i].word >= 0 && lk.e[i].word == lk.e[j].word)
				to[i] |= 1u << j;
}

/* a; po; f; po; b */
static void lk_fenced(ax_rel to, const ax_rel a, const ax_rel f, const ax_rel b)
{
	ax_compose(to, a, lk.po);
	ax_compose(to, to, f);
	ax_compose(to, to, lk.po);
	ax_compose(to, to, b);
}

static void lk_from_reads(ax_rel fr)
{
	memset(fr, 0, sizeof(ax_rel));
	for (int w = 0; w < ax.n; w++)
		for (int r = 0; r < ax.n; r++)
			if (lk.rf[w] >> r & 1)
				fr[r] |= lk.co[w];
}

/* data; rfi of a read-modify-write that calculates */
static void lk_handed_on(ax_rel to)
{
	ax_rel own;

	memcpy(own, lk.rf, sizeof(own));
	lk_keep(own, false);
	for (int w = 0; w < ax.n; w++)
		if (!lk.e[w].made)
			own[w] = 0;
	ax_compose(to, lk.rmw, own);
}

static void lk_strong(ax_rel mb, const ax_rel m)
{
	ax_rel f, u, t, poq;

	LK_WHERE(u, x->atomic);
	LK_WHERE(f, x->fence == KICK_MB);
	lk_fenced(mb, m, f, m);
	/* [M]; fencerel(Before-atomic); [RMW]; po?; [M] */
	LK_WHERE(f, x->fence == KICK_MB_BEFORE_ATOMIC);
	lk_fenced(t, m, f, u);
	ax_optional(poq, lk.po);
	ax_compose(t, t, poq);
	ax_compose(t, t, m);
	ax_union(mb, t);
	/* [M]; po?; [RMW]; fencerel(After-atomic); [M] */
	LK_WHERE(f, x->fence == KICK_MB_AFTER_ATOMIC);
	ax_compose(t, m, poq);
	ax_compose(t, t, u);
	lk_fenced(t, t, f, m);
	ax_union(mb, t);
}

static bool lk_coherent(const ax_rel fr)
{
	ax_rel com, atomic, t;

	lk_same_word(com, lk.po);
	ax_union(com, lk.rf);
	ax_union(com, lk.co);
	ax_union(com, fr);
	if (!ax_acyclic(com))
		return false;
	memcpy(t, fr, sizeof(t));
	lk_keep(t, true);
	memcpy(atomic, lk.co, sizeof(t));
	lk_keep(atomic, true);
	ax_compose(t, t, atomic);
	for (int i = 0; i < ax.n; i++)
		if (t[i] & lk.rmw[i])
			return false;
	return true;
}

/* acq-po, po-rel, mb, wmb, rmb, overwrite & int; dependencies, if asked for */
static void lk_preserved(ax_rel ppo, const ax_rel strong, const ax_rel fr)
{
	ax_rel t, f, r, w, m, acq;

	LK_WHERE(m, x->r || x->w);
	LK_WHERE(r, x->r && !x->silent);
	LK_WHERE(f, x->fence == KICK_RMB);
	lk_fenced(ppo, r, f, r);
	LK_WHERE(r, x->r);
	LK_WHERE(w, x->w);
	LK_WHERE(acq, x->acquire);
	ax_compose(t, acq, lk.po);
	ax_compose(t, t, m);
	ax_union(ppo, t);
	ax_union(ppo, strong);
	memcpy(t, lk.co, sizeof(t));
	ax_union(t, fr);
	lk_keep(t, false);
	ax_union(ppo, t);
	lk_handed_on(t);
	ax_union(ppo, t);
	ax_compose(t, r, lk.po);
	ax_compose(t, t, w);
	if (lk.dependencies)
		ax_union(ppo, t);
}

static bool lk_consistent(void)
{
	ax_rel fr, m, w, rel, mb, f, t, porel, wmb, ppo, over, rfe, cumul, prop, hb, pb;

	lk_from_reads(fr);
	if (!lk_coherent(fr))
		return false;
	LK_WHERE(m, x->r || x->w);
	LK_WHERE(w, x->w);
	LK_WHERE(rel, x->release);
	lk_strong(mb, m);
	ax_compose(porel, m, lk.po);
	ax_compose(porel, porel, rel);
	LK_WHERE(f, x->fence == KICK_WMB);
	lk_fenced(wmb, w, f, w);
	memcpy(t, mb, sizeof(t));
	ax_union(t, porel);
	ax_union(t, wmb);
	lk_preserved(ppo, t, fr);
	memcpy(over, lk.co, sizeof(over));
	ax_union(over, fr);
	lk_keep(over, true);
	memcpy(rfe, lk.rf, sizeof(rfe));
	lk_keep(rfe, true);
	/* cumul-fence = rfe?; (mb | po-rel) | wmb */
	memcpy(t, mb, sizeof(t));
	ax_union(t, porel);
	ax_optional(cumul, rfe);
	ax_compose(cumul, cumul, t);
	ax_union(cumul, wmb);
	ax_close(cumul);
	ax_optional(cumul, cumul);
	/* prop = (overwrite & ext)?; cumul-fence*; rfe? */
	ax_optional(prop, over);
	ax_compose(prop, prop, cumul);
	ax_optional(t, rfe);
	ax_compose(prop, prop, t);
	memcpy(hb, prop, sizeof(hb));
	for (int i = 0; i < ax.n; i++)
		hb[i] &= ~(1u << i);
	lk_keep(hb, false);
	ax_union(hb, ppo);
	ax_union(hb, rfe);
	if (!ax_acyclic(hb))
		return false;
	ax_close(hb);
	ax_optional(hb, hb);
	ax_compose(pb, prop, mb);
	ax_compose(pb, pb, hb);
	return ax_acyclic(pb);
}

/* AArch64: ob = obs | dob | aob | bob has no circle.  Dependencies are left out. */
static bool lk_armv8_consistent(void)
{
	ax_rel fr, ob, m, r, w, acq, rel, f, t, rfe;

	lk_from_reads(fr);
	if (!lk_coherent(fr))
		return false;
	LK_WHERE(m, x->r || x->w);
	LK_WHERE(r, x->r);
	LK_WHERE(w, x->w);
	LK_WHERE(acq, x->acquire);
	LK_WHERE(rel, x->release);
	memcpy(ob, lk.rf, sizeof(ob));
	ax_union(ob, lk.co);
	ax_union(ob, fr);
	lk_keep(ob, true);
	ax_union(ob, lk.rmw); /* aob */
	LK_WHERE(f, x->fence == KICK_MB || x->fence == KICK_MB_BEFORE_ATOMIC ||
			    x->fence == KICK_MB_AFTER_ATOMIC);
	lk_fenced(t, m, f, m);
	ax_union(ob, t);
	LK_WHERE(f, x->fence == KICK_RMB); /* dmb ishld */
	LK_WHERE(rfe, x->r && !x->silent);
	lk_fenced(t, rfe, f, m);
	ax_union(ob, t);
	LK_WHERE(f, x->fence == KICK_WMB); /* dmb ishst */
	lk_fenced(t, w, f, w);
	ax_union(ob, t);
	ax_compose(t, acq, lk.po);
	ax_compose(t, t, m);
	ax_union(ob, t);
	ax_compose(t, m, lk.po);
	ax_compose(t, t, rel);
	ax_union(ob, t);
	ax_compose(t, rel, lk.po);
	ax_compose(t, t, acq);
	ax_union(ob, t);
	/* [range(rmw)]; rfi; [A] */
	memcpy(rfe, lk.rf, sizeof(rfe));
	lk_keep(rfe, false);
	for (int i = 0; i < ax.n; i++)
		for (int j = 0; j < ax.n; j++)
			if (rfe[i] >> j & 1 && lk.e[i].rmw && lk.e[j].acquire)
				ob[i] |= 1u << j;
	lk_handed_on(t); /* dob; other local reads after a dependent write are none here */
	ax_union(ob, t);
	ax_compose(t, r, lk.po);
	ax_compose(t, t, w);
	if (lk.dependencies)
		ax_union(ob, t);
	return ax_acyclic(ob);
}

static void lk_count(void)
{
	uint64_t outcome = 0;
	int i;

	if (!(lk.armv8 ? lk_armv8_consistent() : lk_consistent()))
		return;
	lk.graphs++;
	for (i = 0; i < ax.n; i++) {
		if (lk.e[i].r)
			outcome = ax_outcome(outcome, lk.e[i].thread, lk.e[i].at, lk.e[i].value);
		if (lk.e[i].w && !lk.co[i])
			outcome = ax_outcome(outcome, AX_THREADS, lk.e[i].word, lk.e[i].value);
	}
	ax_set_add(&lk.outcomes, outcome);
}

/* Every order of the writes to this word and to those after it. */
static void lk_orders(int word, uint32_t placed)
{
	uint32_t before = placed;
	bool any = false;
	int i, j;

	if (word == AX_WORDS) {
		lk_count();
		return;
	}
	for (i = 0; i < ax.n; i++) {
		if (lk.e[i].word != word || !lk.e[i].w || placed >> i & 1)
			continue;
		any = true;
		for (j = 0; j < ax.n; j++)
			if (before >> j & 1 && lk.e[j].word == word && lk.e[j].w)
				lk.co[j] |= 1u << i;
		lk_orders(word, placed | 1u << i);
		for (j = 0; j < ax.n; j++)
			lk.co[j] &= ~(1u << i);
	}
	if (!any)
		lk_orders(word + 1, placed);
}

/* Every write that holds what the reads from this one on have read. */
static void lk_reads(int read)
{
	while (read < ax.n && !lk.e[read].r)
		read++;
	if (read == ax.n) {
		memset(lk.co, 0, sizeof(lk.co));
		lk_orders(0, (1u << AX_WORDS) - 1);
		return;
	}
	for (int w = 0; w < ax.n; w++) {
		if (!lk.e[w].w || lk.e[w].word != lk.e[read].word || lk.e[w].value != lk.e[read].value ||
		    lk.po[read] >> w & 1)
			continue;
		lk.rf[w] |= 1u << read;
		lk_reads(read + 1);
		lk.rf[w] &= ~(1u << read);
	}
}

static void lk_all_reads(void)
{
	memset(lk.po, 0, sizeof(lk.po));
	memset(lk.rf, 0, sizeof(lk.rf));
	memset(lk.rmw, 0, sizeof(lk.rmw));
	for (int i = 0; i < ax.n; i++)
		for (int j = i + 1; j < ax.n; j++)
			if (lk.e[i].thread >= 0 && lk.e[i].thread == lk.e[j].thread)
				lk.po[i] |= 1u << j;
	for (int i = 0; i + 1 < ax.n; i++)
		if (lk.e[i].rmw && lk.e[i].r)
			lk.rmw[i] = 1u << (i + 1);
	lk_reads(AX_WORDS);
}

static struct lk_event *lk_add(int thread, int at, int word)
{
	struct lk_event *e = &lk.e[ax.n++];

	*e = (struct lk_event){ .thread = thread, .at = at, .word = word, .fence = LK_NONE };
	return e;
}

static void lk_fence(int thread, int at, int fence)
{
	lk_add(thread, at, -1)->fence = fence;
}

static bool lk_acquires(int order)
{
	return order == KICK_ACQUIRE || order == KICK_ACQ_REL || order == KICK_SEQ_CST;
}

static bool lk_releases(int order)
{
	return order == KICK_RELEASE || order == KICK_ACQ_REL || order == KICK_SEQ_CST;
}

/* The events of an operation that reads this value. */
static uint64_t lk_access(int thread, int at, const struct ax_ins *ins, uint64_t got)
{
	bool reads = ins->kind != XP_STORE;
	bool writes = ins->kind != XP_LOAD && (ins->kind != XP_CMPXCHG || got == ins->a);
	bool full = ins->order == KICK_FULL && reads && writes;
	uint64_t put = ins->kind == XP_CMPXCHG ? ins->b :
		       ins->kind == XP_FETCH_OR || ins->kind == XP_OR ? got | ins->a : ins->a;
	struct lk_event *e;

	if (full && !lk.armv8)
		lk_fence(thread, at, KICK_MB);
	if (reads) {
		e = lk_add(thread, at, ins->word);
		e->r = true;
		e->value = got;
		e->rmw = writes;
		e->atomic = ins->kind != XP_LOAD;
		e->silent = ins->kind >= XP_OR;
		e->acquire = lk_acquires(ins->order) && (writes || ins->kind == XP_LOAD);
	}
	if (writes) {
		e = lk_add(thread, at, ins->word);
		e->w = true;
		e->value = put;
		e->rmw = e->atomic = reads;
		e->made = ins->kind == XP_FETCH_OR || ins->kind == XP_OR;
		e->release = lk_releases(ins->order) || (full && lk.armv8);
	}
	if (full) /* armv8: LDXR, STLXR, DMB */
		lk_fence(thread, at, KICK_MB);
	return put;
}

/* Every value that the reads from here on could have. */
static void lk_values(int thread, int at)
{
	const struct ax_ins *ins = &lk.program->code[thread][at];
	int n = ax.n;

	if (thread == lk.program->n_threads) {
		lk_all_reads();
	} else if (at == lk.program->n[thread]) {
		lk_values(thread + 1, 0);
	} else if (ins->kind == XP_FENCE) {
		lk_fence(thread, at, ins->order);
		lk_values(thread, at + 1);
	} else if (ins->kind == XP_STORE) {
		lk_access(thread, at, ins, 0);
		lk_values(thread, at + 1);
	} else {
		for (uint64_t v = 0; v < LK_VALUES; v++) {
			if (!lk.possible[ins->word][v])
				continue;
			lk_access(thread, at, ins, v);
			lk_values(thread, at + 1);
			ax.n = n;
		}
	}
	ax.n = n;
}

static void lk_find_values(void)
{
	bool more = true;

	memset(lk.possible, 0, sizeof(lk.possible));
	for (int w = 0; w < AX_WORDS; w++)
		lk.possible[w][0] = true;
	while (more) {
		more = false;
		for (int t = 0; t < lk.program->n_threads; t++)
			for (int i = 0; i < lk.program->n[t]; i++) {
				const struct ax_ins *ins = &lk.program->code[t][i];

				for (uint64_t v = 0; v < LK_VALUES; v++) {
					uint64_t put;

					if (ins->kind == XP_FENCE || ins->kind == XP_LOAD ||
					    !lk.possible[ins->word][v] ||
					    (ins->kind == XP_CMPXCHG && v != ins->a))
						continue;
					put = lk_access(t, i, ins, v);
					more |= !lk.possible[ins->word][put];
					lk.possible[ins->word][put] = true;
					ax.n = AX_WORDS;
				}
			}
	}
}

/* lk.graphs and lk.outcomes of a program without AX_UNLESS. */
static void lk_enumerate(const struct ax_program *program)
{
	lk.program = program;
	lk.graphs = 0;
	lk.outcomes.n = 0;
	ax.n = 0;
	for (int w = 0; w < AX_WORDS; w++) {
		struct lk_event *e = lk_add(-1, -1, w);

		e->w = true;
	}
	lk_find_values();
	lk_values(0, 0);
}

#endif
