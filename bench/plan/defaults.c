// SPDX-License-Identifier: GPL-2.0-or-later
/* The defaults of bench. */
#include "bench/plan/defaults.h"

#include <string.h>

void bench_options_init(struct bench_options *o)
{
	static const double rates[] = { 0, 1e3, 1e4, 1e5, 1e6 };

	*o = (struct bench_options){ .kicker_pu = -1,
				     .vcpu_pu = -1,
				     .kickers = { 1, 2 },
				     .n_kickers = 2,
				     .n_migrations = sizeof(rates) / sizeof(rates[0]),
				     .rate_per_s = 1e4,
				     .widen_ns = 10000,
				     .repetitions = 9,
				     .window_ns = 50000000,
				     .seed = 1 };
	memcpy(o->migrations, rates, sizeof(rates));
	for (size_t i = 0; i < bench_n_backends && o->n_backends < BENCH_MAX_LIST; i++)
		if (strncmp(bench_backends[i].name, "busted_", 7))
			o->backend[o->n_backends++] = &bench_backends[i];
	for (size_t i = 0; bench_scenarios()[i]; i++)
		if (!bench_scenarios()[i]->on_demand)
			o->scenario[o->n_scenarios++] = bench_scenarios()[i];
}
