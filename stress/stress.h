/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Stress: kickers and vCPUs on real threads, a script from one seed, delays at named steps, and an
 * oracle beside the protocol that never calls a sound one broken.
 */
#ifndef STRESS_STRESS_H
#define STRESS_STRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kick_ops_native.h"
#include "kick.h"
#include "kick_properties.h"
#include "machine/machine.h"
#include "results/lanes.h"
#include "results/verdict.h"
#include "topo/topo.h"

struct sink;
struct team_member;

enum { STRESS_MAX_THREADS = MACHINE_MAX_KICKERS, STRESS_MAX_VCPUS = 64, STRESS_N_KINDS = KICK_N_PROPERTIES };

/* A backend as stress_tmpl.c compiles it. */
struct stress_backend {
	const char *name;
	const struct kick_declaration *decl;
	struct machine_sizes sizes;
	bool has_recheck;
	void (*prepare)(void);
	void (*kicker)(struct team_member *member);
	void (*carrier)(struct team_member *member);
};
extern const struct stress_backend *const stress_backends[]; /* ends with NULL */
const struct stress_backend *stress_backend_find(const char *name);
/* Why there is nothing to judge, or NULL. */
const char *stress_na(const struct stress_backend *backend);
/* Does a declaration say nothing, or what stress cannot find?  Such a one would be kept by anything. */
bool stress_misdeclared(const struct stress_backend *backend, char *why, size_t size);
/* What it declares for the architecture of this build. */
const struct kick_stress_expect *stress_expect(const struct stress_backend *backend);

/* What a kicker does next, by weight; what happens to a vCPU next, by weight. */
enum stress_op {
	STRESS_OP_KICK,	     /* a request, then its kick */
	STRESS_OP_BARE,	     /* a kick without a request, as the dirty log has them */
	STRESS_OP_QUIET,     /* a request and a kick that must not wake */
	STRESS_OP_MASK,	     /* a request to a set of vCPUs */
	STRESS_OP_BARE_MASK, /* a kick of a set, without a request */
	STRESS_OP_WAIT,	     /* a request to a set, and wait */
	STRESS_OP_KICK_WAIT, /* a request and a kick of one vCPU that waits */
	STRESS_OP_RETIRE,    /* retire a page, wait for all, free it */
	STRESS_N_OPS
};
enum stress_event {
	STRESS_EV_MIGRATE,
	STRESS_EV_EXIT, /* a natural exit, in phases that have them */
	STRESS_EV_BLOCK,
	STRESS_EV_WALK,
	STRESS_EV_SELF,	     /* a self kick from the fast path */
	STRESS_EV_NEIGHBOUR, /* in the host: kicks another vCPU from this pCPU */
	STRESS_EV_OFFLINE,   /* a free pCPU goes offline, or comes back */
	STRESS_N_EVENTS
};
extern const char *const stress_op_name[STRESS_N_OPS];
extern const char *const stress_event_name[STRESS_N_EVENTS];
extern const char *const stress_window_name[KICK_N_WINDOWS];
/* "all", "none", or names joined by +. */
void stress_window_names(unsigned int mask, char *text, size_t size);
#define STRESS_ALL_WINDOWS ((1u << KICK_N_WINDOWS) - 1)

enum stress_fault {
	STRESS_STALLS = 1 << 0,	   /* signals stop carriers and kickers for up to 0.5 ms */
	STRESS_LATE_IPIS = 1 << 1, /* an IPI stays pending for up to 50 us before it is noticed */
	STRESS_LOAD = 1 << 2,	   /* a thread that computes, on every PU in use */
	STRESS_NO_MEMORY = 1 << 3, /* no memory for masks: every pCPU is interrupted */
	STRESS_N_FAULTS = 4
};
extern const char *const stress_fault_name[STRESS_N_FAULTS];
/* "stalls+load"; "" for none. */
void stress_fault_names(unsigned int faults, char *text, size_t size);

