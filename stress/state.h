/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the threads of one phase share with the oracle, and what each keeps for itself.  The main
 * thread fills it while no other runs; after that each word has the writer that is named.
 */
#ifndef STRESS_STATE_H
#define STRESS_STATE_H

#include "machine/clock.h"
#include "machine/relax.h"
#include "results/random.h"
#include "stress/stress.h"

enum { STRESS_RING = 1024, STRESS_NOISE = 8, STRESS_PAGES = 64 };

/* Requests: kicker k makes k % 12, and 12 more when it must not wake; the rest are the vCPU's own. */
enum {
	STRESS_BOOKS = 2, /* requests that may wake, and others */
	STRESS_NRS = 12,
	STRESS_NR_BUG = 27,
	STRESS_NR_SELF,
	STRESS_NR_NEIGHBOUR,
	STRESS_NR_TIMER,
};
#define STRESS_QUIET_NRS (0xffful << STRESS_NRS)

/* Each phase turns these numbers round, so that every number below 32 has its turn. */

enum stress_note {
	STRESS_NOTE_WINDOW, /* arg: which */
	STRESS_NOTE_LINGER, /* a delay there ends; arg: which */
	STRESS_NOTE_OP,	    /* arg: enum stress_op */
	STRESS_NOTE_DONE,   /* arg: outcome */
	STRESS_NOTE_IPI,
	STRESS_NOTE_CALL, /* arg: waits */
	STRESS_NOTE_LOAD,
	STRESS_NOTE_PUT,
	STRESS_NOTE_ENTER,
	STRESS_NOTE_LEAVE, /* arg: by an IPI */
	STRESS_NOTE_SLEEP,
	STRESS_NOTE_AWAKE,
	STRESS_NOTE_WALK,
	STRESS_NOTE_WALKED,
	STRESS_NOTE_SELF,
	STRESS_NOTE_FOUND, /* arg: kind */
};

enum { STRESS_LOCKS = 8 }; /* that a thread holds at once */

struct stress_moment {
	uint64_t tick;
	uint32_t stint;
	int16_t vcpu, cpu; /* -1: none */
	uint8_t note, arg;
};

struct stress_thread {
	/* Filled by phase.c. */
	int number; /* as a kicker: carriers are some, too */
	bool is_carrier;
	int pu, first_cpu, n_cpus; /* a kicker runs on first_cpu */
	int first_vcpu, n_vcpus;
	struct stress_thread *peer; /* carriers: hands vCPUs over to it, NULL none */
	uint64_t seed;
	uint32_t windows;		       /* that are on for this thread */
	uint64_t delay, think, event_interval; /* ticks */
	bool sleepy; /* this phase is about going to sleep */
	bool natural, oracle, late_ipis, shares_pu;
	int os_thread; /* written once by the thread */
	/* Kickers write, carriers read: the newest request to each vCPU, announced and made. */
	uint64_t announced[STRESS_BOOKS][STRESS_MAX_VCPUS] MACHINE_ALIGNED;
	uint64_t made[STRESS_BOOKS][STRESS_MAX_VCPUS];
	int aim; /* the vCPU that is being kicked, -1 none */
	/* A carrier's mail, as struct carrier's. */
	uint32_t inbox MACHINE_ALIGNED;
	/* The thread's own. */
	uint64_t n[STRESS_N_COUNTS] MACHINE_ALIGNED;
	uint64_t found[STRESS_N_KINDS], first_tick[STRESS_N_KINDS];
	uint64_t sent, cpu_ns; /* IPIs, and time on a CPU: filled at its end */
	const uint32_t *kickers_left;
	uint64_t tries;	  /* IPIs and calls that the backend asked for */
	uint64_t posts;	  /* its kick_post()s, of a VMM */
	uint64_t zeroed;  /* ones that it turned into zeros: who wakes does */
	const void *zeroed_last;
	uint32_t passed;  /* windows of its text */
	int preempts[64]; /* of each of its pCPUs: how often preemption is disabled */
	const void *holds[STRESS_LOCKS], *wants; /* others look: locks.h */
	const void *without; /* a lock that it goes on without */
	uint64_t lock_steps;
	int target;    /* the vCPU of the running kick, -1: several or none */
	bool may_wait; /* ... and whether it may wait */
	uint32_t looks, suspicions;
	bool holding, over;
	bool nap;     /* kickers: rest longer after this kick */
	int sleeping; /* carriers: how deep in sleeping vCPUs */
	uint32_t at;
	struct stress_moment ring[STRESS_RING];
};

