/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The emulated host for real threads: pCPUs with doorbells, vCPUs with the machine's own record of
 * when they are in guest mode, and the books of every IPI.
 *
 * There is one machine at a time.  The main thread sets it up while no other thread runs; after
 * that each word has the one writer that is named beside it.
 */
#ifndef MACHINE_MACHINE_H
#define MACHINE_MACHINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "machine/wire.h"

#define MACHINE_LINE 128 /* two cache lines: adjacent-line prefetch pulls pairs */
#define MACHINE_ALIGNED __attribute__((aligned(MACHINE_LINE)))
#define MACHINE_EPOCHS 1024 /* loads that a vCPU's history remembers */
#define MACHINE_MAX_KICKERS 1024
#define MACHINE_MAX_NODES 1024 /* the kernel's most NUMA nodes */

/* Every IPI ends in exactly one of these: sent = the sum of them, after the drain. */
struct machine_ipis {
	uint64_t useful;   /* ended the stint it was for */
	uint64_t stale;	   /* taken on a pCPU where no vCPU was loaded */
	uint64_t spurious; /* found the vCPU out of guest mode, or in a later stint than the claimed */
	uint64_t dbl;	   /* merged with one that was pending already */
	uint64_t dropped;  /* the pCPU was offline */
	uint64_t invalid;  /* the number was no pCPU at all: a broken protocol */
};

struct machine_pcpu {
	/* The doorbell: senders add, the carrier polls.  Nothing else on this line. */
	struct {
		uint32_t ipis;
		uint32_t calls; /* those of the ipis that are function calls */
	} bell MACHINE_ALIGNED;
	/* Written by the carrier, read by who waits for a call, or by who interrupts the carrier. */
	uint32_t acked_calls MACHINE_ALIGNED;
	struct machine_wire *wire; /* set before the first vCPU is loaded; NULL: transport doorbell */
	/* The carrier's own. */
	uint32_t seen_ipis MACHINE_ALIGNED;
	bool irqs_off;	  /* what arrives stays pending */
	bool ended_stint; /* guest mode ended here, by the first of the pending IPIs */
	bool for_it;	  /* and that stint was the one claimed or requested */
	int vcpu;	  /* loaded here, -1 none */
	struct machine_ipis got;
};

/* The machine's own record of one vCPU: what "in guest" means in every verdict. */
struct machine_vcpu {
	uint64_t stint MACHINE_ALIGNED; /* odd: in guest mode; the carrier writes, kickers read */
	uint64_t by_ipi; /* the last stint that an IPI ended; it comes along with that line */
	uint64_t rescue MACHINE_ALIGNED; /* a kicker writes the stint that it asks to be looked at */
	/* Loads: the number of the newest, and on which pCPU each of the newest ones was. */
	uint64_t epoch MACHINE_ALIGNED;
	uint16_t epoch_cpu[MACHINE_EPOCHS];
	/* Requests taken, by number: the carrier writes, their kickers read. */
	uint64_t served[32] MACHINE_ALIGNED;
	/* The carrier's own. */
	int cpu MACHINE_ALIGNED; /* loaded on, -1 none */
	uint64_t stints, exits, natural, migrations, poisoned, lost;
	uint64_t resumed;	 /* interrupts that found nothing pending: the stint went on */
	uint64_t poisoned_stint; /* the last one that was counted */
	uint64_t looked;	 /* the carrier's look that it had last */
};

/* One kicker's line: `calls` is odd while it is inside a kick. */
struct machine_kicker {
	uint64_t calls MACHINE_ALIGNED;
};

struct machine {
	struct machine_pcpu *pcpu; /* pcpu[-1] is there and catches numbers that are none */
	int n_pcpus;
	int n_vcpus;
	int n_kickers;
	bool put_clears_cpu;
	unsigned long *online; /* bit per pCPU */
	char *vcpus;	       /* the backend's states, vcpu_stride apart */
	size_t vcpu_stride;
	char *pcpus; /* the backend's per-pCPU states */
	size_t pcpu_stride;
	char *kickers;
	size_t kicker_stride;
	void *vm;
	struct machine_vcpu *vcpu;
	struct machine_kicker *kicker;
	void *arena;
	size_t arena_size;
	enum machine_transport transport;
	bool no_mask_memory; /* kick_cpumask_get() finds none */
};
extern struct machine machine;

