/* SPDX-License-Identifier: GPL-2.0-or-later OR MIT */
/*
 * What a backend says of itself: where it comes from, what it can do, and what each judge must find.
 * The tests are generated from this; a judge that finds something else fails.
 */
#ifndef KICK_DECLARE_H
#define KICK_DECLARE_H

/* Features and states. */
#define KICK_F_CLAIM (1u << 0)	  /* coalesces: a kick claims the stint, view.claimed means something */
#define KICK_F_REQUESTS (1u << 1) /* kick_request() and kick_take() */
#define KICK_F_MASK (1u << 2)	  /* kick_mask() */
#define KICK_F_WAIT (1u << 3)	  /* KVM_REQUEST_WAIT of a mask waits */
#define KICK_F_WALK (1u << 4)	  /* READING_SHADOW_PAGE_TABLES */
#define KICK_F_BLOCK (1u << 5)	  /* kick_block(), kick_wake() */
#define KICK_F_SELF (1u << 6)	  /* a request-less self kick from guest mode makes recheck fail */
#define KICK_F_SIGNAL (1u << 7)	  /* the vCPU is a thread of a VMM, kicked by kick_signal(): kick_vmm.h */
#define KICK_F_KICK_WAIT (1u << 8) /* kick_send() honours KVM_REQUEST_WAIT */
#define KICK_F_NO_PROTOCOL (1u << 9) /* bench only: there is nothing to judge */
#define KICK_F_SETBITS (1u << 10) /* kick_mask() walks the bits that are set, not all vCPUs */
#define KICK_F_OWN_MASKS (1u << 11) /* ... in a cpumask of its own, so it never lacks one */
#define KICK_F_BLIND_MASK (1u << 12) /* kick_mask() looks at no mode: it interrupts all that are loaded */
#define KICK_F_TWO_STATES (1u << 13) /* a claim cannot tell the host from a claimed stint: KICK_CLAIMED */
#define KICK_F_PAUSE (1u << 14) /* of a VMM: kick_stop_all(), kick_resume_all(), kick_park() */
#define KICK_F_EXIT_WORK (1u << 15) /* of a VMM: kick_exit_work() */
#define KICK_F_PER_CALL (1u << 16) /* of a VMM: a kick is for one call; kick_new_call() */

/* Memory models of explore. */
#define KICK_M_SC (1u << 0)
#define KICK_M_TSO (1u << 1)
#define KICK_M_PSO (1u << 2)
#define KICK_M_RC11 (1u << 3)
#define KICK_M_LKMM (1u << 4) /* these two find what rc11 finds, where no line of a preset names them */
#define KICK_M_ARMV8 (1u << 5)
#define KICK_M_ALL (KICK_M_SC | KICK_M_TSO | KICK_M_PSO | KICK_M_RC11)
#define KICK_M_STORE_BUFFER (KICK_M_TSO | KICK_M_PSO | KICK_M_RC11)

/* What can be found: by explore at quiescence, by stress through the invariants in brackets. */
#define KICK_V_LOST (1u << 0)	    /* a request whose kick returned is never serviced (I1) */
#define KICK_V_POISONED (1u << 1)   /* in guest, claimed, no IPI pending, claimer returned (I2) */
#define KICK_V_STRICT (1u << 2)	    /* a claimed stint neither ended nor got an IPI */
#define KICK_V_WEAK (1u << 3)	    /* a kick ended and its target never left guest mode since */
#define KICK_V_WAIT (1u << 4)	    /* a waiting kick returned too early (I4) */
#define KICK_V_ACCOUNT (1u << 5)    /* IPIs do not add up (I6) */
#define KICK_V_COALESCE (1u << 6)   /* more than one plain IPI for one claimed stint (I7) */
#define KICK_V_CPU (1u << 7)	    /* a pCPU number out of range was used (I8) */
#define KICK_V_SELF (1u << 8)	    /* a self kick went unnoticed, or sent an IPI (I10) */
#define KICK_V_WAKE (1u << 9)	    /* a missed wake-up (I11) */
#define KICK_V_MODE (1u << 10)	    /* an illegal mode transition (I13) */
#define KICK_V_DEADLOCK (1u << 11)  /* two waiters wait for each other (I5) */
#define KICK_V_CONTRACT (1u << 12)  /* a call ended otherwise than it says, or than it began */
#define KICK_V_STALE (1u << 13)	    /* a call ended by a kick from before it, a request without its data */
#define KICK_V_RACE (1u << 14)	    /* a plain access races with another one: LKMM says no more */