/* A real KVM_RUN, by whoever has one: guests, each of one vCPU that its thread runs. */
struct stress_kvm {
	void *(*open)(char *err, size_t err_size); /* NULL: not here, for that reason */
	void (*close)(void *guest);
	void *(*immediate_exit)(void *guest); /* as the kernel reads it: an int, not aligned */
	int (*run)(void *guest);	      /* 0: it has returned by itself; -EINTR; other -errno */
	void (*leave)(void *guest);	      /* any thread: it is to return by itself, now or next time */
	uint64_t (*turns)(const void *guest); /* of its loop: they go on in guest mode alone */
	int (*ended_by)(void *guest, int signal); /* also by this one, which is blocked; 0: by none such */
};
struct stress_options {
	uint64_t seed;
	uint64_t limit_ns; /* of wall time, whatever has been done; 0: four times the duration and 10 s */
	uint64_t duration_ns;  /* per backend */
	unsigned int windows;  /* that are on in half of the phases; 0: all off */
	int threads, kickers, carriers; /* 0: by the machine */
	unsigned int distances; /* TOPO_BIT()s, from kickers to carriers; 0: all that are here */
	const int *kicker_pu, *vcpu_pu; /* the PUs to take, counted round; n 0: by distance */
	size_t n_kicker_pus, n_vcpu_pus;
	int vcpus_per_carrier, pcpus_per_carrier;
	double events_per_s; /* of each vCPU */
	uint64_t think_ns;   /* at most, between two kicks */
	uint64_t delay_ns;   /* at most, in a window */
	unsigned int weight[STRESS_N_OPS], event_weight[STRESS_N_EVENTS];
	unsigned int faults; /* enum stress_fault */
	const struct stress_kvm *kvm; /* of a VMM's threads; NULL: KVM_RUN is emulated */
	bool until_found;    /* stop as soon as all that is declared was found */
	void (*progress)(void *arg, double share); /* after each phase; NULL: none */
	void *arg;
};
void stress_options_init(struct stress_options *options);
/* Why it cannot be run so, or NULL. */
const char *stress_run_na(const struct stress_backend *backend, const struct stress_options *options);

/* What threads count; stress_count_name[] names them in reports. */
enum stress_count {
	STRESS_KICKS,
	STRESS_REQUESTS,
	STRESS_BARE,
	STRESS_MASKS,
	STRESS_WAITS,
	STRESS_RETIRED,
	STRESS_WALKS_MET, /* pages retired while somebody walked */
	STRESS_SELF,
	STRESS_SELF_RACED, /* self kicks while another kick of the same vCPU was on its way */
	STRESS_NEIGHBOURS,
	STRESS_STINTS,
	STRESS_MIGRATIONS,
	STRESS_NATURAL,
	STRESS_SLEEPS,
	STRESS_WOKEN,
	STRESS_TIMERS, /* wake-ups by the pCPU's own interrupt */
	STRESS_WALKS,
	STRESS_BUGS, /* walkers that made a waiting request of all */
	STRESS_OFFLINES,
	STRESS_SENT,	/* kicks that sent an IPI */
	STRESS_CLAIMED, /* kicks that found the stint claimed */
	STRESS_DELAYS,	/* in windows */
	STRESS_MOVED,	/* migrations while a kicker was delayed in a window */
	STRESS_JUDGED,	/* looks at a vCPU with all kickers outside a kick */
	STRESS_STALLED, /* by a signal */
	STRESS_N_COUNTS
};
extern const char *const stress_count_name[STRESS_N_COUNTS];

/* KICK_V_* as numbers: bit = 1 << kind. */
static inline const char *stress_kind_name(int kind)
{
	return kick_property(1u << kind)->count;
}

/* All kinds together. */
static inline uint64_t stress_all_found(const uint64_t found[STRESS_N_KINDS])
{
	uint64_t n = 0;

	for (int kind = 0; kind < STRESS_N_KINDS; kind++)
		n += found[kind];
	return n;
}

