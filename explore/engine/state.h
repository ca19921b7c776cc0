/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The state of explore, in static memory: a program, its fibers, the execution so far, and the counters.
 *
 * An *agent* is whatever can take a step: a fiber, or a lane of buffered stores.  A *level* is one
 * step of the current execution and what the search knows about it; an *event* is what that step did,
 * for those searches that look at dependences.
 */
#ifndef EXPLORE_STATE_H
#define EXPLORE_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "explore/engine/fiber.h"
#include "explore/engine/op.h"
#include "explore/engine/refusal.h"
#include "explore/engine/set.h"

enum {
	XP_FIBERS = 8,
	XP_AGENTS = 32,
	XP_CLOCK_PART = 8, /* agents whose clocks are handled at once */
	XP_LEVELS = 512,
	XP_PCPUS = 16,
	XP_VCPUS = 4,
	XP_ARENA = 4096,
	XP_SLOT_PCPU = XP_ARENA / 4,
	XP_SLOT_RECORD = XP_SLOT_PCPU + XP_PCPUS,
	XP_SLOTS = XP_SLOT_RECORD + XP_VCPUS,
	XP_LANE = 24,
	XP_STORES = 256, /* of one fiber in one execution */
	XP_HOLDS = 8, /* locks, of one fiber at once */
	XP_STACK = 64 * 1024,
	XP_BOOKS = 2,
	XP_TRACE = 2048,
	XP_NOBODY = 255, /* before the first step */
#if defined(__x86_64__)
	XP_PAGE = 4096,
#else
	XP_PAGE = 65536, /* the largest */
#endif
};

/* How an operation touches its slot, as far as order with others matters. */
enum xp_access {
	XP_READ, XP_WRITE, XP_ORS, XP_ANDS, XP_ADDS, XP_LOCKS, XP_UNLOCKS, XP_MODIFIES, XP_ACCESSES
};

/* A program: what the engine runs.  All its state lies in the arena. */
struct xp_program {
	const char *name;
	void *arena;
	size_t size;
	size_t plain; /* in the first so many bytes plain accesses are looked at: shared.c */
	struct {
		const void *at;
		size_t size;
	} books[XP_BOOKS]; /* outside of the arena, and written all the same */
	size_t own_at, own_size; /* of the arena: what fiber 0 keeps for itself; the others' lie behind it */
	int n_vcpus; /* the first fibers */
	int n_fibers;
	int n_pcpus;
	int cpu[XP_FIBERS]; /* where each fiber starts */
	int turns; /* of a wait that reads again: so many more are explored, though they do nothing */
	bool records;	 /* somebody looks at the machine's record of stints */
	bool count_ipis; /* the number of stale IPIs is part of the state */
	bool by_stack;	 /* what a fiber keeps outside of the arena lies on its stack */
	bool kicks_by_stack; /* what a kicker keeps in a kick lies there, or in the first of the books */
	bool hosts_take; /* hosts take IPIs (full form); else they stay pending (core form) */
	void (*setup)(void);	   /* before every exploration, without operations */
	void (*run)(int self);	   /* a fiber */
	unsigned int (*judge)(void); /* KICK_V_* of a finished execution */
};

struct xp_hash {
	uint64_t a, b;
};

/*
 * One memory model.  Orders and fences come as the source has them: the model says what they do.  It does
 * every operation, announces it itself, and tells the fiber what it may know.  What may be NULL is nothing
 * to this model.
 */
struct xp_model {
	const char *name;
	unsigned int bit; /* KICK_M_* */
	bool buffered;	  /* stores pass through lanes */
	bool lane_per_word;
	bool graph; /* executions are graphs: see graph.h */
	/* Which orders make a difference here: see xp_rung_idle(). */
	bool (*fence_counts)(enum kick_fence fence); /* NULL: none */
	bool stores_count, others_count;

