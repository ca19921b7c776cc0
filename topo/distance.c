// SPDX-License-Identifier: GPL-2.0-or-later
/* How far apart two PUs are, and which pairs of PUs stand for each distance. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "results/random.h"
#include "topo/internal.h"

static const struct {
	const char *name;
	const char *meaning;
} distances[TOPO_N_DISTANCES] = {
	[TOPO_SAME] = { "same", "one PU: kicker and vCPU take turns on it" },
	[TOPO_SMT] = { "smt", "one core, two of its hardware threads" },
	[TOPO_L2] = { "l2", "two cores behind one L2" },
	[TOPO_GROUP] = { "group", "one group below a package (a cluster, a tile), nothing nearer" },
	[TOPO_L3] = { "l3", "one NUMA node, one L3, no common L2" },
	[TOPO_DIE] = { "die", "one NUMA node, one die, no common L3" },
	[TOPO_PACKAGE] = { "package", "one NUMA node, one package, no common die or L3" },
	[TOPO_NUMA] = { "numa", "one package, two NUMA nodes" },
	[TOPO_BOARD] = { "board", "two packages of one group (a board, a chassis)" },
	[TOPO_REMOTE] = { "remote", "two packages" },
};

const char *topo_distance_name(enum topo_distance d)
{
	return (unsigned int)d < TOPO_N_DISTANCES ? distances[d].name : NULL;
}

const char *topo_distance_meaning(enum topo_distance d)
{
	return (unsigned int)d < TOPO_N_DISTANCES ? distances[d].meaning : NULL;
}

/* What is unknown is not the same as another unknown. */
static bool shared(int a, int b)
{
	return a >= 0 && a == b;
}

/* From the nearest to the farthest; borders (package, NUMA) before what may reach across them. */
static enum topo_distance between(const struct topo_pu *a, const struct topo_pu *b)
{
	if (a == b)
		return TOPO_SAME;
	if (shared(a->core, b->core))
		return TOPO_SMT;
	if (shared(a->l2, b->l2))
		return TOPO_L2;
	if (a->package != b->package)
		return shared(a->board, b->board) ? TOPO_BOARD : TOPO_REMOTE;
	if (!shared(a->numa, b->numa))
		return TOPO_NUMA;
	if (a->group_in_l3 && shared(a->group, b->group))
		return TOPO_GROUP;
	if (shared(a->l3, b->l3))
		return TOPO_L3;
	if (shared(a->group, b->group))
		return TOPO_GROUP;
	if (shared(a->die, b->die))
		return TOPO_DIE;
	return TOPO_PACKAGE;
}

bool topo_same_numa(const struct topo *topo, int a, int b)
{
	return a == b || shared(topo->pu[a].numa, topo->pu[b].numa);
}

enum topo_distance topo_distance(const struct topo *topo, int a, int b)
{
	return between(&topo->pu[a], &topo->pu[b]);
}

static bool is_peer(const struct topo *topo, int pu, int first, int from)
{
	return topo_distance(topo, pu, from) == topo_distance(topo, first, from);
}

int topo_count_peers(const struct topo *topo, int first, int from)
{
	int n = 0;

	topo_for_each_pu(topo, pu)
		n += is_peer(topo, pu, first, from);
	return n;
}

int topo_peer(const struct topo *topo, int first, int from, int i)
{
	int pu = first;

	for (i %= topo_count_peers(topo, first, from); i; i -= is_peer(topo, pu, first, from))
		pu = (pu + 1) % topo->n_pus;
	return pu;
}

void topo_count_pairs(const struct topo *topo, uint64_t counts[TOPO_N_DISTANCES])
{
	memset(counts, 0, TOPO_N_DISTANCES * sizeof(*counts));
	topo_for_each_pu(topo, a)
		topo_for_each_pu(topo, b)
			counts[between(&topo->pu[a], &topo->pu[b])]++;
}

/*
 * Selection sampling: of `left` pairs to come, `wanted` are to be chosen, so the next one is with
 * probability wanted / left.  Exact, in order and without a list of all the pairs.  Each class has
 * its own random numbers: a change of the mask does not change the pairs of the other classes.
 */
struct sampler {
	uint64_t left;
	uint64_t wanted;
	uint64_t random;
};

/* A class falls into strata: which kind of CPU kicks which.  KINDS - 1 of them are told apart. */
enum { KINDS = 8, STRATA = KINDS * KINDS };

struct plan {
	struct sampler sampler[TOPO_N_DISTANCES][STRATA];
	struct topo_pair *next[TOPO_N_DISTANCES];
};