struct stress_row {
	char windows[160]; /* "all", "none", or names joined by + */
	unsigned int mask;
	bool in_windows;	/* some window is on */
	uint64_t phases, ns;	/* threads ran that long */
	uint64_t kicker_cpu_ns; /* the kickers' own time on a CPU, together */
	uint64_t n[STRESS_N_COUNTS];
	uint64_t found[STRESS_N_KINDS];
	uint64_t first_ns[STRESS_N_KINDS]; /* of this row's time, when found */
	struct machine_ipis ipis;
	uint64_t sent; /* IPIs */
	unsigned int passed; /* windows of the backend's text */
	unsigned int distances; /* TOPO_BIT()s between any of its kickers and any of its carriers */
};

/* What a run says of the declaration: to have missed something contradicts nothing. */
enum stress_declared { STRESS_AS_DECLARED, STRESS_CONTRADICTED, STRESS_DECLARED_UNDECIDED };

struct stress_result {
	struct stress_row row[KICK_N_WINDOWS + 2];
	size_t n_rows;
	uint64_t n[STRESS_N_COUNTS]; /* over all rows */
	uint64_t found[STRESS_N_KINDS];
	uint64_t first_ns[STRESS_N_KINDS]; /* since the run's begin */
	unsigned int bits;		   /* KICK_V_* */
	unsigned int passed;		   /* windows of the backend's text */
	uint64_t ns;
	double kicks_per_s,
		kicks_per_s_unwatched; /* per second of a kicker's CPU time, windows off;
						      the second with the oracle off */
	int kickers, carriers, vcpus, pcpus;
	bool oversubscribed;
	unsigned int turns[TOPO_N_DISTANCES]; /* phases that were placed at each */
	uint64_t used[TOPO_MAX_CPUS / 64];    /* a bit for each PU that had a thread */
	bool too_slow; /* threads had too little of the machine to end a phase in time */
	enum verdict verdict; /* of the property */
	bool failed;	      /* the backend took its process down: why says how */
	enum stress_declared declared;
	char why[256]; /* what was not reached, or how it contradicts its declaration */
	struct lanes trace[STRESS_N_KINDS]; /* of the first of each kind; no steps: none */
	int first;		     /* the kind that was found first, -1 none */
};

/*
 * Runs one backend.  0; -EINTR: machine_stop was set, the result holds what was counted until then;
 * else -errno with a line in err: of machine_init() and team_run().
 */
int stress_run(const struct stress_backend *backend, const struct stress_options *options,
	       const struct topo *topo, struct stress_result *result, char *err, size_t err_size);
/*
 * The same in a child process.  -ECHILD, with a line in err: the backend crashed, hung or ended it; the
 * result says so in one row without counts.
 */
int stress_run_apart(const struct stress_backend *backend, const struct stress_options *options,
		     const struct topo *topo, struct stress_result *result, char *err, size_t err_size);
void stress_result_fini(struct stress_result *result);

/* Those of the options that this machine has; 0: none. */
unsigned int stress_distances(const struct stress_options *options, const struct topo *topo);
/* "smt+l3"; "" for none. */
void stress_distance_names(unsigned int distances, char *text, size_t size);
/* How many PUs had a thread. */
int stress_pus_used(const struct stress_result *result);

/* Which column of stress.csv shows which count; ends without a name. */
extern const struct stress_column {
	const char *name;
	enum stress_count count;
} stress_column[];
/* What the backend declares: sound, caught or silent. */
const char *stress_expected_word(const struct stress_backend *backend);
/* Hands out a row per set of windows.  -errno of the sink, -ENOMEM. */
int stress_rows(struct sink *sink, const char *run_id, const struct stress_backend *backend,
		const struct stress_options *options, const struct stress_result *result);

/* The nearest explore preset that shows this kind, and a model it shows it under; false: none. */
bool stress_nearest_preset(const struct stress_backend *backend, int kind, const char **preset,
			   const char **model);

#endif
