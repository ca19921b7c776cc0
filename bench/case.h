/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A case: what one row measures.  Its repetition apart it is a cell of a plan. */
#ifndef BENCH_CASE_H
#define BENCH_CASE_H

#include "bench/backend.h"
#include "topo/topo.h"

/* The strings are static. */
struct bench_case {
	const struct topo *topo;
	const struct bench_scenario *scenario;
	const struct bench_backend *backend; /* NULL: a floor */
	const char *path, *line, *form, *put, *loop;
	enum bench_path state;
	enum bench_form what;
	enum machine_transport transport;
	int kicker_pu, vcpu_pu; /* -1: none; of several kickers the first, see bench_kicker_pu() */
	enum topo_distance distance;
	/* Of the memory: kicker, vcpu (their NUMA nodes), node:N (one without PUs); NULL: one node. */
	const char *home;
	int kickers, pcpus, vcpus;
	/* Broadcasts: the share of the vCPUs that is in guest mode, and how many the mask names. */
	int in_guest_pct, mask_width;
	bool wakeup, wait;
	double migrations_per_s, natural_exits_per_s;
	double rate_per_s; /* open loop */
	const char *arrivals; /* open loop: fixed or poisson; NULL: closed */
	bool by_scheduler; /* in the kernel: one thread is moved; else two hand the vCPU over */
	uint64_t kicks;	   /* in the kernel: a row ends after so many; 0: with its window */
	uint64_t widen_ns; /* longest delay in the window between cpu read and claim */
	uint64_t window_ns, seed;
	unsigned int repetition;
	const char *na; /* not NULL: this cell cannot be, and why */
};

/* Kicker i's PU: all are as far from the vCPU as the first one. */
static inline int bench_kicker_pu(const struct bench_case *c, int i)
{
	return i ? topo_peer(c->topo, c->kicker_pu, c->vcpu_pu, i) : c->kicker_pu;
}

/* In the kernel a vCPU's pCPUs are PUs: the first one's, then others, no kicker's.  -1: there is none. */
static inline int bench_vcpu_pu(const struct bench_case *c, int i)
{
	int pu = c->vcpu_pu;

	for (int next = 0; i > 0 && next < topo_n_pus(c->topo); next++) {
		bool taken = next == c->vcpu_pu;

		for (int k = 0; k < c->kickers; k++)
			taken |= next == bench_kicker_pu(c, k);
		if (!taken) {
			pu = next;
			i--;
		}
	}
	return i > 0 ? -1 : pu;
}

/* More threads than PUs: kickers take turns. */
static inline bool bench_is_crowded(const struct bench_case *c)
{
	return c->kicker_pu == c->vcpu_pu || c->kickers + 1 > topo_n_pus(c->topo);
}

/* The doorbell's text polls; the other transports have a text of their own. */
static inline const struct bench_live *bench_live_of(const struct bench_case *c)
{
	return c->transport == MACHINE_DOORBELL ? c->backend->live : c->backend->wired;
}

/*
 * "fastpath/self/hot/kick/sticky": what a cell is called, without its backend; and
 * "roundtrip/in_guest/kick/closed/old/pu:0-1/rep:3": a row, as in the library's JSON.
 */
void bench_case_name(const struct bench_case *c, char *buf, size_t size);
void bench_row_name(const struct bench_case *c, unsigned int repetition, char *buf, size_t size);

#endif
