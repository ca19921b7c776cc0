// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * From a recorded execution to its core.  Words that one thread alone touches, or that nobody writes, are
 * left out, and so are interrupts off and on and IPIs that are noise: the core allows a little more than
 * the machine.  An IPI that ends a stint is a word that is written and read.
 */
#include "explore/study/litmus.h"

#include <string.h>

#include "explore/cell/explore.h"
#include "explore/world/weaken.h"

/* A pointer becomes a number that no other value here has. */
static int value_of(uint64_t v)
{
	return xp_stable(v) != v ? 1000 + (int)(xp_stable(v) & 0xffff) : (int)v;
}

static uint64_t initial(const struct xp_op *op)
{
	return xp_read(xp.start + ((char *)op->p - (char *)xp.program->arena), op->size ? op->size : 4);
}

/* Names that two words would share get the number of their slot. */
static void name_word(struct xp_litmus *l, struct xp_litmus_word *w, const struct xp_op *op)
{
	const struct xp_litmus_word *other;

	xp_lane_word(op->site->say, w->name, sizeof(w->name) - 8);
	for (other = l->word; other < w; other++)
		if (!strcmp(other->name, w->name)) {
			snprintf(w->name + strlen(w->name), 8, "%d", w->slot);
			return;
		}
}

static int word_at(struct xp_litmus *l, int16_t slot)
{
	int i;

	for (i = 0; i < l->n_words; i++)
		if (l->word[i].slot == slot)
			return i;
	if (i == XP_LITMUS_WORDS)
		return -1;
	l->word[i] = (struct xp_litmus_word){ .slot = slot };
	l->n_words++;
	return i;
}

static int memory_word(struct xp_litmus *l, const struct xp_op *op)
{
	int n = l->n_words, i = word_at(l, xp_slot(op->p, op->size ? op->size : 4));

	if (i == n) {
		name_word(l, &l->word[i], op);
		l->word[i].init = value_of(initial(op));
		l->word[i].final = value_of(xp_read(op->p, op->size ? op->size : 4));
	}
	return i;
}

/* The IPIs to a pCPU are a word that counts them. */
static int ipi_word(struct xp_litmus *l, int cpu)
{
	int i = word_at(l, -1 - cpu);

	if (i >= 0)
		snprintf(l->word[i].name, sizeof(l->word[i].name), "ipi%d", cpu);
	return i;
}

static bool put(struct xp_litmus *l, int thread, struct xp_litmus_event e)
{
	struct xp_litmus_thread *t = &l->thread[thread];

	if (t->n == XP_LITMUS_EVENTS || e.word < 0)
		return false;
	if (e.kind != XP_L_FENCE) {
		l->word[e.word].users |= 1u << thread;
		l->word[e.word].writers |= (unsigned int)(e.kind != XP_L_LOAD) << thread;
	}
	t->event[t->n++] = e;
	return true;
}

static bool put_rmw(struct xp_litmus *l, const struct xp_record *r, struct xp_litmus_event e)
{
	e.kind = XP_L_RMW;
	e.read = value_of(r->value);
	e.wrote = value_of(xp_modified(&r->op, r->value));
	e.blind = r->op.kind == XP_OR || r->op.kind == XP_AND || r->op.kind == XP_ADD;
	/* A cmpxchg that fails is a load without any order; C11's seq_cst one keeps its own. */
	if (r->op.kind == XP_CMPXCHG && r->value != r->op.a) {
		e.kind = XP_L_LOAD;
		e.order = e.order == KICK_SEQ_CST ? KICK_SEQ_CST : KICK_RELAXED;
	}
	return put(l, r->agent, e);
}

static bool put_access(struct xp_litmus *l, const struct xp_record *r, struct xp_litmus_event e)
{
	e.word = memory_word(l, &r->op);
	switch (r->op.kind) {
	case XP_LOAD:
		e.read = value_of(r->value);
		return put(l, r->agent, e);
	case XP_STORE:
	case XP_UNLOCK:
		e.kind = XP_L_STORE;
		e.wrote = value_of(r->op.a);
		return put(l, r->agent, e);
	case XP_LOCK:
		e.kind = XP_L_RMW;
		e.order = KICK_ACQUIRE;
		e.wrote = 1;
		return put(l, r->agent, e);
	case XP_SLEEP:
		e.order = KICK_ACQUIRE;
		return put(l, r->agent, e);
	default:
		return put_rmw(l, r, e);
	}
}

