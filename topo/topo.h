/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The machine as kickbench sees it: PUs, how far apart they are, and threads that stay on them. */
#ifndef TOPO_TOPO_H
#define TOPO_TOPO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Words.  `pu` is a logical index, 0..topo_n_pus()-1, in hwloc's order and counting only the PUs
 * this process may use; `cpu` is the operating system's number of the same hardware thread.
 * Functions return 0 or a negative errno unless they say otherwise.  `err` takes one line without
 * a newline when a function fails; it may be NULL.  After loading, a struct topo is read-only:
 * any number of threads may use it.
 */
struct topo;
#define TOPO_MAX_CPUS 8192 /* the kernel's largest NR_CPUS; also the bound of a synthetic machine */

/*
 * How far a vCPU's PU is from its kicker's: the nearest thing they share decides, nearest first.
 * A cache that spans NUMA nodes does not hide the border between them: `numa` beats `l3`.
 * A machine that shows no packages counts as one package.
 */
enum topo_distance {
	TOPO_SAME,    /* one PU: kicker and vCPU take turns on it */
	TOPO_SMT,     /* one core, two of its hardware threads */
	TOPO_L2,      /* two cores behind one L2 */
	TOPO_GROUP,   /* one group below a package (a cluster, a tile), nothing nearer in common */
	TOPO_L3,      /* one NUMA node, one L3, no common L2 */
	TOPO_DIE,     /* one NUMA node, one die, no common L3 */
	TOPO_PACKAGE, /* one NUMA node, one package, no common die or L3 */
	TOPO_NUMA,    /* one package, two NUMA nodes (sub-NUMA clusters, dies with memory) */
	TOPO_BOARD,   /* two packages of one group (a board, a chassis) */
	TOPO_REMOTE,  /* two packages, no such group in common */
	TOPO_N_DISTANCES
};

#define TOPO_BIT(distance) (1u << (distance))
#define TOPO_ALL_DISTANCES (TOPO_BIT(TOPO_N_DISTANCES) - 1)

/* "same", "smt", ...; NULL outside the enum. */
const char *topo_distance_name(enum topo_distance d);
/* The definition in one line, for help texts. */
const char *topo_distance_meaning(enum topo_distance d);

/* One hardware thread.  Ids are logical, machine-wide and -1 where hwloc shows no such object. */
struct topo_pu {
	int cpu;        /* OS number; may be sparse */
	int core;       /* -1 in some virtual machines */
	int smt;        /* rank among the usable PUs of its core; 0 is the first */
	int l2;
	int l3;
	int die;
	int package;
	int numa;       /* the nearest NUMA node */
	int group;      /* the smallest group below a package that is no NUMA node's */
	int board;      /* the smallest group of packages */
	bool group_in_l3; /* that group is a part of the L3, not the L3 of the group */
	int kind;       /* hybrid CPU kind, 0 = the most frugal; -1 unknown */
	int efficiency; /* hwloc's: higher is faster; -1 unknown */
};

/* How many of each have a PU that we may use; 0 where hwloc shows none. */
struct topo_counts {
	int pus, cores, l2s, l3s, dies, packages, numas, kinds;
	int max_smt; /* most usable PUs on any one core; 1 without SMT or cores */
	int groups, boards;
};

/*
 * The PUs this process may use here and now: cgroup cpusets and the affinity mask (taskset, Slurm;
 * the union of its threads' masks) are honoured.  Load it before pinning any thread and before any
 * real-time one.  -ENOMEM; -EACCES: we may not ask which those are; or hwloc's errno.  hwloc's own
 * HWLOC_XMLFILE and HWLOC_SYNTHETIC work; the result is then for planning only, unless
 * HWLOC_THISSYSTEM=1 says otherwise.
 */
int topo_load(struct topo **out, char *err, size_t err_size);
/*
 * Planning only, from lstopo's XML; "-" is stdin.  -ENOENT, -EACCES, ... unreadable; -EINVAL not a
 * topology.  Forks once: a damaged file may crash hwloc.
 */
int topo_load_xml(struct topo **out, const char *path, char *err, size_t err_size);
/* Planning only, e.g. "pack:2 l3:4 core:8 pu:2".  -EINVAL bad string; -E2BIG more than 8192 PUs. */
int topo_load_synthetic(struct topo **out, const char *text, char *err, size_t err_size);
void topo_free(struct topo *topo); /* NULL is fine */

/* false: planning only, every topo_pin_self() is refused. */
bool topo_is_this_system(const struct topo *topo);
/* "this machine", "xml FILE" or "synthetic STR". */
const char *topo_source(const struct topo *topo);
int topo_n_pus(const struct topo *topo);
/* NULL outside 0..topo_n_pus()-1. */
const struct topo_pu *topo_pu(const struct topo *topo, int pu);
/* The PU of an OS number, e.g. of sched_getcpu(); -1 when it is none of ours. */
int topo_pu_of_cpu(const struct topo *topo, int cpu);
void topo_count(const struct topo *topo, struct topo_counts *out);
/* The name the system gives a kind ("IntelAtom"); "" when it gives none.  Never NULL. */
const char *topo_kind_name(const struct topo *topo, int kind);
/* As hwloc-calc prints it, "Package:0.Core:1.PU:0", without the levels that the machine lacks. */
#define TOPO_NAME_SIZE 64
void topo_pu_name(const struct topo *topo, int pu, char *buf, size_t size);

