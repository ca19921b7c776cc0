/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The bench judge: which backends there are, what a case is, and what a measured row says.
 */
#ifndef BENCH_BENCH_H
#define BENCH_BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kick_counts.h"
#include "kick.h"
#include "bench/run/meter.h"
#include "machine/machine.h"
#include "machine/team.h"
#include "results/histogram.h"
#include "results/verdict.h"
#include "topo/topo.h"

/* What is timed: the whole kick, a request and the kick, or the decision without the wake-up check. */
enum bench_form { BENCH_KICK, BENCH_REQUEST_KICK, BENCH_CLAIM, BENCH_N_FORMS };

/* The state in which a kick finds its vCPU. */
enum bench_path {
	BENCH_UNLOADED, /* never loaded */
	BENCH_SELF,	/* loaded on the kicker's own pCPU, outside guest mode */
	BENCH_OUTSIDE,	/* was loaded elsewhere and put */
	BENCH_EXITING,	/* in guest mode elsewhere, claimed by an earlier kick */
	BENCH_IN_GUEST, /* in guest mode elsewhere */
	BENCH_N_PATHS
};

extern const char *const bench_form_name[BENCH_N_FORMS];
extern const char *const bench_path_name[BENCH_N_PATHS];

/* fast_tmpl.c: one thread, no carrier: what a kick costs where no IPI is due. */
struct bench_fast {
	const struct kick_declaration *decl;
	struct machine_sizes sizes;
	/* Brings a fresh vCPU into the path's state, the caller being on pCPU 0; false: it cannot. */
	bool (*prepare)(void *vcpu, enum bench_path path, int cpu);
	void (*view)(void *vcpu, struct kick_view *view);
	enum kick_outcome (*once[BENCH_N_FORMS])(void *vcpu);
	/* n kicks of one vCPU; 0 when every single one ended in `outcome`. */
	uint64_t (*hot[BENCH_N_FORMS])(void *vcpu, uint64_t n, enum kick_outcome outcome);
	/*
	 * One kick each of the n vCPUs in `order`: no stride for a prefetcher, and the next one is
	 * known only when the last kick has ended.  A wrong outcome may read order[n + 8].
	 */
	uint64_t (*stolen[BENCH_N_FORMS])(const uint32_t *order, uint64_t n, enum kick_outcome outcome);
	/* The same, the kicker being on vCPU i's pCPU i. */
	uint64_t (*stolen_self[BENCH_N_FORMS])(const uint32_t *order, uint64_t n,
					       enum kick_outcome outcome);
	/* n times into guest mode and out; 0 when every entry succeeded. */
	uint64_t (*entry)(void *vcpu, uint64_t n);
};

/* count_tmpl.c: the operations of one kick, or of one entry and exit. */
struct bench_count {
	/*
	 * -ENOTSUP: the backend cannot be brought into that state; -ESTALE: a kick changes the
	 * state that it finds there, so there is no batch of them.
	 */
	int (*kick)(enum bench_path path, enum bench_form form, bool put_clears_cpu,
		    struct kick_counts *counts, enum kick_outcome *outcome);
	int (*entry)(struct kick_counts *counts);
	/* The places (bits of enum kick_window) that a kick of a vCPU in guest mode passes. */
	unsigned int (*windows)(void);
};

/*
 * live_tmpl.c, wired_tmpl.c and probe_tmpl.c: threads of a team; arg is a struct carrier or a struct
 * bench_kicker.
 */
struct bench_live {
	void (*prepare)(void); /* main thread, after machine_init() */
	void (*carrier)(struct team_member *member);
	void (*roundtrip)(struct team_member *member);
	void (*contend)(struct team_member *member);
};

struct bench_probe {
	void (*prepare)(void);
	void (*carrier)(struct team_member *member);
	void (*contend)(struct team_member *member); /* notes claim-to-send times */
	void (*migrate)(struct team_member *member);
};

/* cast_tmpl.c: kicks of many vCPUs at once. */
struct bench_cast {
	void (*prepare)(int in_guest); /* main thread: all but the first `in_guest` are put elsewhere */
	void (*carrier)(struct team_member *member);
	void (*broadcast)(struct team_member *member);
};

struct bench_backend {
	const char *name;
	const struct bench_fast *fast;
	const struct bench_count *count;
	const struct bench_live *live;	/* transport doorbell */
	const struct bench_live *wired; /* transports signal and membarrier */
	const struct bench_probe *probe;
	const struct bench_cast *cast;
};

