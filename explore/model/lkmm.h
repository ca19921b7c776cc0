/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The axioms of lkmm.c, and what it tells lkmm_races.c of a graph. */
#ifndef EXPLORE_LKMM_H
#define EXPLORE_LKMM_H

#include "explore/model/ahead.h"

extern const struct xp_axioms xp_lkmm_axioms;

/* Whatever comes before a marked event by (hb | pb)*, itself included. */
void xp_lkmm_executes_before(int e, struct xp_bits *to);
/* Whatever comes before it by cumul-fence* ; rfe?, itself included. */
const struct xp_bits *xp_lkmm_fenced_to(int e);

#endif
