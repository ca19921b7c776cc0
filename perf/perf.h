/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Counting events of single threads: which ones (by name, for this CPU), whether they can be counted
 * here at all, and a gauge that one thread switches on and off at the gates of its window.  Nothing
 * is counted by a zero: an event that could not be counted has a state that says why.
 */
#ifndef PERF_PERF_H
#define PERF_PERF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum perf_state {
	PERF_OK,
	PERF_SCALED,	  /* shared its counter: extrapolated from the time that it was counted */
	PERF_UNPROVEN,	  /* read 0 on the known loops, which need not cause it */
	PERF_NONE,	  /* no event of this CPU family tells that */
	PERF_UNSUPPORTED, /* the kernel or the machine has no such counter */
	PERF_DENIED,	  /* no permission */
	PERF_BROKEN,	  /* there, and reads 0 on a loop that causes it */
	PERF_STARVED,	  /* never got its counter in that window */
	PERF_FAILED,	  /* anything else */
	PERF_N_STATES
};
extern const char *const perf_state_name[PERF_N_STATES];

/* What surely causes an event, for its test. */
enum perf_proof {
	PERF_BY_NOTHING,
	PERF_BY_LOOP,	/* a loop of locked instructions */
	PERF_BY_BOUNCE, /* two threads that write to one line */
	PERF_BY_SLEEP,
	PERF_BY_FAULT,	/* the first touch of a page */
	PERF_BY_MOVE,	/* to another PU and back */
	PERF_BY_SIGNAL, /* one that the thread sends to itself */
};

/* The events of a group are counted together or not at all. */
enum perf_group { PERF_CORE, PERF_SOFTWARE, PERF_TRACE, PERF_N_GROUPS };

struct perf_event {
	char name[96];	 /* as it was asked for */
	char column[64]; /* and in a row, without the prefix */
	uint32_t type;
	uint64_t config, config1, config2;
	enum perf_group group;
	enum perf_proof proof;
	bool user, kernel; /* modes that are counted */
	bool on_pu;	   /* what happens on the thread's PU with that thread, by whomever */
	bool adds;	   /* to the column of the event before it */
	enum perf_state state;
	char why[128];	   /* of a state that is not ok; one line */
	uint64_t proven;   /* what the known loop counted */
	int keeper;	   /* holds a tracepoint on between windows; -1: none */
};

enum { PERF_MAX_EVENTS = 24 };

struct perf_set {
	struct perf_event event[PERF_MAX_EVENTS];
	size_t n;
	char cpu[64];	     /* the family that the defaults were chosen for */
	bool kernel;	     /* its list asks for the kernel's own count, too: perf_set_kernel() */
};

/* Default events of this machine's CPU, and software events. */
void perf_set_default(struct perf_set *set);

/*
 * Adds the events of a comma-separated list: NAME or COLUMN=NAME, where NAME is a default's, one of
 * perf's generic and software events, rHEX, a tracepoint GROUP:EVENT or, with libpfm4, any that it
 * knows; `auto` stands for all the defaults, `kernel` sets that flag.  -EINVAL with a line in err that
 * names what is taken; -E2BIG.
 */
int perf_set_add(struct perf_set *set, const char *list, char *err, size_t err_size);

/*
 * The kernel's own count of what our counts claim: reschedule and call IPIs, signals delivered, and
 * migrations of the thread.
 */
void perf_set_kernel(struct perf_set *set);

/* Opens every event once, and runs what must cause it: sets each event's state and why. */
void perf_set_prove(struct perf_set *set);
void perf_set_fini(struct perf_set *set);

/* Is there a libpfm4 in this build, and which; NULL: no. */
const char *perf_pfm_version(void);

/* One thread's counters.  The set must outlive it. */
struct perf_gauge {
	const struct perf_set *set;
	int fd[PERF_MAX_EVENTS];      /* -1: not counted */
	uint64_t id[PERF_MAX_EVENTS]; /* the kernel's */
	bool leads[PERF_MAX_EVENTS];
};

/*
 * By the thread that is to be counted, pinned to PU os_cpu.  An event that cannot be opened now stays
 * out: its value says so.
 */
void perf_gauge_open(struct perf_gauge *gauge, const struct perf_set *set, int os_cpu);
void perf_gauge_start(const struct perf_gauge *gauge);
void perf_gauge_stop(const struct perf_gauge *gauge);
void perf_gauge_close(struct perf_gauge *gauge);

struct perf_value {
	double count;
	enum perf_state state; /* the count is one if it is ok, scaled or unproven */
};

static inline bool perf_counted(enum perf_state state)
{
	return state <= PERF_UNPROVEN;
}

/* After stop, one value per event of the set. */
void perf_gauge_read(const struct perf_gauge *gauge, struct perf_value *value);

/* Another thread's values on top of these; one that was not counted makes the sum not counted. */
void perf_values_add(struct perf_value *sum, const struct perf_value *value, size_t n);

/*
 * For people and for a cell: "ok"; the state that all have; or "scaled:cycles broken:hitm", the
 * events of no mention being ok.
 */
void perf_status(const struct perf_set *set, const struct perf_value *value, char *text, size_t size);

/* The kernel's count of IPIs of a PU that anybody may read. */
struct perf_interrupts {
	uint64_t resched, call;
};

/* Taken by that PU since the system's start, by /proc/interrupts.  -errno, -ENOENT: it does not say. */
int perf_interrupts_read(int os_cpu, struct perf_interrupts *taken);

#endif
