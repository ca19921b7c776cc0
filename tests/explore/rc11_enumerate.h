/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Every graph of a small program that the axioms of rc11 allow: ax_enumerate(). */
#ifndef RC11_ENUMERATE_H
#define RC11_ENUMERATE_H

#include "rc11_axioms.h"

/* The reads are settled: the relations that follow, but for mo. */
static void ax_relations(void)
{
	int i, j;

	memset(ax.sb, 0, sizeof(ax.sb));
	memset(ax.rf, 0, sizeof(ax.rf));
	for (i = 0; i < ax.n; i++) {
		for (j = 0; j < ax.n; j++)
			if (ax.e[i].thread < 0 ? ax.e[j].thread >= 0 :
						 ax.e[j].thread == ax.e[i].thread && i < j)
				ax.sb[i] |= 1u << j;
		if (ax.e[i].reads)
			ax.rf[ax.e[i].from] |= 1u << i;
	}
}

static void ax_count(const int16_t last_in_mo[AX_WORDS])
{
	uint64_t outcome = 0;
	int i;

	if (!ax_consistent())
		return;
	ax.graphs++;
	for (i = 0; i < ax.n; i++)
		if (ax.e[i].reads)
			outcome = ax_outcome(outcome, ax.e[i].thread, ax.e[i].at, ax.e[i].got);
	for (i = 0; i < AX_WORDS; i++)
		outcome = ax_outcome(outcome, AX_THREADS, i, ax.e[last_in_mo[i]].put);
	ax_set_add(&ax.outcomes, outcome);
}

/* Every order of the writes to this word and to those after it. */
static void ax_orders(int word, uint32_t placed, int16_t last[AX_WORDS])
{
	uint32_t before = placed;
	bool any = false;
	int i, j;

	if (word == AX_WORDS) {
		ax_count(last);
		return;
	}
	for (i = 0; i < ax.n; i++) {
		int was = last[word];

		if (ax.e[i].word != word || !ax.e[i].writes || placed >> i & 1)
			continue;
		any = true;
		for (j = 0; j < ax.n; j++)
			if (before >> j & 1 && ax.e[j].word == word)
				ax.mo[j] |= 1u << i;
		last[word] = i;
		ax_orders(word, placed | 1u << i, last);
		last[word] = was;
		for (j = 0; j < ax.n; j++)
			ax.mo[j] &= ~(1u << i);
	}
	if (!any)
		ax_orders(word + 1, placed, last);
}

static void ax_all_orders(void)
{
	int16_t last[AX_WORDS];
	int i;

	ax_relations();
	memset(ax.mo, 0, sizeof(ax.mo));
	for (i = 0; i < AX_WORDS; i++)
		last[i] = i;
	ax_orders(0, (1u << AX_WORDS) - 1, last);
}

static struct ax_event *ax_add(int thread, int word, int order)
{
	struct ax_event *e = &ax.e[ax.n++];

	*e = (struct ax_event){ .thread = thread, .at = ax.pc[thread], .word = word, .from = -1 };
	e->sc = order == KICK_SEQ_CST;
	e->acquire = e->sc || order == KICK_ACQUIRE || order == KICK_ACQ_REL;
	e->release = e->sc || order == KICK_RELEASE || order == KICK_ACQ_REL;
	return e;
}

static void ax_fence(int thread, int fence)
{
	ax_add(thread, -1, fence == KICK_RMB ? KICK_ACQUIRE :
			   fence == KICK_WMB ? KICK_RELEASE : KICK_SEQ_CST);
}

static void ax_access(int thread, const struct ax_ins *ins, int from)
{
	uint64_t old = from < 0 ? 0 : ax.e[from].put;
	bool writes = ins->kind != XP_LOAD && (ins->kind != XP_CMPXCHG || old == ins->a);
	bool full = ins->order == KICK_FULL && writes;
	int order = full ? KICK_RELAXED : ins->order;
	struct ax_event *e;

	if (ins->kind == XP_CMPXCHG && !writes && order != KICK_SEQ_CST)
		order = KICK_RELAXED;
	if (full)
		ax_fence(thread, KICK_MB);
	e = ax_add(thread, ins->word, order);
	e->reads = from >= 0;
	e->writes = writes;
	e->acquire &= e->reads;
	e->release &= writes;
	e->from = from;
	e->got = old;
	e->put = ins->kind == XP_CMPXCHG ? ins->b : ins->kind == XP_FETCH_OR ? old | ins->a : ins->a;
	if (e->reads)
		ax.last[thread] = old;
	if (full)
		ax_fence(thread, KICK_MB);
}

