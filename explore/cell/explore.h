/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Explore: systematic exploration of the backends' own text, one cell (backend, scenario, memory
 * model) at a time.  Single-threaded, deterministic, without a clock: the caller's tick() may stop it.
 */
#ifndef EXPLORE_EXPLORE_H
#define EXPLORE_EXPLORE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "explore/engine/refusal.h"
#include "explore/model/models.h"
#include "explore/search/search.h"
#include "explore/world/scenario.h"
#include "kick_properties.h"

struct lanes;
struct xp_cell;
struct xp_weakenings;

enum xp_status {
	XP_EXHAUSTIVE, /* every execution up to equivalence */
	XP_BOUND,      /* every execution up to a number of preemptions */
	XP_BUDGET,     /* stopped: time, memory, executions */
	XP_SAMPLED,    /* random executions */
	XP_NA,	       /* this backend has no such cell: see reason */
	XP_FAILED,     /* the engine refuses: see reason */
};

/* XP_AUTO: XP_PROVE, and XP_STATEFUL where that is not through in its share. */
enum xp_strategy { XP_PROVE, XP_STATEFUL, XP_COUNT, XP_WALK, XP_PCT, XP_AUTO, XP_ESTIMATE };

/*
 * A search of the prover in parts, which workers and machines may share.  The same cell has the same parts
 * everywhere; all of them together are the whole search.
 */
struct xp_parts {
	uint64_t n; /* from xp_cell_split() */
	int depth;  /* steps of the prefix that each of them begins with */
	/* Is it to be explored?  Asked for each of them, in order. */
	bool (*mine)(void *arg, uint64_t part);
	/* What it came to; whole: the search was not stopped in it. */
	void (*done)(void *arg, uint64_t part, const struct xp_cell *result, bool whole);
	void *arg;
};

struct xp_options {
	enum xp_strategy strategy;
	int bound;	     /* preemptions, -1: none */
	int pct_depth;
	uint64_t seed;
	uint64_t samples;    /* executions of XP_WALK, XP_PCT, XP_ESTIMATE */
	uint64_t executions; /* most of them, 0: any */
	size_t memory;	     /* bytes for sets of states, 0: any */
	bool no_example;     /* only the verdict is wanted */
	bool brief;	     /* the time is for the example, too: no longer is a smaller one looked for */
	unsigned int enough; /* stop as soon as all of these KICK_V_* were found; 0: never */
	unsigned int any;    /* ... one of these */
	unsigned int show;   /* the example shows the worst of these; 0: of all */
	const struct xp_parts *parts; /* of XP_PROVE, without a bound; NULL: all of it */
	bool (*tick)(void *arg, uint64_t executions); /* now and then; false: stop */
	/* Of XP_AUTO, now and then: has the prover had its share?  NULL: it has all. */
	bool (*late)(void *arg, uint64_t executions);
	void *arg;
};

enum { XP_SCHEDULE = 4096, XP_NAME = XP_SCHEDULE + 1024, XP_VIOLATION_BITS = 16 };

/* One execution that violates something, as a schedule that can be replayed. */
struct xp_example {
	struct xp_scenario scenario; /* the cell's, or a smaller one */
	unsigned int found;
	int preemptions;
	int steps;
	uint64_t op_hash;
	char schedule[XP_SCHEDULE];
};

struct xp_cell {
	const struct xp_backend *backend;
	struct xp_scenario scenario;
	const char *model;
	const struct xp_weakenings *weak; /* NULL: the text as it is */
	struct xp_assumed assumed; /* under lkmm and armv8: no execution counts that cannot be with these */
	bool all_orders; /* turns of waits, and states by all that came before */
	/* results */
	enum xp_status status;
	unsigned int found; /* KICK_V_* */
	int bound;	    /* of XP_BOUND: reached */
	uint64_t executions, pruned, too_long, states, steps;
	uint64_t hits, hits_of[XP_VIOLATION_BITS]; /* executions that violate anything; by KICK_V_* */
	struct xp_counts counts; /* with XP_COUNT, if it came to its end */
	struct xp_estimated estimated; /* with XP_ESTIMATE */
	uint64_t final_states; /* with XP_STATEFUL, or when asked for */
	bool weaker; /* it holds even if seq_cst is taken for acq_rel, and this was walked */
	unsigned int tried; /* 1 << XP_PROVE, 1 << XP_STATEFUL: the last of them decided */
	unsigned int max_stale, max_dropped;
	enum xp_refused failure; /* of XP_FAILED: of what sort */
	char reason[256];
	unsigned int rests; /* of what was found: not where dependencies order */
	struct xp_assumed rests_on; /* on which the worst of it does: it cannot be with all of them */
	bool rests_on_more;	    /* ... and on others, or that was not asked to its end */
	unsigned int unasked;	    /* of what was found: whether it rests on any was not asked */
	bool has_example;
	struct xp_example example;
};

