// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Scenario matrix: the closed round trip of every ordered pair of PUs, or of a sample of each
 * distance; what a heat map is drawn from.
 */
#include <stdlib.h>

#include "bench/cells/cells.h"

/* All pairs unless --pairs or a budget says how many of each distance. */
static int pairs_of(struct bench_plan *p, struct topo_pair **pairs, size_t *n)
{
	const struct bench_options *o = p->options;
	unsigned int mask = o->distances ? o->distances : TOPO_ALL_DISTANCES & ~TOPO_BIT(TOPO_SAME);

	if (!o->distances && topo_n_pus(p->topo) == 1)
		mask |= TOPO_BIT(TOPO_SAME);
	return topo_pairs(p->topo, mask, o->pairs_per_class, o->seed, pairs, n);
}

static int plan(struct bench_plan *p, const struct bench_scenario *self,
		const struct bench_backend *backend)
{
	struct bench_case c = bench_plan_cell(p, self, backend);
	struct topo_pair *pairs;
	size_t n;

	p->error = pairs_of(p, &pairs, &n);
	if (p->error)
		return p->error;
	p->n_pairwise = n;
	c.path = "in_guest";
	c.state = BENCH_IN_GUEST;
	c.form = "kick";
	c.loop = "closed";
	c.pcpus = 2;
	bench_plan_transports(p, c, pairs, n, bench_plan_add);
	free(pairs);
	return p->error;
}

extern const struct bench_scenario bench_scenario_roundtrip;

/* The same round trip, between the same two threads. */
static int run(const struct bench_env *env, const struct bench_case *c, struct bench_result *r,
	       char *err, size_t err_size)
{
	return bench_scenario_roundtrip.run(env, c, r, err, err_size);
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
