/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The engine of a child process, as its parent sees it: how far it is, whether it gets on, and, if it does
 * not come back, where it was.  The child's state lies in memory that both see, at the address of its own.
 */
#ifndef EXPLORE_WITNESS_H
#define EXPLORE_WITNESS_H

#include "apart/apart.h"
#include "explore/cell/budget.h"
#include "explore/cell/explore.h"

struct xp_witness;

struct xp_witness *xp_witness_new(void); /* NULL: there is none; all below takes that, and knows less */
void xp_witness_free(struct xp_witness *witness);

/* In the child, at first. */
void xp_witness_enter(struct xp_witness *witness);
/* In the child: for xp_witness_look(). */
void xp_witness_news(struct xp_witness *witness, const struct xp_news *news);

/* In the parent: for struct apart.  News that there are go to the watcher, which may be NULL. */
uint64_t xp_witness_look(struct xp_witness *witness, double *patience, const struct xp_watcher *watcher);

/* In the parent, of a child that did not come back: FAILED and why; undecided, if it was told to end. */
void xp_witness_testify(struct xp_witness *witness, struct xp_cell *cell, const struct apart_end *end);

/* What a child says of a cell, made safe to look at; all that was asked stays as the parent knows it. */
void xp_cell_check(struct xp_cell *said, const struct xp_cell *asked);

#endif