static int kind_index(int kind)
{
	return kind < 0 ? 0 : kind < KINDS - 1 ? kind + 1 : KINDS - 1;
}

static struct sampler *sampler_of(struct plan *plan, const struct topo_pu *a, const struct topo_pu *b)
{
	return &plan->sampler[between(a, b)][kind_index(a->kind) * KINDS + kind_index(b->kind)];
}

static bool choose(struct sampler *s)
{
	uint64_t left = s->left--;

	if (s->wanted < left) {
		uint64_t at = (unsigned __int128)random_next(&s->random) * left >> 64;

		if (at >= s->wanted)
			return false;
	}
	s->wanted--;
	return true;
}

static uint64_t least(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* How many strata could give more; *nth becomes the index of the nth of them, counted round. */
static uint64_t open_strata(const struct sampler *stratum, uint64_t *nth)
{
	size_t open[STRATA], n = 0;

	for (size_t i = 0; i < STRATA; i++)
		if (stratum[i].wanted < stratum[i].left)
			open[n++] = i;
	*nth = n ? open[*nth % n] : 0;
	return n;
}

/*
 * Equal shares of the budget for all strata of a class; what a small one cannot use goes to the
 * others.  The seed says whose turn it is where the shares do not come out even.
 */
static uint64_t share_out(struct sampler *stratum, uint64_t budget, uint64_t seed)
{
	uint64_t left = budget, n, first = seed;

	while (left && (n = open_strata(stratum, &first))) {
		uint64_t share = left > n ? left / n : 1;

		for (size_t i = 0; i < STRATA; i++) {
			struct sampler *s = &stratum[(first + i) % STRATA];
			uint64_t more = least(least(share, left), s->left - s->wanted);

			s->wanted += more;
			left -= more;
		}
		first = seed;
	}
	return budget - left;
}

/* A class keeps its random numbers when others come in between. */
static int stream_of(int d)
{
	static const int later[TOPO_N_DISTANCES] = { [TOPO_GROUP] = 9, [TOPO_BOARD] = 10, [TOPO_REMOTE] = 8 };

	return later[d] ? later[d] : d < TOPO_GROUP ? d + 1 : d;
}

static size_t plan_samplers(const struct topo *topo, unsigned int mask, size_t budget,
			    uint64_t seed, size_t wanted[TOPO_N_DISTANCES], struct plan *plan)
{
	size_t total = 0;

	topo_for_each_pu(topo, a)
		topo_for_each_pu(topo, b)
			sampler_of(plan, &topo->pu[a], &topo->pu[b])->left++;
	for (int d = 0; d < TOPO_N_DISTANCES; d++) {
		uint64_t class_seed = seed ^ (uint64_t)stream_of(d) << 56;

		for (int i = 0; i < STRATA; i++)
			plan->sampler[d][i].random = class_seed + (uint64_t)i;
		wanted[d] = 0;
		if (mask & TOPO_BIT(d))
			wanted[d] = share_out(plan->sampler[d], budget ? budget : UINT64_MAX, seed);
		total += wanted[d];
	}
	return total;
}

static void draw(const struct topo *topo, struct plan *plan)
{
	topo_for_each_pu(topo, a) {
		topo_for_each_pu(topo, b) {
			struct sampler *s = sampler_of(plan, &topo->pu[a], &topo->pu[b]);
			enum topo_distance d = between(&topo->pu[a], &topo->pu[b]);

			if (s->wanted && choose(s))
				*plan->next[d]++ = (struct topo_pair){ a, b, d };
		}
	}
}

int topo_pairs(const struct topo *topo, unsigned int distance_mask, size_t budget_per_class,
	       uint64_t seed, struct topo_pair **out, size_t *n)
{
	struct plan *plan = calloc(1, sizeof(*plan));
	size_t wanted[TOPO_N_DISTANCES], total;
	struct topo_pair *pairs, *next;

	if (!plan)
		return -ENOMEM;
	total = plan_samplers(topo, distance_mask, budget_per_class, seed, wanted, plan);
	next = pairs = calloc(total ? total : 1, sizeof(*pairs));
	if (!pairs) {
		free(plan);
		return -ENOMEM;
	}
	for (int d = 0; d < TOPO_N_DISTANCES; d++) {
		plan->next[d] = next;
		next += wanted[d];
	}
	draw(topo, plan);
	free(plan);
	*out = pairs;
	*n = total;
	return 0;
}