/* The oracle's record of a vCPU, beside the machine's. */
struct stress_vcpu {
	/* Kickers write: the stint that a kick found, and the one that an IPI was sent in. */
	uint64_t asked MACHINE_ALIGNED;
	uint64_t sent_stint MACHINE_ALIGNED;
	uint32_t walking MACHINE_ALIGNED; /* the carrier writes, kickers look */
	/* The carrier's own; handed over with the vCPU. */
	uint64_t next_event MACHINE_ALIGNED;
	uint64_t claimed_stint, weak_stint, wake_at;
	uint64_t taken[STRESS_BOOKS][STRESS_MAX_THREADS]; /* announced, when the request was taken */
	uint64_t times[32];				  /* each request was taken */
	uint32_t looked;
	bool patient; /* in this stint: wait for the verdict before it ends by itself */
	bool asleep;
	const void *task; /* the state that it slept on last; kickers look */
	bool give_up; /* what its timer asks for is not served: the sleep ends all the same */
	uint32_t timers; /* in this sleep */
};

struct stress_first {
	int kind, thread, vcpu, cpu;
	uint64_t tick;
};

struct stress {
	const struct stress_options *options;
	struct stress_thread **thread;
	int n_kickers, n_threads; /* kickers first */
	unsigned int turn;	  /* of the request numbers */
	struct stress_vcpu vcpu[STRESS_MAX_VCPUS];
	uint64_t noise[STRESS_NOISE][MACHINE_LINE / 8] MACHINE_ALIGNED;
	uint32_t hold MACHINE_ALIGNED; /* carriers that wait for all kickers to be outside a kick */
	uint32_t drowsy MACHINE_ALIGNED; /* vCPU + 1 that is about to sleep: kickers hurry */
	uint32_t done MACHINE_ALIGNED;	 /* kickers that will not kick again */
	uint32_t frozen
		MACHINE_ALIGNED; /* the first violation: rings stop, so that it can be shown */
	struct stress_first first;
	/* The page that walkers find, and the tags of those that were there before. */
	uint64_t page MACHINE_ALIGNED;
	uint64_t tag[STRESS_PAGES] MACHINE_ALIGNED;
	uint32_t mmu_lock MACHINE_ALIGNED;
	uint32_t bug_lock; /* one walker at a time finds a bug */
};
extern struct stress stress;
extern __thread struct stress_thread *stress_self __attribute__((tls_model("local-exec")));

/* Ends the run: the backend does what none may, "calls kick_schedule() ..."; apart.c says it. */
void stress_refuse(const char *what) __attribute__((noreturn));

/* A violation: counted, noted, and the first one stops all rings. */
void stress_found(unsigned int bit, int vcpu, int cpu);

void stress_note(enum stress_note note, int vcpu, int cpu, unsigned int arg);

/* At a window: at least half of the draws are no delay; one in sixteen is a yield. */
void stress_linger(enum kick_window window);

/* By what number a request goes in this phase, and what pending ones are here. */
static inline unsigned int stress_real_nr(unsigned int nr)
{
	return (nr + stress.turn) & 31;
}

static inline unsigned long stress_requests(unsigned long real)
{
	uint32_t bits = (uint32_t)real;

	return bits >> stress.turn | (uint32_t)((uint64_t)bits << (32 - stress.turn));
}

/* Kickers have two numbers each, carriers two for all: a bug's, and a neighbour's. */
static inline unsigned int stress_nr(int thread, int book)
{
	if (thread >= stress.n_kickers)
		return book ? STRESS_NR_NEIGHBOUR : STRESS_NR_BUG;
	return (unsigned int)(thread % STRESS_NRS + book * STRESS_NRS);
}

/*
 * The books of a request, by its maker: announced before it is made, then made for certain.
 */
static inline void stress_announce(struct stress_thread *t, int book, int i)
{
	__atomic_store_n(&t->announced[book][i], t->announced[book][i] + 1, __ATOMIC_RELAXED);
	kick_half_fence(__ATOMIC_RELEASE); /* pairs with the fence in oracle_taken() */
}

static inline void stress_made(struct stress_thread *t, int book, int i)
{
	/* The request before; pairs with oracle_before_entry(). */
	__atomic_store_n(&t->made[book][i], t->announced[book][i], __ATOMIC_RELEASE);
}

static inline uint64_t stress_random(struct stress_thread *t)
{
	return random_next(&t->seed);
}

static inline uint64_t stress_below(struct stress_thread *t, uint64_t limit)
{
	return limit ? stress_random(t) % limit : 0;
}

/* One of n, by weight. */
int stress_pick(struct stress_thread *t, const unsigned int *weight, int n);

/* Suspicions in a row after which kickers are asked to stay outside a kick for a moment. */
enum { ORACLE_PATIENCE = 24 };
typedef uint64_t stress_made_by[STRESS_BOOKS][STRESS_MAX_THREADS];

