// SPDX-License-Identifier: GPL-2.0-or-later
/* Names of sites and of what they are weakened to, and which orders are weaker than which. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "explore/model/models.h"
#include "explore/world/weaken.h"

static const char *const rung_names[XP_RUNGS] = {
	"as written", "seq_cst", "acq_rel", "release", "acquire", "relaxed", "rmb", "wmb", "dropped", "own",
};

const char *xp_rung_name(enum xp_rung rung)
{
	return rung_names[rung];
}

const char *xp_ordered_order(const struct xp_ordered *o)
{
	static const char *const orders[] = { "plain", "relaxed", "acquire", "release", "acq_rel",
					      "seq_cst", "full" };
	static const char *const fences[] = { "mb", "rmb", "wmb", "mb_before_atomic",
					      "mb_after_atomic" };

	return o->kind == XP_FENCE ? fences[o->order] : orders[o->order];
}

void xp_ordered_name(const struct xp_ordered *o, char name[XP_SITE_NAME])
{
	const char *file = strrchr(o->site.file, '/');
	int n = strcspn(o->site.say, "(");

	file = file ? file + 1 : o->site.file;
	if (o->site.say[n])
		snprintf(name, XP_SITE_NAME, "%s:%d:%.*s", file, o->site.line, n, o->site.say);
	else /* a plain read is spelt as the word that is read */
		snprintf(name, XP_SITE_NAME, "%s:%d:READ_PLAIN", file, o->site.line);
}

#define BIT(rung) (1u << (rung))

/* By the order that is written. */
static unsigned int below(enum kick_order order)
{
	unsigned int rungs = 0;

	switch (order) {
	case KICK_FULL:
		rungs |= BIT(XP_TO_SEQ_CST);
		/* fall through */
	case KICK_SEQ_CST:
		rungs |= BIT(XP_TO_ACQ_REL);
		/* fall through */
	case KICK_ACQ_REL:
		rungs |= BIT(XP_TO_RELEASE) | BIT(XP_TO_ACQUIRE);
		/* fall through */
	case KICK_ACQUIRE:
	case KICK_RELEASE:
		return rungs | BIT(XP_TO_RELAXED);
	default:
		return 0;
	}
}

unsigned int xp_ladder(const struct xp_ordered *o)
{
	switch (o->kind) {
	case XP_FENCE:
		if (o->order == KICK_RMB || o->order == KICK_WMB)
			return BIT(XP_DROPPED);
		return BIT(XP_TO_RMB) | BIT(XP_TO_WMB) | BIT(XP_DROPPED);
	case XP_LOAD:
		return (below(o->order) & (BIT(XP_TO_ACQUIRE) | BIT(XP_TO_RELAXED))) |
		       (o->rereads ? BIT(XP_OWN) : 0);
	case XP_STORE:
		return below(o->order) & (BIT(XP_TO_RELEASE) | BIT(XP_TO_RELAXED));
	default:
		return below(o->order);
	}
}

bool xp_rung_idle(const struct xp_ordered *o, enum xp_rung to, unsigned int model_bit)
{
	const struct xp_model *model = xp_model_of_bit(model_bit);

	if (to == XP_OWN)
		return false;
	if (o->kind == XP_FENCE)
		return !model->fence_counts || !model->fence_counts(o->order);
	return o->kind == XP_STORE ? !model->stores_count : !model->others_count;
}

bool xp_rung_unseen(const struct xp_ordered *o, enum xp_rung to)
{
	return o->kind == XP_STORE && o->order >= KICK_RELEASE && to == XP_TO_RELAXED && o->after_loads &&
	       !o->after_stores;
}

void xp_weakenings_print(const struct xp_weakenings *set, char *text, size_t size)
{
	size_t at = 0;
	int i;

	text[0] = 0;
	for (i = 0; set && i < set->n && at < size; i++)
		at += snprintf(text + at, size - at, "~%s=%s", set->one[i].site,
			       rung_names[set->one[i].to]);
}

static bool parse_one(const char *text, size_t n, struct xp_weakening *w)
{
	const char *equals = memchr(text, '=', n);
	size_t name = equals ? (size_t)(equals - text) : 0;
	int rung;

	if (!name || name >= XP_SITE_NAME)
		return false;
	snprintf(w->site, sizeof(w->site), "%.*s", (int)name, text);
	for (rung = XP_TO_SEQ_CST; rung < XP_RUNGS; rung++)
		if (strlen(rung_names[rung]) == n - name - 1 &&
		    !memcmp(rung_names[rung], equals + 1, n - name - 1)) {
			w->to = rung;
			return true;
		}
	return false;
}

bool xp_weakenings_parse(const char *text, struct xp_weakenings *set)
{
	set->n = 0;
	for (;;) {
		size_t n = strcspn(text, "~");

		if (set->n == XP_WEAKENINGS || !parse_one(text, n, &set->one[set->n]))
			return false;
		set->n++;
		if (!text[n])
			return true;
		text += n + 1;
	}
}
