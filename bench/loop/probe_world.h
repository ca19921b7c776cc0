/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the probe notes inside a kick: the newest load of the vCPU right before the claim, the times
 * of claim and IPI, and whether the IPI's target was a number from before the claimed stint.
 */
#ifndef BENCH_PROBE_WORLD_H
#define BENCH_PROBE_WORLD_H

#include <stdbool.h>

#include "machine/clock.h"
#include "machine/machine.h"
#include "machine/probes.h"
#include "machine/relax.h"

struct probe {
	uint64_t claim_epoch; /* of vCPU 0: the claimed stint is of this load or of a later one */
	uint64_t claim_time, send_time;
	uint64_t linger; /* ticks, in the window between cpu read and claim */
};
static __thread struct probe probe;

static inline void probe_linger(uint64_t ticks)
{
	uint64_t until = clock_now() + ticks;

	while (clock_now() < until)
		machine_relax();
}

static inline void probe_window(enum kick_window window)
{
	if (window == KICK_W_BEFORE_CLAIM) {
		machine_probe1(claim, machine_self.cpu);
		/* Pairs with the release in carrier_load(). */
		probe.claim_epoch = __atomic_load_n(&machine.vcpu[0].epoch, __ATOMIC_ACQUIRE);
		probe.claim_time = clock_now();
	} else if (window == KICK_W_CPU_CLAIM && probe.linger) {
		probe_linger(probe.linger);
	}
}

/*
 * Misdirected: the target is the pCPU of no load from the claimed one on.  Each load is recorded
 * before its cpu can be read, so a number that was read after the claim is always found here.
 */
static inline void probe_ipi(int cpu, bool claims)
{
	const struct machine_vcpu *v = &machine.vcpu[0];
	uint64_t newest;

	smp_rmb(); /* the protocol's read of cpu before the history; pairs with carrier_load() */
	/* Pairs with the release in carrier_load(): the history of every epoch up to this one. */
	newest = __atomic_load_n(&v->epoch, __ATOMIC_ACQUIRE);
	probe.send_time = clock_now();
	if (!claims)
		return; /* no claim, no stint that the number could be older than */
	if (newest - probe.claim_epoch >= MACHINE_EPOCHS / 2)
		return; /* the history may be overwritten meanwhile: not known, not counted */
	for (uint64_t e = probe.claim_epoch; e <= newest; e++)
		if (__atomic_load_n(&v->epoch_cpu[e % MACHINE_EPOCHS], __ATOMIC_RELAXED) == cpu)
			return;
	machine_self.misdirected++;
}

#define kick_window(window) probe_window(window)
/* The backend's declaration comes after this header: a function of the template asks it. */
static inline bool probe_claims(void);
#define KICK_IPI_HOOK(cpu) probe_ipi(cpu, probe_claims())

#endif
