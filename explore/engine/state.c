// SPDX-License-Identifier: GPL-2.0-or-later
/* The state itself, and what is noted there on the way. */
#include "explore/engine/state.h"

#include <stdarg.h>
#include <stdio.h>

struct xp_engine xp;

int xp_self(void)
{
	return xp.current;
}

int xp_cpu(void)
{
	return xp.fiber[xp.current].cpu;
}

unsigned long xp_bit(unsigned long nr)
{
	enum { BITS = 8 * sizeof(unsigned long) };

	if (nr >= BITS)
		xp_fail("%s uses bit %ld of a word, which has %d", xp.program->name, (long)nr, (int)BITS);
	return 1UL << nr % BITS;
}

void xp_set_cpu(int cpu)
{
	xp.fiber[xp.current].cpu = cpu;
	xp_note(cpu);
}

void xp_forget(unsigned int stage, uint64_t where)
{
	struct xp_fiber *f = &xp.fiber[xp.current];

	if (!xp.search->forgets)
		return;
	if (stage < f->stage || (stage == f->stage && xp.current >= xp.program->n_vcpus))
		xp_fail("a fiber's stage comes back");
	f->stage = stage;
	if (!xp.forgets)
		return;
	f->told = 0;
	f->history = xp_mix(xp_mix(0x9216d5d98979fb1bu, where ^ (uint64_t)stage << 56), xp.current);
	/* A fence is a step if there was any store before it; all else of buffers is part of the state. */
	f->history = xp_mix(f->history, f->seq != 0);
	f->stand = f->history;
}

unsigned int xp_zeroed(void)
{
	return xp.fiber[xp.current].zeroed;
}

const void *xp_zeroed_last(void)
{
	return xp.fiber[xp.current].zeroed_last;
}

bool xp_at_once(void)
{
	return !xp.model->buffered && !xp.model->graph;
}

void xp_depends(const struct xp_dependencies *on)
{
	xp.fiber[xp.current].on = *on;
}

int xp_n_loads(void)
{
	return xp.fiber[xp.current].n_loads;
}

bool xp_runs_ahead(void)
{
	return xp.model->ahead;
}

bool xp_buffers(void)
{
	return !xp.setup && xp.model->buffered;
}

void xp_peek(bool on)
{
	xp.fiber[xp.current].peeks = on;
}

/* Who looks from outside takes no part in the execution, whichever fiber was peeking. */
bool xp_peeks(void)
{
	return xp.fiber[xp.current].peeks && !xp.looking;
}

void xp_handles(const void *frame)
{
	xp.fiber[xp.current].handler = frame;
}

void xp_found(unsigned int violations)
{
	xp.found |= violations;
}

void xp_fail(const char *fmt, ...)
{
	va_list args;

	if (xp.error[0])
		return;
	va_start(args, fmt);
	vsnprintf(xp.error, sizeof(xp.error), fmt, args);
	va_end(args);
}

void xp_spent(const char *fmt, ...)
{
	va_list args;

	if (xp.error[0])
		return;
	va_start(args, fmt);
	vsnprintf(xp.error, sizeof(xp.error), fmt, args);
	va_end(args);
	xp.spent = true;
}

void xp_unmodelled(const char *word, const char *why)
{
	if (xp.error[0])
		return;
	xp_fail("%s: %s", word, why);
	xp.unmodelled = true;
}

void xp_refuse(const struct xp_refusal *refusal)
{
	if (xp.error[0])
		return;
	xp.refusal = *refusal;
	xp.refusal.setup = xp.setup;
	xp.refusal.looking = xp.looking;
	if (xp.depth)
		xp.refusal.after = xp.level[xp.depth - 1].site;
	xp_fail("%s does what no backend may do", xp.program->name); /* for those who do not ask what */
}

void xp_refuse_looker(const struct xp_site *site)
{
	xp_refuse(&(struct xp_refusal){ .what = XP_REFUSED_LOOKER, .fiber = (uint8_t)xp.current });
	if (xp.refusal.what == XP_REFUSED_LOOKER)
		xp.refusal.after = site;
}

void xp_refuse_sleeper(void)
{
	xp_refuse(&(struct xp_refusal){ .what = XP_REFUSED_SLEEPER, .fiber = (uint8_t)xp.current });
}

uint64_t xp_stable(uint64_t value)
{
	uint64_t offset = value - (uintptr_t)xp.program->arena;

	return offset < xp.program->size ? offset + 0x4b49434b0000u : value;
}

/* Is this the step of a lane? */
static bool drained(const struct xp_op *op)
{
	return op->kind == XP_DRAIN ||
	       (op->kind == XP_UNLOCK && xp.last != XP_NOBODY && xp.last >= xp.n_fibers);
}

/* In names of executions kinds have the numbers that they had before there were additions. */
static unsigned int kind_in_names(unsigned int kind)
{
	if (kind == XP_FETCH_ADD || kind == XP_ADD)
		return XP_KINDS + kind;
	return kind > XP_ADD ? kind - 2 : kind > XP_FETCH_ADD ? kind - 1 : kind;
}

/* Under a replay for print: what happened. */
void xp_keep_record(const struct xp_op *op, uint64_t value)
{
	struct xp_record *r;

	xp.op_hash = xp_mix(xp.op_hash, (uint64_t)xp.last << 32 | kind_in_names(op->kind) << 16 |
						(uint16_t)op->slot);
	xp.op_hash = xp_mix(xp.op_hash, xp_stable(value) ^ (uint64_t)op->order << 56);
	if (xp.n_records == XP_TRACE)
		return;
	r = &xp.record[xp.n_records++];
	r->op = *op;
	r->value = value;
	r->agent = drained(op) ? xp.last : xp.current;
	r->level = xp.depth - 1;
	r->cpu = xp.fiber[xp_owner(r->agent)].cpu;
}

/* Forget the events from this level on: their slots remember the ones before. */
void xp_undo(int level)
{
	int i;

	for (i = xp.depth - 1; i >= level; i--)
		if (xp.event[i].slot >= 0)
			xp.last_on_slot[xp.event[i].slot] = xp.event[i].prev;
}
