// SPDX-License-Identifier: GPL-2.0-or-later
/* What a carrier asks, whatever the backend. */
#include "machine/clock.h"
#include "machine/machine.h"
#include "results/random.h"

uint64_t carrier_next(struct carrier *c, uint64_t last, uint64_t now, double per_s)
{
	double jitter = 0.5 + (double)(random_next(&c->seed) >> 11) * 0x1p-53;
	uint64_t wait = per_s > 0 ? clock_from_ns((uint64_t)(1e9 / per_s * jitter)) : 0;

	if (per_s <= 0)
		return UINT64_MAX;
	return (now - last < wait ? last : now) + wait;
}

int carrier_free_cpu(const struct carrier *c, int from)
{
	for (int k = 1; k <= c->n_cpus; k++) {
		int cpu = c->first_cpu + (from - c->first_cpu + k) % c->n_cpus;

		if (machine.pcpu[cpu].vcpu < 0)
			return cpu;
	}
	return -1;
}

bool carrier_kickers_quiet(void)
{
	uint64_t sum[2] = { 0, 0 };

	for (int look = 0; look < 2; look++)
		for (int k = 0; k < machine.n_kickers; k++) {
			/* Pairs with the release that makes it even: what that kick sent is seen. */
			uint64_t calls = __atomic_load_n(&machine.kicker[k].calls, __ATOMIC_ACQUIRE);

			if (calls & 1)
				return false;
			sum[look] += calls;
		}
	return sum[0] == sum[1];
}