static int ax_source(int16_t wanted)
{
	int i;

	for (i = 0; i < ax.n; i++)
		if (ax.e[i].writes &&
		    (ax.e[i].thread < 0 ? -1 - i : ax.e[i].thread * AX_CODE + ax.e[i].at) == wanted)
			return i;
	return -1;
}

enum { AX_UNASSIGNED = 1000 };
static int16_t ax_from[AX_THREADS][AX_CODE];

/* One step of a thread that has all it needs. */
static bool ax_step(int thread)
{
	const struct ax_ins *ins = &ax.program->code[thread][ax.pc[thread]];
	int from = -1;

	if (ax.pc[thread] == ax.program->n[thread])
		return false;
	if (ins->kind == (int)AX_UNLESS) {
		ax.pc[thread] += ax.last[thread] == ins->a ? 1 : 2;
		return true;
	}
	if (ins->kind == XP_FENCE) {
		ax_fence(thread, ins->order);
	} else {
		if (ins->kind != XP_STORE) {
			if (ax_from[thread][ax.pc[thread]] == AX_UNASSIGNED)
				return false;
			from = ax_source(ax_from[thread][ax.pc[thread]]);
			if (from < 0)
				return false;
		}
		ax_access(thread, ins, from);
	}
	ax.pc[thread]++;
	return true;
}

static void ax_run(void);

/* Every write that this read may read from, whether or not it happens. */
static void ax_assign(int thread)
{
	int at = ax.pc[thread], word = ax.program->code[thread][at].word, t, i;

	ax_from[thread][at] = -1 - word;
	ax_run();
	for (t = 0; t < ax.program->n_threads; t++)
		for (i = 0; i < ax.program->n[t]; i++) {
			const struct ax_ins *ins = &ax.program->code[t][i];

			if (ins->kind == (int)AX_UNLESS || ins->kind == XP_FENCE ||
			    ins->kind == XP_LOAD || ins->word != word || (t == thread && i >= at))
				continue;
			ax_from[thread][at] = t * AX_CODE + i;
			ax_run();
		}
	ax_from[thread][at] = AX_UNASSIGNED;
}

static void ax_run(void)
{
	int n = ax.n, pc[AX_THREADS], t;
	uint64_t last[AX_THREADS];
	bool done = true;

	memcpy(pc, ax.pc, sizeof(pc));
	memcpy(last, ax.last, sizeof(last));
	for (t = 0; t < ax.program->n_threads; t++)
		if (ax_step(t))
			t = -1;
	for (t = 0; t < ax.program->n_threads; t++) {
		if (ax.pc[t] >= ax.program->n[t])
			continue;
		done = false;
		if (ax_from[t][ax.pc[t]] == AX_UNASSIGNED) {
			ax_assign(t);
			break;
		}
	}
	if (done)
		ax_all_orders();
	ax.n = n;
	memcpy(ax.pc, pc, sizeof(pc));
	memcpy(ax.last, last, sizeof(last));
}

/* ax.graphs and ax.outcomes of a program. */
static void ax_enumerate(const struct ax_program *program)
{
	int i, t;

	ax.program = program;
	ax.n = AX_WORDS;
	ax.graphs = 0;
	ax.outcomes.n = 0;
	memset(ax.pc, 0, sizeof(ax.pc));
	memset(ax.last, 0, sizeof(ax.last));
	for (i = 0; i < AX_WORDS; i++)
		ax.e[i] = (struct ax_event){ .thread = -1, .at = -1, .word = i, .writes = true };
	for (t = 0; t < AX_THREADS; t++)
		for (i = 0; i < AX_CODE; i++)
			ax_from[t][i] = AX_UNASSIGNED;
	ax_run();
}

#endif