/* Sorted by name. */
extern const struct bench_backend bench_backends[];
extern const size_t bench_n_backends;
const struct bench_backend *bench_backend_find(const char *name); /* NULL: none */
static inline const struct kick_declaration *bench_decl(const struct bench_backend *b)
{
	return b->fast->decl;
}

/* One row to measure.  The strings are static. */
struct bench_case {
	const struct bench_scenario *scenario;
	const struct bench_backend *backend; /* NULL: a floor */
	const char *path, *line, *form, *put, *loop;
	enum bench_path state;
	enum bench_form what;
	enum machine_transport transport;
	int kicker_pu, vcpu_pu; /* -1: none */
	enum topo_distance distance;
	const char *home; /* whose NUMA node the machine's memory is on: kicker, vcpu; NULL: one node */
	int kickers, pcpus, vcpus;
	/* Broadcasts: the share of the vCPUs that is in guest mode, and how many the mask names. */
	int in_guest_pct, mask_width;
	bool wakeup, wait;
	double migrations_per_s, natural_exits_per_s;
	double rate_per_s; /* open loop */
	const char *arrivals; /* open loop: fixed or poisson; NULL: closed */
	uint64_t widen_ns; /* longest delay in the window between cpu read and claim */
	uint64_t window_ns, seed;
	unsigned int repetition;
	const char *na; /* not NULL: this cell cannot be, and why */
};

/* What was measured.  Figures that a scenario does not measure stay out of the row. */
struct bench_result {
	uint64_t ops;
	double ns_per_op;
	bool has_latency, has_ipis, has_counts, has_verdicts, has_outcomes;
	struct histogram latency;
	/* Broadcasts: how long the waiting part took, and the time from begin to the last IPI sent. */
	struct histogram wait, to_send;
	uint64_t casts;
	uint64_t preempted; /* samples that met a preemption: not in the histogram */
	uint64_t outcome[KICK_N_OUTCOMES];
	uint64_t kicks, sent, stints, exits, resumed, migrations, poisoned, lost, misdirected;
	uint64_t window_ns; /* that all this was counted in; 0: the case's */
	struct machine_ipis ipis;
	struct kick_counts counts; /* of one kick */
	double overlap, fairness;
	long nivcsw;
	struct bench_counted counted; /* by the meter of the run */
	bool oversubscribed;
	bool probed; /* somebody watched a static probe: no figure of it is one */
	enum verdict verdict;
	char why[160];
};

struct bench_env {
	const struct topo *topo;
	const struct bench_meter *meter; /* NULL: nothing is counted */
	bool interrupts; /* IPIs of the case in work are real ones */
};

/* A scenario: it names its cells, and measures one. */
struct bench_plan;
struct bench_scenario {
	const char *name;
	const char *summary;
	/* The cells of one backend (NULL for floors) in this plan, without repetitions. */
	int (*plan)(struct bench_plan *plan, const struct bench_scenario *self,
		    const struct bench_backend *backend);
	/* 0 with a verdict in the result, or -errno with a line in err: the environment failed. */
	int (*run)(const struct bench_env *env, const struct bench_case *c,
		   struct bench_result *result, char *err, size_t err_size);
};

extern const struct bench_scenario bench_floor, bench_fastpath, bench_roundtrip, bench_contend,
	bench_migrate, bench_entry, bench_broadcast, bench_matrix;
extern const struct bench_scenario *const bench_scenarios[]; /* NULL at the end */

/* One kicker thread's orders and its notes. */
struct bench_kicker {
	const struct bench_case *c;
	int cpu, number;
	bool crowded; /* more threads than PUs */
	uint64_t seed;
	/* Its notes. */
	struct histogram latency MACHINE_ALIGNED;
	struct histogram wait, to_send; /* of broadcasts */
	uint64_t casts;
	uint64_t kicks, sent, misdirected, preempted, lost;
	uint64_t outcome[KICK_N_OUTCOMES];
	uint64_t ticks, timed; /* spent, and by how many ops */
	int error;
};

static inline void bench_verdict(struct bench_result *r, enum verdict verdict, const char *why)
{
	r->verdict = verdict;
	__builtin_snprintf(r->why, sizeof(r->why), "%s", why);
}

#endif