/* What this thread is: set by machine_become(), used by the world below every kick. */
struct kick_cpumask;
struct machine_self {
	int cpu;      /* the pCPU that it runs on */
	void *pcpu;   /* the backend's state of that */
	void *kicker; /* the backend's state of this thread */
	struct machine_pcpu *doorbell; /* of that pCPU */
	uint64_t sent;		       /* IPIs */
	struct kick_cpumask *mask;
	uint64_t misdirected;	       /* those that a probe found misdirected */
};
extern __thread struct machine_self machine_self __attribute__((tls_model("local-exec")));

/* What the machine must know of a backend. */
struct machine_sizes {
	size_t vcpu, vm, pcpu, kicker;
};

struct machine_config {
	int n_pcpus, n_vcpus, n_kickers;
	bool put_clears_cpu;
	enum machine_transport transport;
	unsigned int shift; /* fresh addresses: another value, other lines and sets */
	bool bound;	    /* its memory is to be on this NUMA node, by the system's number */
	int node;
	struct machine_sizes sizes;
};

/*
 * Everything zeroed, all pCPUs online, no vCPU loaded.  0, -EINVAL (no machine like that), -ENOMEM;
 * -EXDEV: the system does not give it memory on the node that it is bound to.
 */
int machine_init(const struct machine_config *config);
void machine_fini(void);
/* How many pages of its memory the kernel has elsewhere than on that NUMA node, as far as it says. */
size_t machine_pages_away(int node);

/* The calling thread runs on pCPU `cpu` from now on, as kicker number `kicker`. */
void machine_become(int cpu, int kicker);
/* The same thread goes on on another pCPU. */
static inline void machine_move(int cpu)
{
	machine_self.cpu = cpu;
	machine_self.pcpu = machine.pcpus + machine.pcpu_stride * (size_t)cpu;
	machine_self.doorbell = &machine.pcpu[cpu];
}

/*
 * Take every IPI that is still pending anywhere, once no thread sends any more: main thread.
 * -EIO when the books do not add up to `sent`.
 */
int machine_drain(uint64_t sent, struct machine_ipis *sum);
void machine_ipis_add(struct machine_ipis *sum, const struct machine_ipis *more);

/* At the carrier of that pCPU: IPIs that arrived and are not taken yet. */
static inline uint32_t machine_pending(const struct machine_pcpu *p)
{
	/* Pairs with kick_ipi(): who sees an IPI sees what its kicker did before. */
	return __atomic_load_n(&p->bell.ipis, __ATOMIC_ACQUIRE) - p->seen_ipis;
}

/*
 * At the carrier, interrupts on: take what is pending, put it into the books, and acknowledge
 * function calls (their handler is empty).
 */
void machine_take(struct machine_pcpu *p);

static inline void machine_serve(struct machine_pcpu *p)
{
	if (__builtin_expect(machine_pending(p), 0))
		machine_take(p);
}

/* What a carrier is to do; filled by the scenario, read by the carrier. */
struct carrier {
	int first_cpu, n_cpus;	  /* its pCPUs, consecutive */
	int first_vcpu, n_vcpus;  /* loaded one per pCPU at the start, from first_cpu on */
	int kicker;		  /* its number as a kicker (a self kick is one) */
	double migrations_per_s;  /* of each vCPU, between pCPUs of this carrier or to its peer */
	double natural_exits_per_s;
	struct carrier *peer;	  /* hand-over: the next carrier of the ring, NULL none */
	bool watch;		  /* look for poisoned stints and lost kicks */
	bool shares_pu;		  /* with a kicker: yield now and then */
	uint64_t seed;
	const uint32_t *kickers_left; /* the run ends when it is 0 */
	uint64_t hold_until; /* transport signal: no delivery before this tick; 0 never held */
	uint32_t inbox MACHINE_ALIGNED; /* vCPU + 1 handed over by the other carrier; 0 none */
	/* The carrier's own. */
	uint64_t next_move MACHINE_ALIGNED;
	uint64_t next_exit;
	uint64_t looks; /* at the clock */
	uint64_t sent; /* IPIs, by this thread */
	struct machine_wire wire;
};

/*
 * The tick of the next event at that rate: half to one and a half intervals from the last one, or,
 * when that is long overdue, from now.
 */
uint64_t carrier_next(struct carrier *c, uint64_t last, uint64_t now, double per_s);
/* The next pCPU of this carrier without a vCPU, after pCPU `from`; -1: none. */
int carrier_free_cpu(const struct carrier *c, int from);
/* All kickers outside a kick, all at the same moment?  (Two equal looks, all even.) */
bool carrier_kickers_quiet(void);

/* For the watchdog and for error messages: one line per pCPU and vCPU. */
void machine_print(int fd);

#endif
