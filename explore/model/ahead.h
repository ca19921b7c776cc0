/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Execution graphs for models in which a load may read what comes later: lkmm and armv8.  An event is a read
 * or a write (a read-modify-write is two) or a fence; a part of the machine is a place of its own.  A graph
 * grows by one operation at a time, and a write that is not there yet may be read as a *ghost*: it stands in
 * its word's chain with its value, and some fiber must make that store later.
 */
#ifndef EXPLORE_AHEAD_H
#define EXPLORE_AHEAD_H

#include "explore/engine/engine.h"

enum {
	XP_EVENTS = 256,
	XP_EVENT_WORDS = XP_EVENTS / 64,
	XP_WORDS = 64, /* places */
	XP_GHOST = 255, /* the fiber of a ghost */
};

struct xp_bits {
	uint64_t w[XP_EVENT_WORDS];
};

/* Events, and the stores of others that the reads among them read from. */
struct xp_heard {
	struct xp_bits all, from;
};

enum { XP_EV_READ = 1, XP_EV_WRITE = 2 };

/* What a fiber has behind it, as far as it orders what comes next. */
struct xp_past {
	struct xp_heard all;	/* its reads and writes */
	struct xp_heard strong; /* those before a full barrier that has passed */
	struct xp_heard before; /* ... before its last smp_mb__before_atomic() */
	struct xp_heard rmw;	/* ... up to its last read-modify-write */
	struct xp_heard handed; /* ... before an unlock behind which it has locked */
	struct xp_heard unlock; /* ... before its last unlock */
	struct xp_bits reads, acquired, releases; /* its reads, acquire reads, release stores */
	struct xp_bits rmb_now, rmb; /* reads that smp_rmb() orders; those before the last one */
	struct xp_bits wmb_now, wmb; /* the same of writes */
	struct xp_bits pointed;	     /* reads of what an address was made of */
	struct xp_bits own;	     /* its reads and writes, plain ones too */
	struct xp_bits addressed;    /* ... of any */
	/* What addresses of plain writes were made of, and of those before the last smp_wmb(). */
	struct xp_bits plain_at_now, plain_at;
};

struct xp_ev {
	struct xp_past past; /* itself included */
	struct xp_bits order; /* of this fiber: those that come before it (ppo, bob) */
	struct xp_bits fenced; /* ... by fences, acquires and releases alone */
	struct xp_bits address, data, control; /* loads that it depends on */
	struct xp_bits strong; /* ... with a full barrier between */
	struct xp_bits cumul;  /* closed: whose propagation comes before its own */
	struct xp_bits readers; /* of a write */
	struct xp_bits taught;	/* of a read of the machine: the writes it reads */
	uint64_t put;		/* value */
	uint64_t name;		/* does not depend on the order of execution */
	int16_t level;		/* the last one of its step */
	int16_t place;		/* -1: a fence */
	int16_t from;		/* the write that is read, -1 */
	int16_t before;		/* its fiber's event before it, -1 */
	int16_t partner;	/* of the write of a read-modify-write: its read; -1 */
	int16_t fulfils;	/* the ghost in whose place it stands, -1 */
	int16_t number;		/* of a write: so many were made there before it */
	int16_t index;		/* in its fiber */
	int16_t newer;		/* writes after the one that is read or made */
	int16_t span;		/* events of its operation from it on */
	int16_t choices;
	uint8_t fiber, kind, what; /* what: XP_EV_* */
	const struct xp_site *site; /* of an operation on a word */
	int16_t load;		   /* of a read: its number in its fiber, -1 */
	uint8_t fence;		   /* of a fence: enum kick_fence */
	bool atomic; /* of an atomic operation, also of a cmpxchg that fails */
	bool acquires, releases, rmw, silent, plain, changes, points;
	bool full_before, full_after; /* a full barrier on this side */
};

/* A word, or a part of the machine; its writes as they are ordered, the first is what it starts with. */
struct xp_chain {
	int16_t slot;
	int16_t n;
	int16_t made; /* stores that were ever put there: a ghost, and what takes its place, are two */
	bool machine;
	int16_t at[XP_EVENTS];
};

struct xp_axioms;

struct xp_ahead {
	const struct xp_axioms *axioms;
	struct xp_ev ev[XP_EVENTS + XP_WORDS]; /* at the end: what places start with */
	int n;
	int again; /* events that were executed again */
	int words; /* of a set, that are in use */
	int n_ghosts; /* that nobody has fulfilled */
	int16_t last[XP_FIBERS];
	struct xp_bits of[XP_FIBERS]; /* the events of each */
	struct xp_chain place[XP_WORDS];
	int n_places;
	int16_t place_of[XP_SLOTS];
	struct xp_bits plain;
	bool dependencies; /* every load comes before the later stores of its fiber */
};
extern struct xp_ahead xp_ahead;

