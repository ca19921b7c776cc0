/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A carrier's orders and its state; the code is in carrier.h, which needs a backend. */
#ifndef MACHINE_CARRIER_CONFIG_H
#define MACHINE_CARRIER_CONFIG_H

#include <stdbool.h>
#include <stdint.h>

#include "machine/machine.h"

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

#endif