/* In preset (explore's name) under the models given, exactly this set is found. */
struct kick_expect {
	const char *preset;
	unsigned int models; /* KICK_M_* */
	unsigned int finds;  /* KICK_V_*; 0 = holds */
};

/* What is found of a protocol without masks whose last look comes too early: wherever the vCPU may enter. */
#define KICK_LOST_EVERYWHERE                                                                       \
	{ "one-kick", KICK_M_ALL, KICK_V_LOST }, { "two-kicks", KICK_M_ALL, KICK_V_LOST },         \
	{ "view", KICK_M_ALL, KICK_V_LOST },                                                       \
	{ "two-kicks-two-migrations", KICK_M_ALL, KICK_V_LOST },                                   \
	{ "twice-two-kicks", KICK_M_ALL, KICK_V_LOST },                                            \
	{ "three-kickers", KICK_M_ALL, KICK_V_LOST }, { "put-clears", KICK_M_ALL, KICK_V_LOST },   \
	{ "offline", KICK_M_ALL, KICK_V_LOST }, { "no-wakeup", KICK_M_ALL, KICK_V_LOST },          \
	{ "numbers", KICK_M_ALL, KICK_V_LOST }, { "two-vcpus", KICK_M_ALL, KICK_V_LOST },          \
	{ "high-cpu", KICK_M_ALL, KICK_V_LOST }, { "own-thread", KICK_M_ALL, KICK_V_LOST },        \
	{ "three-migrations", KICK_M_ALL, KICK_V_LOST }, { "three-pcpus", KICK_M_ALL, KICK_V_LOST }

/*
 * Under lkmm and armv8 the look at the mode of a claim that fails orders nothing: who frees a page may do so
 * before, while somebody walks it; unless the store hangs on the look.  With what else is found there.
 */
#define KICK_FREES_AHEAD(finds)                                                                    \
	{ "one-walker", KICK_M_LKMM | KICK_M_ARMV8, KICK_V_WAIT | (finds) },                       \
	{ "walker", KICK_M_LKMM | KICK_M_ARMV8, KICK_V_WAIT | (finds) }

/* On an architecture: sound; caught (by these invariants); or broken but silent there, and why. */
enum kick_stress_verdict { KICK_SOUND, KICK_CAUGHT, KICK_SILENT };
struct kick_stress_expect {
	enum kick_stress_verdict verdict;
	unsigned int finds; /* KICK_CAUGHT: KICK_V_*, each of which must be found */
	const char *why;    /* KICK_SILENT: what hides it */
};

/*
 * `may` bounds what bench may meet: misdirected IPIs, poisoned stints, lost kicks; an IPI to no pCPU it
 * may meet where a row finds KICK_V_CPU.  A preset that `explore` does not list must hold in every model.
 */
#define KICK_MAY_MISDIRECT (1u << 0)
#define KICK_MAY_POISON (1u << 1)
#define KICK_MAY_LOSE (1u << 2)

struct kick_declaration {
	const char *summary;   /* one line */
	const char *origin;    /* kernel version and commit, or project, issue and date */
	const char *world;     /* whose kicks it is about: a word for --backend; NULL: "kvm" */
	unsigned int released; /* 201105: May 2011; 0: never was anybody's newest, no part of the history */
	const char *kernel;    /* released as */
	const char *changed;   /* against the generation before */
	unsigned int features; /* KICK_F_* */
	unsigned int may;      /* KICK_MAY_* */
	bool races; /* plain accesses race wherever the vCPU migrates: under lkmm that is found, too */
	struct kick_stress_expect stress_tso;  /* x86-64, s390x */
	struct kick_stress_expect stress_weak; /* aarch64, ppc64, riscv64 */
	struct kick_expect explore[64];	       /* ends with an empty one */
};

static inline const char *kick_world(const struct kick_declaration *d)
{
	return d->world ? d->world : "kvm";
}

/* A mutant renames its parent's declaration away: #define kick_decl parent_decl around its include. */
#define KICK_DECLARE(...)                                                                          \
	static const struct kick_declaration kick_decl __attribute__((unused)) = { __VA_ARGS__ }

#endif
