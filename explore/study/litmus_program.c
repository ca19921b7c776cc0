// SPDX-License-Identifier: GPL-2.0-or-later
/* The core of an execution as a C program, for model checkers of programs and for a compiler. */
#include "explore/study/litmus.h"
#include "explore/cell/explore.h"

static void print_event(FILE *out, const struct xp_litmus *l, const struct xp_litmus_event *e)
{
	const char *name = l->word[e->word].name, *order = xp_litmus_c11_order(e->order);
	const char *fence = e->kind == XP_L_RMW && e->order == KICK_FULL ?
				    "\tatomic_thread_fence(memory_order_seq_cst);\n" : "";

	fprintf(out, "\t/* %s */\n", e->site->say);
	switch (e->kind) {
	case XP_L_FENCE:
		fprintf(out, "\tatomic_thread_fence(%s);\n", xp_litmus_c11_fence(e->order));
		break;
	case XP_L_LOAD:
		fprintf(out, "\tif (atomic_load_explicit(&%s, %s) != %d)\n\t\treturn NULL;\n", name, order,
			e->read);
		break;
	case XP_L_STORE:
		fprintf(out, "\tatomic_store_explicit(&%s, %d, %s);\n", name, e->wrote, order);
		break;
	case XP_L_RMW:
		fprintf(out, "%s\tif (atomic_exchange_explicit(&%s, %d, %s) != %d)\n", fence, name, e->wrote,
			order, e->read);
		fprintf(out, "\t\treturn NULL;\n%s", fence);
		break;
	}
}

static void print_thread(FILE *out, const struct xp_litmus *l, int thread)
{
	int i;

	fprintf(out, "\nstatic void *p%d(void *arg)\n{\n\t(void)arg;\n", thread);
	for (i = 0; i < l->thread[thread].n; i++)
		print_event(out, l, &l->thread[thread].event[i]);
	fprintf(out, "\tdone[%d] = 1;\n\treturn NULL;\n}\n", thread);
}

static void print_main(FILE *out, const struct xp_litmus *l)
{
	int i;

	fprintf(out, "\nint main(void)\n{\n\tpthread_t thread[%d];\n\tint reached = 1;\n\n", l->n_threads);
	for (i = 0; i < l->n_threads; i++)
		fprintf(out, "\tpthread_create(&thread[%d], NULL, p%d, NULL);\n", i, i);
	for (i = 0; i < l->n_threads; i++)
		fprintf(out, "\tpthread_join(thread[%d], NULL);\n", i);
	for (i = 0; i < l->n_threads; i++)
		fprintf(out, "\treached = reached && done[%d];\n", i);
	for (i = 0; i < l->n_words; i++)
		if (xp_litmus_final(&l->word[i]))
			fprintf(out, "\treached = reached && atomic_load(&%s) == %d;\n", l->word[i].name,
				l->word[i].final);
	fputs("\tassert(!reached);\n\treturn 0;\n}\n", out);
}

void xp_litmus_program(FILE *out, const struct xp_litmus *l)
{
	int i;

	fprintf(out, "/* %s: a thread goes on only with the values that lead to the outcome. */\n", l->name);
	fputs("#include <assert.h>\n#include <pthread.h>\n#include <stdatomic.h>\n"
	      "#include <stddef.h>\n\n", out);
	for (i = 0; i < l->n_words; i++)
		if (xp_litmus_shared(&l->word[i]))
			fprintf(out, "static atomic_int %s = %d;\n", l->word[i].name, l->word[i].init);
	fprintf(out, "static int done[%d];\n", l->n_threads);
	for (i = 0; i < l->n_threads; i++)
		print_thread(out, l, i);
	print_main(out, l);
}
