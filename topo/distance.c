// SPDX-License-Identifier: GPL-2.0-or-later
/* How far apart two PUs are, and which pairs of PUs stand for each distance. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "topo/internal.h"

static const struct {
	const char *name;
	const char *meaning;
} distances[TOPO_N_DISTANCES] = {
	[TOPO_SAME] = { "same", "one PU: kicker and vCPU take turns on it" },
	[TOPO_SMT] = { "smt", "one core, two of its hardware threads" },
	[TOPO_L2] = { "l2", "two cores behind one L2" },
	[TOPO_L3] = { "l3", "one NUMA node, one L3, no common L2" },
	[TOPO_DIE] = { "die", "one NUMA node, one die, no common L3" },
	[TOPO_PACKAGE] = { "package", "one NUMA node, one package, no common die or L3" },
	[TOPO_NUMA] = { "numa", "one package, two NUMA nodes" },
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

int topo_distance_parse(const char *name, enum topo_distance *out)
{
	for (int d = 0; d < TOPO_N_DISTANCES; d++) {
		if (!strcmp(name, distances[d].name)) {
			*out = d;
			return 0;
		}
	}
	return -EINVAL;
}

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
		return TOPO_REMOTE;
	if (a->numa != b->numa)
		return TOPO_NUMA;
	if (shared(a->l3, b->l3))
		return TOPO_L3;
	if (shared(a->die, b->die))
		return TOPO_DIE;
	return TOPO_PACKAGE;
}

enum topo_distance topo_distance(const struct topo *topo, int a, int b)
{
	return between(&topo->pu[a], &topo->pu[b]);
}

void topo_count_pairs(const struct topo *topo, uint64_t counts[TOPO_N_DISTANCES])
{
	memset(counts, 0, TOPO_N_DISTANCES * sizeof(*counts));
	topo_for_each_pu(topo, a)
		topo_for_each_pu(topo, b)
			counts[between(&topo->pu[a], &topo->pu[b])]++;
}

/* splitmix64: any seed will do, also 0 and neighbours. */
static uint64_t next_random(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
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
	struct topo_pair *next;
};

static bool choose(struct sampler *s)
{
	uint64_t left = s->left--;

	if (s->wanted < left) {
		uint64_t at = (unsigned __int128)next_random(&s->random) * left >> 64;

		if (at >= s->wanted)
			return false;
	}
	s->wanted--;
	return true;
}

static size_t plan_samplers(const struct topo *topo, unsigned int mask, size_t budget,
			    uint64_t seed, struct sampler sampler[TOPO_N_DISTANCES])
{
	uint64_t counts[TOPO_N_DISTANCES];
	size_t total = 0;

	topo_count_pairs(topo, counts);
	for (int d = 0; d < TOPO_N_DISTANCES; d++) {
		uint64_t wanted = mask & TOPO_BIT(d) ? counts[d] : 0;

		if (budget && wanted > budget)
			wanted = budget;
		sampler[d] = (struct sampler){ .left = counts[d],
					       .wanted = wanted,
					       .random = seed ^ (uint64_t)(d + 1) << 56 };
		total += wanted;
	}
	return total;
}

static void draw(const struct topo *topo, struct sampler sampler[TOPO_N_DISTANCES])
{
	topo_for_each_pu(topo, a) {
		topo_for_each_pu(topo, b) {
			enum topo_distance d = between(&topo->pu[a], &topo->pu[b]);

			if (sampler[d].wanted && choose(&sampler[d]))
				*sampler[d].next++ = (struct topo_pair){ a, b, d };
		}
	}
}

int topo_pairs(const struct topo *topo, unsigned int distance_mask, size_t budget_per_class,
	       uint64_t seed, struct topo_pair **out, size_t *n)
{
	struct sampler sampler[TOPO_N_DISTANCES];
	size_t total = plan_samplers(topo, distance_mask, budget_per_class, seed, sampler);
	struct topo_pair *pairs = calloc(total ? total : 1, sizeof(*pairs));

	if (!pairs)
		return -ENOMEM;
	sampler[0].next = pairs;
	for (int d = 1; d < TOPO_N_DISTANCES; d++)
		sampler[d].next = sampler[d - 1].next + sampler[d - 1].wanted;
	draw(topo, sampler);
	*out = pairs;
	*n = total;
	return 0;
}
