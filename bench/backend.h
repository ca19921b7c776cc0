/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What bench has of each backend: its text in several loops, compiled once for each (bench/loop/). */
#ifndef BENCH_BACKEND_H
#define BENCH_BACKEND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kick_counts.h"
#include "kick.h"
#include "machine/machine.h"
#include "machine/team.h"

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
extern const char *const bench_path_name[BENCH_N_PATHS + 1]; /* a NULL ends them */

/* fast_tmpl.c: one thread, no carrier: what a kick costs where no IPI is due. */
struct bench_fast {
	const struct kick_declaration *decl;
	struct machine_sizes sizes;
	/* Brings a fresh vCPU into the path's state, the caller being on pCPU 0; false: it cannot. */
	bool (*prepare)(void *vcpu, enum bench_path path, int cpu);
	void (*view)(void *vcpu, struct kick_view *view);
	enum kick_outcome (*once[BENCH_N_FORMS])(void *vcpu);
	/* n kicks of one vCPU; 0 when every single one ended in `outcome`. */
	uint64_t (*hot[BENCH_N_PATHS][BENCH_N_FORMS])(void *vcpu, uint64_t n,
						      enum kick_outcome outcome);
	/*
	 * One kick each of the n vCPUs in `order`, on path self the kicker being on vCPU i's pCPU i: no
	 * stride for a prefetcher, and the next one is known only when the last kick has ended.  A wrong
	 * outcome may read order[n + 8].
	 */
	uint64_t (*stolen[BENCH_N_PATHS][BENCH_N_FORMS])(const uint32_t *order, uint64_t n,
							 enum kick_outcome outcome);
	/* n times into guest mode and out; 0 when every entry succeeded. */
	uint64_t (*entry)(void *vcpu, uint64_t n);
	/* Of a VMM's thread: n times its signal's handler, without the signal; NULL: it has none. */
	uint64_t (*handler)(void *vcpu, uint64_t n);
};

/* count_tmpl.c: the operations of one kick, or of one entry and exit. */
struct bench_count {
	/*
	 * -ENOTSUP: the backend cannot be brought into that state; -ESTALE: a kick changes the
	 * state that it finds there, so there is no batch of them; -EPROTO: its outcome is untrue.
	 */
	int (*kick)(enum bench_path path, enum bench_form form, bool put_clears_cpu,
		    struct kick_counts *counts, enum kick_outcome *outcome);
	int (*entry)(struct kick_counts *counts);
	int (*handler)(struct kick_counts *counts); /* -ENOTSUP: it has none */
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
	void (*pause)(struct team_member *member); /* of a VMM: all its vCPUs */
};

/* Its carrier, and that of bench_cast, is bench_live's: only kickers are observed. */
struct bench_probe {
	void (*contend)(struct team_member *member); /* notes claim-to-send times */
	void (*migrate)(struct team_member *member);
};

/* cast_tmpl.c: kicks of many vCPUs at once. */
struct bench_cast {
	void (*prepare)(int in_guest); /* main thread: all but the first `in_guest` are put elsewhere */
	void (*broadcast)(struct team_member *member);
};

struct bench_backend {
	const char *name;
	const struct bench_fast *fast;
	const struct bench_count *count;
	const struct bench_live *live;	/* transport doorbell */
	const struct bench_live *wired; /* transports signal and membarrier; of a VMM signal alone */
	const struct bench_probe *probe;
	const struct bench_cast *cast;
};

/* A bound for arrays beside bench_backends. */
enum { BENCH_MAX_BACKENDS = 256 };

/* Sorted by name. */
extern const struct bench_backend bench_backends[];
extern const size_t bench_n_backends;
const struct bench_backend *bench_backend_find(const char *name); /* NULL: none */
/* Declares it that an IPI goes to a number that is no pCPU (I8)?  Then bench may meet one, too. */
bool bench_may_address_nobody(const struct bench_backend *b);
static inline const struct kick_declaration *bench_decl(const struct bench_backend *b)
{
	return b->fast->decl;
}

#endif