/* The sender's fences are those of the write to the interrupt controller. */
static bool put_ipi(struct xp_litmus *l, const struct xp_record *r, struct xp_litmus_event e)
{
	struct xp_litmus_event fence = { .kind = XP_L_FENCE, .order = KICK_MB, .site = e.site };

	if (r->value != XP_ENDS_STINT && r->value != XP_PENDING)
		return true;
	e.word = ipi_word(l, r->op.cpu);
	if (!put(l, r->agent, fence))
		return false;
	e.kind = XP_L_STORE;
	e.order = KICK_RELAXED;
	if (e.word >= 0)
		e.wrote = ++l->word[e.word].final;
	return put(l, r->agent, e);
}

static bool put_record(struct xp_litmus *l, const struct xp_record *r, bool as_written)
{
	const struct xp_ordered *o = xp_ordered_at(r->op.site);
	struct xp_litmus_event e = { .kind = XP_L_LOAD, .site = r->op.site,
				     .order = as_written && o ? o->order : r->op.order };

	switch (r->op.kind) {
	case XP_FENCE:
		e.kind = XP_L_FENCE;
		return (r->op.a && !as_written) || put(l, r->agent, e);
	case XP_IPI:
		return put_ipi(l, r, e);
	case XP_GUEST_WAIT:
		e.word = ipi_word(l, r->op.cpu);
		e.order = KICK_ACQUIRE;
		e.read = e.word < 0 ? 0 : l->word[e.word].final;
		return put(l, r->agent, e);
	case XP_RECORD:
	case XP_CHOICE:
	case XP_STEP:
	case XP_IRQ_OFF:
	case XP_IRQ_ON:
		return true;
	default:
		if (r->op.kind == XP_LOAD && r->op.slot < 0 && !as_written)
			return true; /* it goes by its own store */
		return put_access(l, r, e);
	}
}

bool xp_litmus_shared(const struct xp_litmus_word *w)
{
	return w->users & (w->users - 1) && w->writers;
}

/* Words that tell nobody anything. */
static void leave_out(struct xp_litmus *l)
{
	int i, j, n;

	for (i = 0; i < l->n_threads; i++) {
		struct xp_litmus_thread *t = &l->thread[i];

		for (j = n = 0; j < t->n; j++) {
			const struct xp_litmus_word *w = &l->word[t->event[j].word];

			if (t->event[j].kind == XP_L_FENCE || xp_litmus_shared(w))
				t->event[n++] = t->event[j];
		}
		t->n = n;
	}
}

const char *xp_litmus_make(struct xp_litmus *l, bool as_written)
{
	int i;

	l->n_words = 0;
	l->n_threads = xp.n_fibers;
	for (i = 0; i < l->n_threads; i++)
		l->thread[i].n = 0;
	for (i = 0; i < xp.n_records; i++) {
		const struct xp_record *r = &xp.record[i];

		if (r->agent >= xp.n_fibers)
			continue; /* a store reaches memory: the model's affair */
		if (r->op.kind == XP_CALL || r->op.kind == XP_ACK)
			return "a function call is waited for";
		if (xp_scenario.play != XP_KERNEL || (r->op.kind >= XP_SIGNAL && r->op.kind <= XP_AWAIT))
			return "signals, and waits of threads, are in no other checker";
		if (r->op.kind == XP_LOOK)
			return "its judge looks at the machine's record of stints";
		if (!put_record(l, r, as_written))
			return "it is too long";
	}
	leave_out(l);
	return NULL;
}

bool xp_litmus_final(const struct xp_litmus_word *w)
{
	return xp_litmus_shared(w) && w->writers & (w->writers - 1);
}
