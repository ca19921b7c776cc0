/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The searches: in which order executions are tried, and when none is left. */
#ifndef EXPLORE_SEARCH_H
#define EXPLORE_SEARCH_H

#include "explore/engine/engine.h"

/* dpor.c, stateful.c, reduced.c, count.c, sample.c, estimate.c */
extern bool xp_only_forgetting; /* of xp_reduced: it gives up, spent, where it can forget nothing */
extern const struct xp_search xp_dpor, xp_stateful, xp_reduced, xp_bounded, xp_count, xp_walk, xp_pct,
	xp_estimate;

/* backtrack.c */
int xp_first(uint32_t todo); /* goes on with the fiber that runs where it can */
double xp_share_done(void); /* of the prover's tree, from 0 to 1: an estimate */
bool xp_another(struct xp_level *l); /* turns a level to what is left to do there; false: nothing */

/* How large the prover's tree is, by probes of it: estimate.c. */
struct xp_estimated {
	int walks;	 /* 0: none was asked for */
	double ends;	 /* executions */
	double error;	 /* so much more or less, with 95 % */
};

/* Of the search xp_estimate. */
void xp_estimate_result(struct xp_estimated *to);

/* Exact numbers of interleavings: count.c. */
typedef unsigned __int128 xp_u128;

enum { XP_ODDS = 16, XP_U128_TEXT = 40 };

/* Of one violation, or of any of them. */
struct xp_odds {
	unsigned int violation; /* KICK_V_*, 0: any */
	xp_u128 n;		/* interleavings */
	double p;		/* if each step is chosen uniformly among the enabled */
};

struct xp_counts {
	xp_u128 executions;
	struct xp_odds odds[XP_ODDS]; /* any, then each that was found */
	int n;			      /* 0: nothing was counted */
};

/* Of the search xp_count, once it has gone to its end. */
void xp_count_result(struct xp_counts *counts);

/* In decimal. */
void xp_u128_text(xp_u128 n, char text[XP_U128_TEXT]);

#endif