	void (*begin)(void);	   /* NULL: a search begins */
	void (*rewind)(int level); /* NULL: an execution begins, which is the last one up to this level */
	void (*resume)(int level); /* NULL: after that, it goes on with this level: checkpoint.h */
	uint64_t (*load)(struct xp_op *op);
	void (*store)(struct xp_op *op); /* XP_STORE, XP_UNLOCK */
	uint64_t (*rmw)(struct xp_op *op);
	void (*fence)(struct xp_op *op); /* NULL: does nothing */
	void (*machine)(const struct xp_op *op, bool changes); /* NULL: of pCPUs and locks, announced */
	void (*sleep)(struct xp_op *op); /* NULL: a sleeper has woken up */
	uint32_t (*lanes)(void);   /* of buffered: those that have a store which may reach memory */
	void (*drain)(int agent);  /* of buffered: it does */
	void (*hash)(struct xp_hash *hash); /* NULL: its part of the state */
	void (*hash_future)(struct xp_hash *hash); /* NULL: the same */
	bool (*remembers)(void); /* NULL: never; something matters that hash_future() leaves out */
	int (*stores)(int16_t slot); /* of graph: how many there are */
	/* Of graph: has this fiber an outcome that reads one of the stores from this number on? */
	bool (*fresh)(int fiber, const struct xp_op *op, int from);
	uint32_t (*newer)(int16_t slot, int from); /* those stores; bit 0 is the newest */
	/* Of those in which a load may read what comes later: only the prover tries that. */
	bool ahead;
	int (*prefers)(uint32_t awake); /* who should go on first; -1: anybody */
	/* NULL: no; what else may be chosen there than 0..choices - 1 */
	bool (*more)(int level, uint32_t *choice);
	bool (*is_whole)(void); /* NULL: any is; of one that is over: has all been stored that was read? */
};

struct xp_store {
	struct xp_op op; /* XP_DRAIN, or XP_UNLOCK */
	uint32_t seq;	 /* number of the fiber's store */
	uint32_t after;	 /* the fiber's stores below this number go first */
	int16_t pushed;	 /* the fiber's last event then: 1 + level */
};

/* A FIFO of one fiber's stores: all of them, or those to one word. */
struct xp_lane {
	struct xp_store store[XP_LANE];
	uint8_t head, n;
	uint8_t fiber;
	int16_t slot; /* -1: all */
};

/* The last kick_pause(): where a fiber stood. */
struct xp_lap {
	int16_t depth; /* steps before it; -1: there was none */
	int16_t slot;  /* the one word that was loaded since the one before; -1: another turn than that */
	int16_t alike; /* turns before it that did nothing, and were explored: xp_program.turns */
	uint32_t seq;  /* stores before it */
	uint64_t local; /* hash of its registers and its stack */
	bool loaded;	/* by stack: a word, since then */
};

struct xp_fiber {
	struct xp_context fiber;
	struct xp_op *op; /* announced, not executed */
	uint64_t history; /* hash of all that it has seen */
	uint32_t stage;	  /* see xp_forget() */
	uint32_t told;	  /* how often, in this stage */
	uint64_t local;	  /* where it stands, by its stack; 0: that is not asked, history says it */
	uint64_t stand;	  /* of a kicker by stack: where it stood, and all that it has seen since */
	int again;	  /* ... steps that it takes as in the execution before */
	int cpu;
	bool done;
	bool peeks;	  /* see xp_peek() */
	const void *handler; /* its signal handler runs, below this on its stack; NULL: none does */
	uint32_t zeroed;  /* see xp_zeroed() */
	struct xp_lap lap; /* of a loop: see spin.c */
	const void *zeroed_last;
	int n_loads;	  /* that it has done */
	struct xp_dependencies on; /* see xp_depends() */
	uint32_t seq;	  /* stores so far */
	uint32_t barrier; /* stores below this number go before any later one */
	uint8_t buffered; /* stores in its lanes */
	uint8_t n_holds;
	int16_t holds[XP_HOLDS]; /* locks that it has got; the word of each says whose it is, too */
	/* From here on for the whole exploration: checkpoint.c. */
	uint8_t n_lanes;
	uint8_t lane[XP_AGENTS]; /* agents */
	struct {
		int16_t event; /* 1 + level of the step that drained it */
		uint8_t lane;
	} drained[XP_STORES]; /* by number of the store */
};

