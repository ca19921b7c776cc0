// SPDX-License-Identifier: GPL-2.0-or-later
/* What the engine refused, in words: what, where, by whom. */
#include "explore/cell/refusal.h"

#include <stdio.h>
#include <string.h>

#include "apart/where.h"
#include "explore/engine/engine.h"
#include "explore/world/scenario.h"

enum { WORDS = 128 };

static void agent(int agent, char *text, size_t size)
{
	const char *what = agent >= XP_FIBERS ? "'s handler" : "";
	int fiber = agent % XP_FIBERS, kicker = fiber - xp.program->n_vcpus;

	if (kicker >= 0)
		snprintf(text, size, "kicker %c%s", 'a' + kicker, what);
	else if (xp.program->n_vcpus > 1)
		snprintf(text, size, "vCPU %d%s", fiber, what);
	else
		snprintf(text, size, "the vCPU%s", what);
}

/* "struct kick_vcpu's field `cpu` (byte 4, impl/mine.h:57)" */
static void place(const struct xp_refusal *r, char *text, size_t size)
{
	const struct xp_part *part = NULL;
	char where[WORDS], field[WORDS] = "";
	size_t offset = r->offset;
	int i;

	for (i = 0; i < XP_BACKEND_PARTS; i++) {
		const struct xp_part *p = &xp_judged()->part[i];

		if (r->offset >= p->at && r->offset < p->at + p->n * p->size)
			part = p;
	}
	if (part) {
		offset = (r->offset - part->at) % part->size;
		apart_field(r->pc, part->tag, offset, field, sizeof(field));
	}
	if (!apart_where(r->pc, where, sizeof(where)))
		snprintf(where, sizeof(where), "%s", xp.program->name);
	if (field[0])
		snprintf(text, size, "struct %s's field `%s` (byte %zu, %s)", part->tag, field, offset,
			 where);
	else
		snprintf(text, size, "struct %s's byte %zu (%s)", part ? part->tag : "world", offset, where);
}

/* "kicker a, two-kicks, tso, at impl/mine.h:57": where a fiber was taken off. */
static void stop(const struct xp_refusal *r, const char *preset, const char *model, char *text, size_t size)
{
	char who[32], where[WORDS];

	agent(r->fiber, who, sizeof(who));
	if (r->setup)
		snprintf(who, sizeof(who), "before any thread runs");
	if (apart_where(r->pc, where, sizeof(where)))
		snprintf(text, size, "%s, %s, %s, at %s", who, preset, model, where);
	else if (r->after && r->after->file[0])
		snprintf(text, size, "%s, %s, %s, after %.40s (%s:%d)", who, preset, model, r->after->say,
			 apart_from_root(r->after->file), r->after->line);
	else
		snprintf(text, size, "%s, %s, %s", who, preset, model);
}

static void shared(const struct xp_refusal *r, char *text, size_t size)
{
	char what[2 * WORDS], one[32], two[32];

	place(r, what, sizeof(what));
	agent(r->write ? r->fiber : r->other, one, sizeof(one));
	agent(r->write ? r->other : r->fiber, two, sizeof(two));
	snprintf(text, size, "refused: %s is plain, written by %s and %s by %s: make it a kick_int", what,
		 one, r->write && r->other_write ? "written" : "read", two);
}

static void word(const struct xp_refusal *r, char *text, size_t size)
{
	const char *does = r->write ? "writes it past kick_words.h" : "reads it past kick_words.h";
	char what[2 * WORDS], who[32];

	if (r->what == XP_REFUSED_OVERLAP)
		does = "touches a part of it as another word: one or the other";
	place(r, what, sizeof(what));
	agent(r->fiber, who, sizeof(who));
	snprintf(text, size, "refused: %s is a shared word, and %s %s", what, who, does);
}

static void outside(const struct xp_refusal *r, char *text, size_t size)
{
	char what[2 * WORDS], who[32];

	if (!apart_where(r->pc, what, sizeof(what)))
		snprintf(what, sizeof(what), "%s", xp.program->name);
	agent(r->fiber, who, sizeof(who));
	if (r->setup)
		snprintf(who, sizeof(who), "kick_vcpu_init()");
	if (r->looking)
		snprintf(text, size, "refused: kick_view() writes (%s): it looks, and changes nothing", what);
	else
		snprintf(text, size,
			 "refused: %s writes outside of the backend's structs (%s): static data and what a "
			 "wild pointer finds are no part of the state", who, what);
}

void xp_refusal_text(const char *preset, const char *model, char *text, size_t size)
{
	const struct xp_refusal *r = &xp.refusal;
	const char *name = xp.program->name;
	char what[2 * WORDS], who[32], other[32];

	switch (r->what) {
	case XP_REFUSED_SHARED:
		shared(r, text, size);
		return;
	case XP_REFUSED_WORD:
	case XP_REFUSED_OVERLAP:
		word(r, text, size);
		return;
	case XP_REFUSED_OUTSIDE:
		outside(r, text, size);
		return;
	case XP_REFUSED_LOCAL:
		if (!apart_where(r->pc, what, sizeof(what)))
			snprintf(what, sizeof(what), "%s", name);
		agent(r->fiber, who, sizeof(who));
		agent(r->other, other, sizeof(other));
		snprintf(text, size,
			 "refused: %s %s a local variable of %s by a pointer (%s): what two threads touch "
			 "is a kick_int of a struct", who, r->write ? "writes" : "reads", other, what);
		return;
	case XP_REFUSED_SLEEPER:
		agent(r->fiber, who, sizeof(who));
		snprintf(text, size,
			 "refused: %s calls kick_schedule(), in which only a vCPU's own thread sleeps, on "
			 "its own task: there is kick_wait()", who);
		return;
	case XP_REFUSED_LOOKER:
		snprintf(text, size,
			 "refused: kick_view() has an operation (%s, %s:%d): it looks by kick_peek()",
			 r->after->say, r->after->file, r->after->line);
		return;
	default:
		break;
	}
	stop(r, preset, model, what, sizeof(what));
	if (r->what == XP_REFUSED_HANG)
		snprintf(text, size, "%s goes on for ever without an operation (%s)", name, what);
	else if (r->what == XP_REFUSED_ASLEEP)
		snprintf(text, size, "%s waits for something outside of the world (%s)", name, what);
	else if (r->what == XP_REFUSED_MEMORY)
		snprintf(text, size, "%s asks for memory without end (%s)", name, what);
	else if (r->what == XP_REFUSED_STACK)
		snprintf(text, size, "%s needs more stack than a fiber's %d KiB (%s)", name, XP_STACK / 1024,
			 what);
	else if (r->what == XP_REFUSED_EXIT)
		snprintf(text, size, "%s ends the program (%s)", name, what);
	else
		snprintf(text, size, "%s died of signal %d, %s (%s)", name, r->signal, strsignal(r->signal),
			 what);
}

void xp_error_text(const char *preset, const char *model, char *text, size_t size)
{
	if (xp.refusal.what)
		xp_refusal_text(preset, model, text, size);
	else
		snprintf(text, size, "%s", xp.error[0] ? xp.error : "the execution does not end");
}
