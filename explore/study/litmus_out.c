// SPDX-License-Identifier: GPL-2.0-or-later
/* The core of an execution as litmus tests of herd7: in C11's words, and in the kernel's for LKMM. */
#include <string.h>

#include "explore/study/litmus.h"

static bool used(const struct xp_litmus *l, int thread, int word)
{
	const struct xp_litmus_thread *t = &l->thread[thread];
	int i;

	for (i = 0; i < t->n; i++)
		if (t->event[i].kind != XP_L_FENCE && t->event[i].word == word)
			return true;
	return false;
}

static void print_head(FILE *out, const struct xp_litmus *l)
{
	int i;

	fprintf(out, "C %s\n\n{\n", l->name);
	for (i = 0; i < l->n_words; i++)
		if (xp_litmus_shared(&l->word[i]))
			fprintf(out, "%s=%d;\n", l->word[i].name, l->word[i].init);
	fputs("}\n", out);
}

static void print_thread_head(FILE *out, const struct xp_litmus *l, int thread, const char *type)
{
	const char *comma = "";
	int i;

	fprintf(out, "\nP%d(", thread);
	for (i = 0; i < l->n_words; i++)
		if (used(l, thread, i)) {
			fprintf(out, "%s%s%s", comma, type, l->word[i].name);
			comma = ", ";
		}
	fputs(")\n{\n", out);
}

/* What was read, and what is left where that is not plain from the text. */
static void print_exists(FILE *out, const struct xp_litmus *l)
{
	const char *and = "";
	int i, j;

	fputs("\nexists (", out);
	for (i = 0; i < l->n_threads; i++)
		for (j = 0; j < l->thread[i].n; j++) {
			const struct xp_litmus_event *e = &l->thread[i].event[j];

			if (e->kind != XP_L_LOAD && e->kind != XP_L_RMW)
				continue;
			fprintf(out, "%s%d:r%d=%d", and, i, j, e->read);
			and = " /\\ ";
		}
	for (i = 0; i < l->n_words; i++)
		if (xp_litmus_final(&l->word[i])) {
			fprintf(out, "%s%s=%d", and, l->word[i].name, l->word[i].final);
			and = " /\\ ";
		}
	fputs(")\n", out);
}

const char *xp_litmus_c11_order(enum kick_order order)
{
	static const char *const names[] = {
		[KICK_PLAIN] = "memory_order_relaxed", [KICK_RELAXED] = "memory_order_relaxed",
		[KICK_ACQUIRE] = "memory_order_acquire", [KICK_RELEASE] = "memory_order_release",
		[KICK_ACQ_REL] = "memory_order_acq_rel", [KICK_SEQ_CST] = "memory_order_seq_cst",
		[KICK_FULL] = "memory_order_relaxed", /* between two fences */
	};

	return names[order];
}

const char *xp_litmus_c11_fence(enum kick_fence fence)
{
	return fence == KICK_RMB ? "memory_order_acquire" :
	       fence == KICK_WMB ? "memory_order_release" : "memory_order_seq_cst";
}

static void print_c11_fence(FILE *out)
{
	fputs("\tatomic_thread_fence(memory_order_seq_cst);\n", out);
}

static void print_c11(FILE *out, const struct xp_litmus *l, const struct xp_litmus_event *e, int n)
{
	const char *name = l->word[e->word].name, *order = xp_litmus_c11_order(e->order);

	switch (e->kind) {
	case XP_L_FENCE:
		fprintf(out, "\tatomic_thread_fence(%s);\n", xp_litmus_c11_fence(e->order));
		break;
	case XP_L_LOAD:
		fprintf(out, "\tint r%d = atomic_load_explicit(%s, %s);\n", n, name, order);
		break;
	case XP_L_STORE:
		fprintf(out, "\tatomic_store_explicit(%s, %d, %s);\n", name, e->wrote, order);
		break;
	case XP_L_RMW:
		if (e->order == KICK_FULL)
			print_c11_fence(out);
		fprintf(out, "\tint r%d = atomic_exchange_explicit(%s, %d, %s);\n", n, name, e->wrote, order);
		if (e->order == KICK_FULL)
			print_c11_fence(out);
		break;
	}
}