struct xp_pcpu {
	uint8_t irq_off;
	uint8_t pending;
	uint8_t calls;
	uint8_t acked;
	bool woken;   /* whoever sleeps there by kick_wait() */
	bool offline; /* as a word of the program says, too */
};

enum xp_effect { XP_ENDS_STINT, XP_PENDING, XP_TWICE, XP_SPURIOUS, XP_STALE, XP_OFFLINE };

/* IPIs by what became of them; not part of the state. */
struct xp_ipis {
	unsigned int sent, useful, stale, spurious, twice, dropped;
};

struct xp_clock {
	int16_t at[XP_AGENTS]; /* 1 + level of the last event known of each agent */
} __attribute__((aligned(64)));

struct xp_event {
	struct xp_clock clock;
	int16_t slot;
	int16_t prev; /* event before it on the slot */
	int16_t before; /* 1 + level of the agent's event before it */
	uint8_t agent;
	uint8_t access;
	uint8_t kind;
};

struct xp_level {
	uint32_t enabled;
	uint32_t todo; /* the backtrack set */
	uint32_t done;
	uint32_t sleep;
	uint32_t dozing;	  /* of those: may still read what is newer */
	uint16_t seen[XP_FIBERS]; /* ... than so many stores */
	uint16_t fresh;		  /* this step reads nothing that is older */
	uint8_t agent;
	uint8_t choices; /* 0: not a choice */
	uint8_t kind;
	uint8_t last;	     /* agent of the step before */
	uint8_t preemptions; /* up to and with this step */
	int16_t slot;
	uint32_t choice;
	const struct xp_site *site;
};

/* What a fiber may still do to a slot; a read barrier acquires from any. */
enum xp_use { XP_TOUCHES, XP_CHANGES, XP_ACQUIRES, XP_USES };
enum { XP_SLOT_ANY = XP_SLOTS };

enum { XP_KNOWN = -1, XP_NOT_MINE = -2 };

/* A search: what to do at a step that no earlier execution has fixed. */
struct xp_search {
	const char *name;
	bool forgets;			    /* see xp_forget() */
	bool hashes;			    /* asks for hashes of states, and so for what fibers were told */
	bool returns; /* pick() leaves in a level's todo whatever there will be: checkpoint.h */
	void (*start)(void);
	int (*pick)(uint32_t enabled); /* an agent, or < 0 to give this execution up: */
	void (*take)(int level, int agent); /* may be NULL: before the step of an agent */
	int (*choose)(int n);		    /* may be NULL: 0 */
	/* may be NULL: what a step of a graph came to, and the level of the store that it read, or -1 */
	void (*resolve)(int level, enum xp_access access, int from);
	/* may be NULL: a step of a graph could have run ahead of what others have stored there before it */
	void (*ahead)(int level);
	void (*end)(void);		    /* may be NULL: nothing is enabled */
	/* May be NULL, for the future's hash: may this fiber still do this to a slot, will it never go on? */
	bool (*may)(enum xp_use use, int fiber, int16_t slot);
	/* the same of several slots, as bits; always of the same ones, but that more may follow */
	uint64_t (*may_of)(enum xp_use use, int fiber, const int16_t *slot, int n);
	bool (*gone)(int fiber);
	void (*touched)(const struct xp_op *op); /* may be NULL: it does, with no step of its own */
	bool (*next)(void);		    /* prepare the next execution, false: finished */
	void (*fini)(void);		    /* may be NULL: give memory back */
};

/* What is recorded of an operation when an execution is replayed for print. */
struct xp_record {
	struct xp_op op;
	uint64_t value;
	int16_t level; /* the step that it belongs to */
	uint8_t agent;
	int8_t cpu;
};

