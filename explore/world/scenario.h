/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is driven: presets by name, and the parameters behind them.
 */
#ifndef EXPLORE_SCENARIO_H
#define EXPLORE_SCENARIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "explore/world/ops_explore.h"
#include "kick.h"

enum xp_form { XP_FULL, XP_CORE };

/* What becomes of vcpu->cpu at put: it stays (x86), is -1 (arm64), or each of these is explored. */
enum xp_put { XP_STICKY, XP_CLEARS, XP_EITHER };

/* Who runs: a kernel's vCPUs and kickers; or a VMM's, kicked, stopped together, or kicked out of calls. */
enum xp_play { XP_KERNEL, XP_RUNS, XP_STOPS, XP_CALLS };

enum { XP_MOST_VCPUS = 3 };

/*
 * The start is the same everywhere: each vCPU was loaded on its first pCPU, is outside guest mode, and
 * no request is pending.
 */
struct xp_scenario {
	const char *name;
	const char *doc;
	int kickers;
	int kicks; /* by each of them */
	int vcpus; /* a mask is of all of them (but see targets); a plain kick goes to the first (see each) */
	int migrations; /* of the first vCPU; with shared: of each */
	int pcpus;	/* for each vCPU, which goes round them; with shared: for all of them */
	/*
	 * Stints before each migration that end by themselves.  full form: none or this many, both
	 * are explored; core form: exactly core_exits.  The last stint ends by an IPI only.
	 */
	int exits;
	int core_exits;
	bool request;	 /* each kick is of a request made before */
	bool same;	 /* ... which is the same one for all */
	bool records;	 /* kickers look at the machine's record of stints: KICK_V_WEAK, _WAIT */
	bool looks;	 /* vCPUs look at their own claim, kickers at who else sent: KICK_V_MODE, _COALESCE */
	bool views;	 /* what kick_view() says of a stint that goes on is looked at */
	bool self;	 /* the vCPU's first stint kicks itself, from the fast path */
	int sleeps;	 /* so often the vCPU sleeps first, taking what woke it in between */
	int masks;	 /* the first so many kickers kick all vCPUs by kick_mask(), the others one */
	bool wait;	 /* KVM_REQUEST_WAIT: the masks; without any: kicks that can, else masks, too */
	bool walk;	 /* vCPUs walk shadow pages first; the kickers retire a page */
	unsigned long targets; /* of a mask: a bitmap of vCPUs; 0: no bitmap, all of them */
	bool each;	 /* plain kicks: the second kicker kicks the second vCPU, and so on */
	bool no_wakeup;	 /* KVM_REQUEST_NO_WAKEUP in every kick */
	bool no_memory;	 /* kick_cpumask_get() may give NULL */
	bool numbers;	 /* any request number below 32, by a kick or by a mask */
	bool data;	 /* a request is about a word, by a kick or a mask; vCPUs only take and read */
	bool own_thread; /* vCPU threads kick in the host: the first one itself, the second one the first */
	bool high;	 /* the vCPUs have the highest pCPU numbers, else the lowest */
	bool immediate;	 /* also judged whenever a kick returns: sound in the stateful walk only */
	bool offline;	 /* the pCPU that a vCPU has left goes offline, until the vCPU comes back */
	bool shared;	 /* the vCPUs run on the same pCPUs, one at a time on each */
	enum xp_put put;
	enum xp_play play;
	unsigned int needs; /* KICK_F_*: else the cell is na */
	bool quick;	    /* of the quick tier: explored in well under a second */
	enum xp_form form;
};

/* The presets, ends with a NULL name. */
extern const struct xp_scenario xp_presets[];
const struct xp_scenario *xp_preset(const char *name);

/* What is out of range, or NULL. */
const char *xp_scenario_check(const struct xp_scenario *scenario);

/* The free parameters: "2x1v1m1p2e1so"; false: not such a text. */
void xp_parameters_print(const struct xp_scenario *scenario, char *text, size_t size);
bool xp_parameters_parse(const char *text, struct xp_scenario *scenario);

static inline int xp_guest_cpus(const struct xp_scenario *s)
{
	return s->shared ? s->pcpus : s->vcpus * s->pcpus;
}

static inline int xp_first_cpu(const struct xp_scenario *s, int vcpu)
{
	int base = s->high ? s->kickers : 0;

	if (s->shared)
		return base + vcpu;
	/* The first, which migrates, has the highest. */
	return base + (s->high ? s->vcpus - 1 - vcpu : vcpu) * s->pcpus;
}

static inline int xp_kicker_cpu(const struct xp_scenario *s, int kicker)
{
	return (s->high ? 0 : xp_guest_cpus(s)) + kicker;
}

/* The one that is explored now. */
extern struct xp_scenario xp_scenario;

/* One sort of a backend's structs: n of them, each of size bytes, from this offset of its world on. */
struct xp_part {
	const char *tag;
	size_t at, size;
	int n;
};
enum { XP_BACKEND_PARTS = 4 };

/* What became of the requests to a vCPU, by number: made by kicks that have returned; taken by it. */
struct xp_requests {
	bool overtaken; /* taken more often than it was announced */
	unsigned long made, taken;
	unsigned long by[8];  /* made by each fiber */
	unsigned int kicking; /* fibers that are inside a kick, of whomever */
	unsigned long twice;  /* stints, by number, in which two plain kicks sent an IPI */
	bool claimed;	      /* its thread has seen a claim in this stint */
	unsigned long stale;  /* ended a call that began after their kick had returned */
	bool enters;	      /* in kick_block(), or a VMM's kick_guest_enter(): who waits there has halted */
	unsigned long over;   /* were for a call that is over: nobody owes them anything */
};

/* A backend, as explore_tmpl.c compiles it. */
struct xp_backend {
	const char *name;
	const struct kick_declaration *decl;
	void *world;
	size_t size, plain; /* the backend's own structs come first: so many bytes */
	size_t own_at, own_size; /* see struct xp_program */
	struct xp_part part[XP_BACKEND_PARTS];
	const void *masks; /* xp_cpumask_get() */
	size_t masks_size;
	void (*setup)(void);
	void (*run)(int self);
	void (*view)(int vcpu, struct kick_view *view);
	void (*requests)(int vcpu, struct xp_requests *requests);
};
extern const struct xp_backend *const xp_backends[]; /* ends with NULL */
const struct xp_backend *xp_backend(const char *name);

/* Why this backend has no such cell, or NULL. */
const char *xp_na(const struct xp_backend *backend, const struct xp_scenario *scenario);

/* For the judge: by fiber, which stints were on when its kick began; 0: none, or it did not look. */
extern int xp_stint_at_kick[8][XP_MOST_VCPUS];

/* A kick has returned: is its request pending in guest mode, and no IPI there? */
void xp_returned(unsigned int nr);

/*
 * In the middle of an execution, with these agents enabled: what is found if nothing but they goes on.
 * What a kick may yet mend that has not returned is not: claimer[] has the fiber that claimed each
 * vCPU's stint, or -1.
 */
unsigned int xp_judge_so_far(uint32_t enabled, const int claimer[XP_MOST_VCPUS]);

struct xp_program;
const struct xp_backend *xp_judged(void); /* that of the last xp_scenario_program() */
void xp_scenario_program(const struct xp_backend *backend, const struct xp_scenario *scenario,
			 struct xp_program *program);

#endif