/* Can it not be explored at all?  Then the cell says why, and none of its backend's text was run. */
bool xp_cell_refused(struct xp_cell *cell, const struct xp_options *options);

/* 0, or -EINVAL for an unknown model.  The result is in the cell, whatever it is. */
int xp_cell_run(struct xp_cell *cell, const struct xp_options *options);

/* "HOLDS (exhaustive: tso, 6016 executions)", "LOST, POISONED (...)": never blurs. */
void xp_verdict(const struct xp_cell *cell, char *line, size_t size);
/* Has the stateful walk decided it? */
bool xp_by_states(const struct xp_cell *cell);
/* "LOAD -> STORE (FILE:LINE, FILE:LINE), ..." */
void xp_assumed_text(const struct xp_assumed *assumed, char *text, size_t size);
/* "lost,poisoned", "none" */
void xp_violations(unsigned int found, char *text, size_t size);
/* The worst of them alone, 0 of 0. */
unsigned int xp_worst(unsigned int found);

/* Does a declaration speak of what there is not?  Such a one would be kept by anything. */
bool xp_misdeclared(const struct xp_backend *backend, char *why, size_t size);
/* What the backend declares for this cell. */
unsigned int xp_declared(const struct xp_backend *backend, const char *preset, unsigned int model_bit);

/* How many parts a cell has; false: it cannot run, see its status. */
bool xp_cell_split(struct xp_cell *cell, const struct xp_options *options, struct xp_parts *parts);
/* Adds the results of one part. */
void xp_cell_add(struct xp_cell *cell, const struct xp_cell *part);
/* Of a cell whose parts were added, and whose status is set: its counter-example. */
void xp_cell_finish(struct xp_cell *cell, const struct xp_options *options);

/* What names a cell: "backend/preset/model/form/2x1m1p2e1s". */
void xp_cell_name(const struct xp_cell *cell, char *text, size_t size);
/* The way back; "/all-orders" may follow.  NULL, or what is wrong. */
const char *xp_cell_named(const char *name, struct xp_cell *cell);

/*
 * A counter-example's name: "backend/preset/model/form/2x1v1m1p2e1so/hash/v3.a2.v'2.?1", where what is
 * weakened follows the backend: "~kvm.h:128:smp_mb=dropped".  Running it again verifies the hash of all
 * its operations: -EINVAL (not such a string), -ESTALE (it went differently).
 */
void xp_example_name(const struct xp_cell *cell, char *text, size_t size);
int xp_example_replay(const char *text, struct xp_cell *cell, char *err, size_t err_size);
/* What became of a counter-example when the text has changed. */
enum xp_again {
	XP_STILL,   /* the same schedule violates the same */
	XP_NEAR,    /* a schedule that follows it as far as it fits, or another of its cell, does */
	XP_GONE,    /* the same schedule to its end, or every one of its cell, and nothing is violated */
	XP_NO_MORE, /* the text has no such schedule, and its cell is too large to look at here */
	XP_UNFIT,   /* no such cell, or not such a name */
	XP_N_AGAIN
};
/* Runs its schedule with this backend, whatever it is called in the text; `came` says what came of it. */
enum xp_again xp_example_again(const struct xp_backend *backend, const char *text, struct xp_cell *cell,
			       char *came, size_t size);
/* Only reads it: the cell that it names.  -EINVAL. */
int xp_example_cell(const char *text, struct xp_cell *cell, char *err, size_t err_size);

/*
 * The execution that was replayed last, the cell's example, without the steps that tell a reader nothing, or
 * with all of them.  To be given to lanes_fini(); -ENOMEM: it is empty.
 */
int xp_lanes(const struct xp_cell *cell, bool all, struct lanes *lanes);
/* "mode" out of "WRITE_ONCE(vcpu->mode, 1)". */
void xp_lane_word(const char *say, char *name, size_t size);

#endif
