/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which orders of a backend's text carry weight: each one is weakened, alone, in pairs, and in as large a
 * set as still holds, and every cell is explored again.
 */
#ifndef EXPLORE_BARRIERS_H
#define EXPLORE_BARRIERS_H

#include "explore/cell/budget.h"
#include "explore/cell/explore.h"
#include "explore/world/weaken.h"

struct lanes;

enum xp_round { XP_SINGLE, XP_PAIR, XP_SET };

/*
 * The worst last.  XP_UNSEEN: nothing was found, and in this model that proves nothing: see xp_rung_unseen().
 * Where another model sees it (XP_STILL_HOLDS and worse), that is what counts.
 */
enum xp_came { XP_NOT_REACHED, XP_IDLE, XP_UNSEEN, XP_STILL_HOLDS, XP_UNDECIDED, XP_BREAKS };

/* One weakening, or several at once, in one cell. */
struct xp_trial {
	enum xp_round round;
	const struct xp_weakenings *set;
	const struct xp_ordered *site[XP_WEAKENINGS]; /* of each of them */
	const struct xp_cell *cell; /* its results mean nothing for XP_NOT_REACHED and XP_IDLE */
	const struct lanes *lanes;  /* of its example */
	enum xp_came came;
	unsigned int broke; /* KICK_V_*, beyond what the text itself has */
	unsigned int rests; /* of these, on a dependency: see struct xp_cell */
};

/* The text itself in one preset and model. */
struct xp_base {
	struct xp_scenario scenario;
	const char *model;
	unsigned int model_bit;
	unsigned int found; /* with what is assumed */
	/* Dependencies on which something rests as written: trials take them for granted. */
	struct xp_assumed assumed;
	bool usable;	  /* explored to its end */
	uint64_t reached; /* sites */
	char reason[256];
};

struct xp_barriers {
	/* what is asked */
	const struct xp_backend *backend;
	const struct xp_scenario *scenario;
	size_t n_scenarios;
	const char *const *model;
	size_t n_models;
	struct xp_options options;
	bool pairs;
	struct xp_budget *budget;  /* the options' arg */
	void (*begins)(void *arg); /* may be NULL: a cell is going to be explored */
	/* In a child, may be NULL: a cell's example was recorded; what it makes of it comes back. */
	void (*recorded)(const struct xp_cell *cell, void *more);
	void *more;
	size_t more_size;
	void (*tried)(void *arg, const struct xp_trial *trial);
	bool (*stopped)(void *arg);
	void *arg;
	/* what came of it */
	struct xp_base *base;
	size_t n_bases;
	const struct xp_ordered *site[64]; /* that any cell reaches, by place */
	int n_sites;
	struct xp_weakenings weakest; /* the largest set that was found to hold in all cells together */
	bool proven;
};

/* -ENOMEM, or -E2BIG: more sites than one study takes. */
int xp_barriers_study(struct xp_barriers *b);
void xp_barriers_fini(struct xp_barriers *b);

#endif