void xp_litmus_c11(FILE *out, const struct xp_litmus *l)
{
	int i, j;

	print_head(out, l);
	for (i = 0; i < l->n_threads; i++) {
		print_thread_head(out, l, i, "atomic_int* ");
		for (j = 0; j < l->thread[i].n; j++)
			print_c11(out, l, &l->thread[i].event[j], j);
		fputs("}\n", out);
	}
	print_exists(out, l);
}

/* "" for an order that xchg() has a form of, or NULL. */
static const char *lkmm_suffix(enum kick_order order)
{
	static const char *const suffix[] = {
		[KICK_PLAIN] = NULL, [KICK_RELAXED] = "_relaxed", [KICK_ACQUIRE] = "_acquire",
		[KICK_RELEASE] = "_release", [KICK_ACQ_REL] = NULL, [KICK_SEQ_CST] = NULL, [KICK_FULL] = "",
	};

	return suffix[order];
}

static bool has_lkmm(const struct xp_litmus *l)
{
	int i, j;

	for (i = 0; i < l->n_threads; i++)
		for (j = 0; j < l->thread[i].n; j++) {
			const struct xp_litmus_event *e = &l->thread[i].event[j];

			if ((e->kind == XP_L_RMW && !lkmm_suffix(e->order)) ||
			    (e->kind == XP_L_LOAD && e->order == KICK_SEQ_CST))
				return false;
		}
	return true;
}

static void indent(FILE *out, int depth)
{
	while (depth--)
		fputc('\t', out);
}

static void print_lkmm(FILE *out, const struct xp_litmus *l, const struct xp_litmus_event *e, int n)
{
	static const char *const fences[] = { "smp_mb()", "smp_rmb()", "smp_wmb()",
					      "smp_mb__before_atomic()", "smp_mb__after_atomic()" };
	const char *name = l->word[e->word].name;

	switch (e->kind) {
	case XP_L_FENCE:
		fprintf(out, "%s;\n", fences[e->order]);
		break;
	case XP_L_LOAD:
		fprintf(out, e->order == KICK_ACQUIRE ? "r%d = smp_load_acquire(%s);\n" :
						       "r%d = READ_ONCE(*%s);\n", n, name);
		break;
	case XP_L_STORE:
		fprintf(out, e->order == KICK_RELEASE ? "smp_store_release(%s, %d);\n" :
						       "WRITE_ONCE(*%s, %d);\n", name, e->wrote);
		break;
	case XP_L_RMW:
		fprintf(out, "r%d = xchg%s(%s, %d);\n", n, lkmm_suffix(e->order), name, e->wrote);
		break;
	}
}

/* A value that the thread is told decides whether it goes on: LKMM knows of control dependencies. */
static void print_lkmm_thread(FILE *out, const struct xp_litmus *l, const struct xp_litmus_thread *t)
{
	int i, depth = 1;

	for (i = 0; i < t->n; i++)
		if (t->event[i].kind == XP_L_LOAD || t->event[i].kind == XP_L_RMW)
			fprintf(out, "\tint r%d;\n", i);
	for (i = 0; i < t->n; i++) {
		const struct xp_litmus_event *e = &t->event[i];

		indent(out, depth);
		print_lkmm(out, l, e, i);
		if ((e->kind == XP_L_LOAD || e->kind == XP_L_RMW) && !e->blind && i + 1 < t->n) {
			indent(out, depth++);
			fprintf(out, "if (r%d == %d) {\n", i, e->read);
		}
	}
	while (--depth) {
		indent(out, depth);
		fputs("}\n", out);
	}
}

bool xp_litmus_lkmm(FILE *out, const struct xp_litmus *l)
{
	int i;

	if (!has_lkmm(l))
		return false;
	print_head(out, l);
	for (i = 0; i < l->n_threads; i++) {
		print_thread_head(out, l, i, "int *");
		print_lkmm_thread(out, l, &l->thread[i]);
		fputs("}\n", out);
	}
	print_exists(out, l);
	return true;
}