/*
 * For run.json, to draw the machine from: a list for each of cpu, core, l3, numa and package, with a
 * number for every PU, as in struct topo_pu.  NULL: out of memory.
 */
struct cJSON;
struct cJSON *topo_layout_json(const struct topo *topo);

#define topo_for_each_pu(topo, pu) for (int pu = 0; pu < topo_n_pus(topo); pu++)

/* On one NUMA node; where a node is unknown it is not the same as another one. */
bool topo_same_numa(const struct topo *topo, int a, int b);

/* The system's number of a PU's NUMA node; -1: unknown. */
int topo_node(const struct topo *topo, int pu);
/*
 * Memory that is no PU's nearest (high-bandwidth memory, CXL): the i-th of the nodes that are near PU a or b,
 * or near none, by the system's number; -1: no more.  And its name, "node:4", as long as the topology lives.
 */
int topo_memory_only(const struct topo *topo, int a, int b, int i);
const char *topo_memory_name(const struct topo *topo, int node);

/* Symmetric.  Both PUs must exist. */
enum topo_distance topo_distance(const struct topo *topo, int a, int b);

/*
 * PUs that are as far from `from` as `first` is, `first` among them; and the i-th, counted round from
 * `first`, which is the 0th.
 */
int topo_count_peers(const struct topo *topo, int first, int from);
int topo_peer(const struct topo *topo, int first, int from, int i);

/* An ordered pair: (a, b) and (b, a) are different experiments. */
struct topo_pair {
	int kicker;
	int vcpu;
	enum topo_distance distance;
};

/*
 * Up to budget_per_class pairs of every class in the mask (TOPO_BIT(..) | ..), 0 = all of them,
 * sorted by class, kicker, vcpu.  A class with more pairs than the budget is sampled: equally many
 * of each kind of CPU kicking each kind, as far as there are so many, and uniformly among those.
 * The same topology and seed give the same pairs.  *out is for free(); *n may be 0.  -ENOMEM.
 */
int topo_pairs(const struct topo *topo, unsigned int distance_mask, size_t budget_per_class,
	       uint64_t seed, struct topo_pair **out, size_t *n);
/* How many ordered pairs each class has. */
void topo_count_pairs(const struct topo *topo, uint64_t counts[TOPO_N_DISTANCES]);

enum topo_order {
	TOPO_COMPACT, /* logical order: siblings and neighbours first */
	TOPO_SPREAD,  /* far apart: hwloc-distrib's order, but all cores before any second sibling */
	TOPO_N_ORDERS
};

const char *topo_order_name(enum topo_order order); /* "compact", "spread" */
/* The PU of each of n threads.  With more threads than PUs, PUs take more than one. */
void topo_place(const struct topo *topo, enum topo_order order, size_t n, int *pus);

/*
 * A list of PUs, in the order given: items separated by commas, each a logical number or a location
 * in hwloc-calc's syntax.  "0,32,8,40"  "0-6:2"  "pu:3"  "package:1.core:0-3.pu:0"
 * "numa:1"  "cpu:12" (an OS number).  An index is N, A-B, A-B:STRIDE, A-, A:COUNT, all, odd or
 * even, counted inside the object to its left.  *pus is for free() and never empty; a PU that is
 * named twice stands there twice.
 * -EINVAL syntax; -ENOENT no such object; -EACCES it exists but outside the cpuset or the affinity
 * mask; -ENODEV the CPU is offline; -ENOMEM.
 */
int topo_parse(const struct topo *topo, const char *text, int **pus, size_t *n, char *err,
	       size_t err_size);
/* The same for exactly one PU; -EINVAL when the text names more. */
int topo_parse_one(const struct topo *topo, const char *text, int *pu, char *err, size_t err_size);

/*
 * Keep the calling thread on one PU, and read it back.  -EOPNOTSUPP planning only; -EINVAL no such
 * PU; -EACCES the system refuses this CPU (cpuset shrunk, CPU offline); -ESTALE it agreed, but the
 * read-back differs.
 */
int topo_pin_self(const struct topo *topo, int pu);
/* Why no thread can be kept on any PU here (a sandbox denies the system call), or NULL. */
const char *topo_pin_missing(const struct topo *topo);
/* The same for another thread of this process by its tid, moved there on return.  -ESRCH: ended. */
int topo_pin_thread(const struct topo *topo, int tid, int pu);
/* Still pinned there, and running there?  One system call: for the end of a window.  -ESTALE no. */
int topo_verify_self(const struct topo *topo, int pu);
/* Let the calling thread run on every PU of the topology again.  Errors as topo_pin_self(). */
int topo_unpin_self(const struct topo *topo);
/* One line for a failed pin, verify or unpin (error < 0); pu is -1 for unpin. */
void topo_pin_explain(const struct topo *topo, int pu, int error, char *buf, size_t size);

/*
 * The CPUs of this machine that its scheduler puts nobody on unless asked to (isolcpus) and that this process
 * may therefore not use: "2,3"; "": none, or not this machine.
 */
void topo_isolated(const struct topo *topo, char *buf, size_t size);

/*
 * A number for the structure: PUs, OS numbers, what they share, cache sizes, kinds.  Not for names,
 * memory sizes or anything else that differs between two boots; the exported XML has the same one.
 */
uint64_t topo_hash(const struct topo *topo);
/* lstopo's XML, to be freed; NULL: no memory. */
char *topo_xml(const struct topo *topo);

#endif