/* XP_SKIPPED: in a part of the search that is somebody else's. */
enum xp_end { XP_RUNNING, XP_ENDED, XP_PRUNED, XP_SKIPPED, XP_TOO_LONG, XP_ERROR };

/* How the prover is split: see parts.c. */
struct xp_split {
	int depth;     /* steps of a prefix, 0: one search */
	bool entering; /* the execution has not come to its part yet */
	bool ours;     /* that part is to be explored */
	uint64_t next; /* number of the next part */
	bool (*mine)(void *arg, uint64_t part);
	void *arg;
};

struct xp_engine {
	const struct xp_program *program;
	const struct xp_model *model;
	const struct xp_search *search;
	struct xp_context main;
	struct xp_fiber fiber[XP_FIBERS];
	struct xp_lane lane[XP_AGENTS]; /* index: agent */
	int n_fibers, n_agents;
	int current;  /* fiber that runs */
	int starting; /* fibers started in this execution */
	bool forgets; /* as the search does, while the model lets it */
	bool stands;  /* ... where kickers stand is told by their stacks: xp_stand_at() */
	bool checked; /* what this execution comes to is hashed */
	bool notes;   /* somebody asks for what fibers were told: xp_note() */
	int last;     /* agent of the last step */
	bool setup;

	struct xp_level level[XP_LEVELS];
	struct xp_event event[XP_LEVELS];
	int16_t last_on_slot[XP_SLOTS];
	int16_t agent_last[XP_AGENTS]; /* 1 + level of its last step in this execution */
	int depth;
	uint64_t attempt; /* number of this execution, of any kind */
	int replay;   /* levels that are fixed */
	bool forced;  /* the agent of level[replay] is fixed too */
	uint32_t sleep; /* for the next level */
	uint16_t seen[XP_FIBERS];
	struct xp_split split;

	struct xp_pcpu pcpu[XP_PCPUS];
	int16_t stint[XP_VCPUS]; /* the machine's record */
	struct xp_ipis ipis;
	unsigned int found; /* in this execution */
	enum xp_end end;

	char start[XP_ARENA];
	/* of the whole exploration */
	bool recording;
	struct xp_record record[XP_TRACE];
	int n_records;
	uint64_t op_hash;
	char error[256];
	uint64_t loaded; /* by the last load */
	uint8_t loaded_size;
	const struct xp_site *loop; /* of an execution that was too long: made again and again */
	bool loop_only_loads; /* of one word, and does nothing else */
	bool spent; /* the error: memory or the like is, and nothing is wrong */
	bool unmodelled; /* the error: a word that this model has no meaning for */
	struct xp_refusal refusal; /* the error, if what is not 0 */
	uint8_t word[XP_SLOTS]; /* bytes of one that operations touch, and nothing else; 0: none is known */
	bool inside, deciding; /* a fiber runs; it does in the scheduler */
	bool keeping; /* ... and gives back the main stack for that: checkpoint.h */
	bool looking; /* the judge reads the program's state */
	uint64_t seed;	     /* of the random searches */
	int pct_depth;
	int bound;	     /* preemptions, of the bounded search */
	size_t memory_limit; /* bytes of a set of states, 0: any */
	struct xp_set *ends; /* collects the hashes of final states, or NULL */

	uint64_t executions, pruned, too_long, steps, states;
	int max_levels;
	unsigned int max_stale, max_dropped;
} __attribute__((aligned(XP_PAGE))); /* on pages of its own: explore/cell/witness.h */
extern struct xp_engine xp;

