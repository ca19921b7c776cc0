// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Scenario matrix: the closed round trip of every ordered pair of PUs, or of a sample of each
 * distance; what a heat map is drawn from.
 */
#include <stdlib.h>

#include "bench/cells/cells.h"

static void plan(struct bench_plan *p, struct bench_case c)
{
	const struct bench_options *o = p->options;
	struct topo_pair *pairs;
	size_t n;

	/* All pairs unless --pairs or a budget says how many of each distance. */
	p->error = topo_pairs(p->topo, bench_pairwise_distances(o, p->topo), o->pairs_per_class, o->seed,
			      &pairs, &n);
	if (p->error)
		return;
	p->n_pairwise = n;
	c.pcpus = 2;
	bench_plan_transports(p, c, pairs, n, bench_plan_add);
	free(pairs);
}

extern const struct bench_scenario bench_scenario_roundtrip;

/* The same round trip, between the same two threads. */
static int run(const struct bench_env *env, const struct bench_case *c, struct bench_result *r)
{
	return bench_scenario_roundtrip.run(env, c, r);
}

const struct bench_scenario bench_scenario_matrix = {
	.name = "matrix",
	.summary = "round trips of all pairs of PUs, or --pairs of each distance, into matrix.csv",
	.place = 8,
	.on_demand = true,
	.pairwise = true,
	.plan = plan,
	.run = run,
};
