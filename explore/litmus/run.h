/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A litmus test under a memory model: every execution, and the states that they end in. */
#ifndef EXPLORE_LITMUS_RUN_H
#define EXPLORE_LITMUS_RUN_H

#include "explore/cell/budget.h"
#include "explore/litmus/test.h"

struct xp_model;

/* A final state: what the test's places hold, and in how many executions. */
struct lt_state {
	int64_t value[LT_SHOWN];
	uint64_t n;
	bool positive; /* the condition's proposition is true of it */
};

struct lt_outcome {
	struct lt_state *state; /* sorted */
	size_t n_states, room;
	uint64_t positive, negative; /* executions */
	uint64_t stuck;		     /* some thread waits for a lock for ever: no outcome */
	bool whole;		     /* these are all */
	bool race;		     /* plain accesses race, where the model knows that word */
	char error[256];	     /* or why it could not be run */
};

/* What keeps this model from it, or NULL. */
const char *xp_lt_na(const struct lt_test *test, const struct xp_model *model);
/* Until the budget is spent.  -ENOMEM. */
int xp_lt_run(const struct lt_test *test, const struct xp_model *model, struct xp_budget *budget,
	      struct lt_outcome *outcome);
void xp_lt_outcome_free(struct lt_outcome *outcome);

#endif