/* What a model makes of a graph. */
struct xp_axioms {
	/* The rows of an event, from the fiber's past. */
	void (*derive)(struct xp_ev *e);
	/* Does a way lead from this event back to it? */
	bool (*circle)(int e);
	bool knows_seq_cst;
	bool plain_is_free; /* not even a barrier orders a plain load before what is behind it */
};

static inline void xp_bits_join(struct xp_bits *to, const struct xp_bits *from)
{
	for (int i = 0; i < XP_EVENT_WORDS; i++)
		to->w[i] |= from->w[i];
}

/* What a word starts with is in no set: it comes before everything. */
static inline void xp_bits_add(struct xp_bits *set, int e)
{
	if (e >= 0 && e < XP_EVENTS)
		set->w[e / 64] |= 1ull << (e % 64);
}

static inline void xp_bits_remove(struct xp_bits *set, int e)
{
	set->w[e / 64] &= ~(1ull << (e % 64));
}

static inline bool xp_bits_has(const struct xp_bits *set, int e)
{
	return e >= 0 && e < XP_EVENTS && set->w[e / 64] >> (e % 64) & 1;
}

static inline void xp_heard_join(struct xp_heard *to, const struct xp_heard *from)
{
	xp_bits_join(&to->all, &from->all);
	xp_bits_join(&to->from, &from->from);
}

#define xp_bits_for_each(set, e)                                                                   \
	for (int e##_w = 0, e; e##_w < xp_ahead.words; e##_w++)                                     \
		for (uint64_t e##_left = (set)->w[e##_w];                                          \
		     e##_left && (e = 64 * e##_w + __builtin_ctzll(e##_left), true);               \
		     e##_left &= e##_left - 1)

/* ahead_graph.c */
void xp_ahead_begin(const struct xp_axioms *axioms);
void xp_ahead_rewind(int level);
struct xp_ev *xp_ahead_again(void);
struct xp_ev *xp_ahead_grow(enum xp_kind kind, int fiber);
void xp_ahead_pop(void);
struct xp_chain *xp_ahead_place(int16_t slot, unsigned int size);
void xp_ahead_insert(struct xp_ev *e, int at);
void xp_ahead_fulfil(struct xp_ev *e, int at); /* takes the place of the ghost there */
void xp_ahead_read(struct xp_ev *e, int from);
void xp_ahead_derive_all(void);
void xp_ahead_sources(const struct xp_ev *e, struct xp_bits *to); /* of other fibers */
int xp_ahead_position(const struct xp_chain *place, int write);
int xp_ahead_stores(int16_t slot);
void xp_ahead_hash(struct xp_hash *h);
/* What an event of this fiber that stands here overwrites or has been read before: of other fibers. */
void xp_ahead_overwritten(int write, struct xp_bits *to);

/* ahead.c: the operations, for the models' tables */
uint64_t xp_ahead_load(struct xp_op *op); /* and read-modify-writes */
void xp_ahead_store(struct xp_op *op);
void xp_ahead_fence(struct xp_op *op);
void xp_ahead_sleep(struct xp_op *op);
bool xp_ahead_fresh(int fiber, const struct xp_op *op, int from);
int xp_ahead_prefers(uint32_t awake);
bool xp_ahead_more(int level, uint32_t *choice);
bool xp_ahead_unfinished(void);

/* ahead_lore.c: what has been seen to be stored, and after what */
void xp_lore_learn(const struct xp_ev *e); /* of an event that has just been made */
int xp_lore_code(uint64_t value); /* a value as a number, the same in every process but for odd ones */
uint64_t xp_lore_value(unsigned int code);
int xp_lore_guess(int16_t slot, int i); /* the code of the i-th value that is known there; -1: no more */
/* May so many more ghosts of this value be stored, the last one by a fiber that is none of these (bits)? */
bool xp_lore_may_come(const struct xp_chain *place, uint64_t put, unsigned int but, int more);
bool xp_lore_stores(const struct xp_chain *place, uint64_t put, int fiber); /* has it ever? */
/* Could this load ever run ahead there? */
bool xp_lore_viable(const struct xp_site *site, int16_t slot, int fiber);
bool xp_lore_others_store(const struct xp_chain *place, int fiber); /* still */
/* Could a store to the ghost's word come behind this store? */
bool xp_lore_leads(const struct xp_ev *e, const struct xp_ev *ghost);

/* ahead_machine.c */
void xp_ahead_machine(const struct xp_op *op, bool changes);

static inline bool xp_ahead_is_full(void)
{
	return xp_ahead.n > XP_EVENTS - 6;
}

#endif