/* state.c */
/* The first error stays; the execution goes on to its end, and is the last. */
void xp_fail(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void xp_spent(const char *fmt, ...) __attribute__((format(printf, 1, 2))); /* the same: undecided */
void xp_unmodelled(const char *word, const char *why); /* the same: this model has no such cell */
void xp_keep_record(const struct xp_op *op, uint64_t value);
uint64_t xp_stable(uint64_t value); /* pointers into the arena do not depend on where it lies */
void xp_undo(int level); /* forget the events from this level on */

/* arena.c */
uint64_t xp_modified(const struct xp_op *op, uint64_t old); /* what a read-modify-write leaves */
enum xp_access xp_access(const struct xp_op *op);

/* hash.c */
void xp_hash_state(uint64_t hash[2]);
/* The same of two states that may go on alike: what is told to a fiber that has ended is past. */
void xp_hash_future(uint64_t hash[2]);

/* agents.c */
uint32_t xp_enabled(void);
/* Is it a switch away from a fiber that could have gone on?  Its lanes are part of it. */
bool xp_preempts(uint32_t enabled, int last, int agent);

static inline struct xp_op *xp_pending(int agent)
{
	if (agent < xp.n_fibers)
		return xp.fiber[agent].op;
	return &xp.lane[agent].store[xp.lane[agent].head].op;
}

static inline int xp_owner(int agent)
{
	return agent < xp.n_fibers ? agent : xp.lane[agent].fiber;
}

static inline uint64_t xp_mix(uint64_t h, uint64_t v)
{
	h = (h ^ v) * 0x9e3779b97f4a7c15u;
	return h ^ h >> 29;
}

static inline bool xp_by_stack(void)
{
	return xp.forgets && xp.program->by_stack;
}

/* The fiber that runs has been told this.  The prover never asks, and has most of the steps. */
static inline void xp_note(uint64_t value)
{
	struct xp_fiber *f = &xp.fiber[xp.current];

	if (!xp.notes)
		return;
	f->history = xp_mix(f->history, value + 1);
	f->stand = xp_mix(f->stand, value + 1);
	f->told++;
}

/*
 * How far a fiber is, which the state says, too: more than ever before, whatever it does.  A vCPU's
 * thread goes round within a stage.
 */
static inline uint32_t xp_phase(int fiber)
{
	const struct xp_fiber *f = &xp.fiber[fiber];

	if (xp_by_stack()) /* it may be where it was before */
		return 0;
	if (xp.program->count_ipis) /* whoever is judged as soon as a kick returns looks at all there is */
		return 0;
	return f->stage << 16 | (fiber < xp.program->n_vcpus ? 0 : f->told);
}

/* Under a replay for print: this has happened. */
static inline void xp_trace(const struct xp_op *op, uint64_t value)
{
	if (xp.recording)
		xp_keep_record(op, value);
}

static inline int16_t xp_slot(const void *p, unsigned int size)
{
	size_t offset = (const char *)p - (const char *)xp.program->arena;

	if (offset >= xp.program->size) {
		xp_fail("a word outside of the backend's own state is shared");
		return 0;
	}
	if (__builtin_expect(xp.word[offset / 4] != size, false))
		xp_shared_word(offset / 4, size);
	return offset / 4;
}

static inline uint64_t xp_read(const void *p, unsigned int size)
{
	if (size == 4)
		return *(const uint32_t *)p;
	return *(const uint64_t *)p;
}

/* Has the word of a wait changed, as its fiber could see? */
static inline bool xp_word_is_fresh(int fiber, const struct xp_op *op)
{
	struct xp_op on_word = *op;

	if (!xp.model->graph)
		return xp_read(op->p, op->size) != op->a;
	on_word.kind = XP_AWAIT;
	on_word.slot = xp_slot(op->p, op->size); /* a nap's is its thread's */
	return xp.model->fresh(fiber, &on_word, 0);
}

static inline void xp_write(void *p, unsigned int size, uint64_t v)
{
	if (size == 4)
		*(uint32_t *)p = v;
	else
		*(uint64_t *)p = v;
}

static inline void xp_hash_mix(struct xp_hash *h, uint64_t v)
{
	h->a = xp_mix(h->a, v);
	h->b = (h->b ^ v) * 0xff51afd7ed558ccdu;
	h->b ^= h->b >> 32;
}

#endif
