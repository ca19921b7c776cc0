/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What was found of a cell, on its way to whoever asked. */
#ifndef EXPLORE_ROW_H
#define EXPLORE_ROW_H

#include "explore/cell/ask.h"

struct xp_errand;

/* A finished cell with what it does not know itself. */
struct xp_finding {
	const struct xp_cell *cell;
	const struct xp_errand *errand; /* that it came back from: it has the lanes */
	double seconds;
	bool expected; /* is the declaration judged?  Else the property. */
	unsigned int declared;	   /* KICK_V_* */
	const struct xp_cell *pct; /* sampled beside an exact count, or NULL */
	bool cached;		   /* known from an earlier run */
};

/* Its rows and lanes. */
int xp_hand_out(const struct xp_finding *finding, const struct xp_ask *ask, struct sink *sink);

const char *xp_form_name(const struct xp_scenario *scenario);

#endif