/* oracle.c: what the oracle asks, whatever the backend; oracle.h says the rest. */

/* Between two kicks kickers look at `hold`; so the moment comes, but kicks go on until then. */
void oracle_hold(struct stress_thread *t, uint32_t patience);
void oracle_release(struct stress_thread *t);
/* What the view showed before was made inside kicks that have all returned by now. */
bool oracle_quiet(struct stress_thread *t);
/* I3, first half: the newest requests that were made for certain before this entry began. */
void oracle_before_entry(int i, stress_made_by made);
/* ... second half: it is in guest mode, and they are neither taken nor, at the end, pending. */
void oracle_after_entry(int i, const stress_made_by made, unsigned long pending);
/*
 * The requests were taken: whatever was announced by then is served, or is not made yet.  None is taken
 * more often than it was announced; the vCPU's own requests are not in the books.
 */
void oracle_taken(int i, unsigned long real);
/* I4: a walker never reads a page that was freed. */
void oracle_page_is_live(int i, uint64_t page);
/*
 * I7: in one stint at most one claim is won.  The stint was the same before the kick and after its
 * IPI, so this was the claim of that stint.
 */
void oracle_coalesces(int i, uint64_t stint, bool twice);
/* I4: no vCPU of the set that was in guest mode at the call is still in the same stint. */
void oracle_waited(const unsigned long *set, const uint64_t *stint);

/* script.c: the same of the script. */

/* The books of a mask's requests, before or after. */
void script_book_mask(struct stress_thread *t, enum stress_op op, int book, const unsigned long *set,
		      void (*write)(struct stress_thread *t, int book, int i));
/* As check_kick(): the stints that the mask found are over, or an IPI is on its way. */
void script_ask_of_mask(const unsigned long *set, const uint64_t *stint);
/* Outside a kick.  The kicker's own pCPU takes its interrupts, since others may wait for that. */
void script_rest(struct stress_thread *t, const struct team_member *m);
/* Will no kicker kick any more? */
bool script_is_over(void);
/*
 * Others may still wait for this pCPU: serve it until nobody kicks any more, a walker with a bug included,
 * who takes bug_lock before he looks whether it is over.
 */
void script_finish(void);
/* Somebody kicks this vCPU. */
bool script_is_aim(int i);
/* I9: a free pCPU goes offline, or one comes back; two stay free, so that vCPUs can move. */
void script_toggle_offline(struct stress_thread *t);
/* A pCPU of this carrier that is online and free, from a random one on; -1: none. */
int script_free_cpu(struct stress_thread *t);
void script_dawdle(struct stress_thread *t, uint64_t ns);

/*
 * Lines that kickers write all the time: a carrier's stores to them queue up in front of the mode,
 * which then stays in the store buffer for as long as a cache miss takes.  A sound protocol has a
 * barrier there and does not care.
 */
static inline void stress_press(void)
{
	for (int k = 0; k < STRESS_NOISE; k++)
		__atomic_store_n(&stress.noise[k][0], stress_self->at, __ATOMIC_RELAXED);
}

/* What phases of one run share, and its result. */
struct stress_phase {
	const struct stress_backend *backend;
	const struct stress_options *options;
	const struct topo *topo;
	unsigned int windows;
	bool put_clears, natural, oracle;
	enum topo_distance distance; /* from kickers to carriers */
	bool apart;		     /* carriers are not near each other */
	uint64_t seed, window_ns, delay_ns;
	unsigned int number;
};

/* Whose turn it is in a phase, of a set that is not empty; apart: carriers are not near each other. */
enum topo_distance stress_turn_of(unsigned int distances, unsigned int phase, bool *apart);
/* The PU of each kicker, then of each carrier.  -1: no memory. */
int stress_place(const struct stress_phase *phase, int kickers, int carriers, int *pu);

/*
 * Runs one phase and adds to the row; trace has the first violation's lanes, if there was one; used gets a
 * bit for each PU that had a thread.
 */
int stress_phase_run(const struct stress_phase *phase, struct stress_row *row,
		     struct stress_first *first, struct lanes *trace, uint64_t *used, char *err,
		     size_t err_size);
/* How many of each, on this machine. */
void stress_crew(const struct stress_options *options, const struct topo *topo, int *kickers,
		 int *carriers);

/* The lanes of the first violation; without steps: no memory. */
void stress_trace(const struct stress_phase *phase, struct lanes *lanes);

/* Faults that are threads of their own: a team member's run, arg = struct stress_thread. */
void stress_fault_load(struct team_member *member);
void stress_fault_stalls(struct team_member *member);
int stress_fault_init(void);

#endif
