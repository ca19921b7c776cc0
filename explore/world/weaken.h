/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Ordered operations of a backend's text, made weaker one at a time or in sets, while the text stays as
 * it is.  A site is named FILE:LINE:WORD; operations of one word on one line are one site.
 */
#ifndef EXPLORE_WEAKEN_H
#define EXPLORE_WEAKEN_H

#include <stdbool.h>
#include <stddef.h>

#include "explore/world/ops_explore.h"

enum xp_rung {
	XP_AS_WRITTEN,
	XP_TO_SEQ_CST,
	XP_TO_ACQ_REL,
	XP_TO_RELEASE,
	XP_TO_ACQUIRE,
	XP_TO_RELAXED,
	XP_TO_RMB,
	XP_TO_WMB,
	XP_DROPPED, /* no fence */
	XP_OWN,	    /* a load returns what its thread stored last: the text without looking again */
	XP_RUNGS
};

enum { XP_SITE_NAME = 96, XP_WEAKENINGS = 48 };

struct xp_weakening {
	char site[XP_SITE_NAME];
	enum xp_rung to;
};

struct xp_weakenings {
	int n;
	struct xp_weakening one[XP_WEAKENINGS];
};

/* From now on, until the next call; NULL: everything as written. */
void xp_weaken(const struct xp_weakenings *set);

/* Of a set that was in force: the first that met no site of that name and order, or NULL. */
const struct xp_weakening *xp_weaken_missed(const struct xp_weakenings *set, const char *backend);

/* Between these, every site that is met is remembered. */
void xp_watch_begin(void);
void xp_watch_end(void);

/* The sites that a child process has met, for its parent: each as the child knows it. */
struct xp_met {
	struct xp_ordered *site;
	enum xp_kind kind;
	int order;
	bool reached, after_loads, after_stores, rereads;
};
size_t xp_met_save(struct xp_met *met, size_t most, const char *backend); /* how many */
void xp_met_load(const struct xp_met *met, size_t n, const char *backend);

/* The sites that were ever met, newest first. */
const struct xp_ordered *xp_ordered_first(void);
/* The one at this place, or NULL: its order cannot be weakened. */
const struct xp_ordered *xp_ordered_at(const struct xp_site *site);
void xp_ordered_name(const struct xp_ordered *o, char name[XP_SITE_NAME]);
const char *xp_ordered_order(const struct xp_ordered *o);

/* Bit mask of the rungs below the order that is written, by enum xp_rung. */
unsigned int xp_ladder(const struct xp_ordered *o);
/* Does this model (KICK_M_...) give both the same meaning?  See docs/memory-models.md. */
bool xp_rung_idle(const struct xp_ordered *o, enum xp_rung to, unsigned int model_bit);
/*
 * Is all that is lost by it an order of loads before a store?  Of a model in which no load passes a later
 * store of its thread (all but lkmm and armv8), none can say whether that order is needed.  So it is of a
 * release store before which its thread, since its last full barrier (or smp_wmb(), for stores), has only
 * loaded, wherever it was met while sites were watched.
 */
bool xp_rung_unseen(const struct xp_ordered *o, enum xp_rung to);
const char *xp_rung_name(enum xp_rung rung);

/* "~kvm.h:128:smp_mb=dropped~...": nothing for NULL or an empty set. */
void xp_weakenings_print(const struct xp_weakenings *set, char *text, size_t size);
/* The same without the first "~"; false: that is no such text. */
bool xp_weakenings_parse(const char *text, struct xp_weakenings *set);

#endif
