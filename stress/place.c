// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Which PU each thread of a phase gets.  Phases take turns at the distances that the machine has, so that
 * every one of them is kicked across, with the windows on and off; where on the machine is drawn anew for
 * each phase.
 */
#include <stdio.h>
#include <stdlib.h>

#include "stress/state.h"
#include "topo/topo.h"

/* The most threads by default: twelve kickers have request numbers of their own, four carriers besides. */
enum { DEFAULT_THREADS = 16, CYCLE = 8, STEPS = 3 };

static int at_least(int n, int least)
{
	return n < least ? least : n;
}

void stress_crew(const struct stress_options *o, const struct topo *topo, int *kickers, int *carriers)
{
	int pus = topo_n_pus(topo), most = STRESS_MAX_VCPUS / o->vcpus_per_carrier;
	int threads = o->threads ? o->threads : pus < DEFAULT_THREADS ? pus : DEFAULT_THREADS;

	*carriers = threads < 4 ? 1 : threads < 8 ? 2 : threads / 4;
	*carriers = *carriers > most ? most : *carriers;
	if (o->carriers)
		*carriers = o->carriers;
	else if (o->threads && o->kickers)
		*carriers = at_least(threads - o->kickers, 1);
	/* Two kickers at least, unless so many threads were asked for: one alone never meets another. */
	*kickers = o->kickers ? o->kickers : at_least(threads - *carriers, o->threads ? 1 : 2);
}

unsigned int stress_distances(const struct stress_options *o, const struct topo *topo)
{
	unsigned int asked = o->distances ? o->distances : TOPO_ALL_DISTANCES & ~TOPO_BIT(TOPO_SAME);
	unsigned int there = 0;
	uint64_t pairs[TOPO_N_DISTANCES];

	topo_count_pairs(topo, pairs);
	for (int d = 0; d < TOPO_N_DISTANCES; d++)
		there |= pairs[d] ? TOPO_BIT(d) : 0;
	return there & asked || o->distances ? there & asked : TOPO_BIT(TOPO_SAME);
}

/*
 * Three steps per cycle of eight phases: the two with windows and without are at one distance, and so are
 * those that say what the oracle costs.  Each round begins one further on, or sets of windows and distances
 * would go in step.
 */
enum topo_distance stress_turn_of(unsigned int distances, unsigned int phase, bool *apart)
{
	unsigned int in_cycle = phase % CYCLE / 2, n = (unsigned int)__builtin_popcount(distances);
	unsigned int step = phase / CYCLE * STEPS + (in_cycle < STEPS ? in_cycle : STEPS - 1);
	unsigned int left = distances;

	*apart = step / n & 1;
	for (step = (step + step / n) % n; step; step--)
		left &= left - 1;
	return (enum topo_distance)__builtin_ctz(left);
}

struct places {
	const struct topo *topo;
	enum topo_distance distance;
	bool apart; /* carriers anywhere, not near each other: vCPUs go far, too */
	bool full;  /* no carrier has an unused PU at the distance any more */
	bool *used;
	uint64_t seed;
	int kickers, carriers;
	int *pu; /* kickers, then carriers */
};

/* An unused PU at that distance, looked for from `at` on, round; -1: none. */
static int unused(const struct places *p, int at, int from, enum topo_distance d)
{
	int n = topo_n_pus(p->topo);

	for (int i = 0; i < n; i++) {
		int pu = (at + i) % n;

		if (!p->used[pu] && (from < 0 || topo_distance(p->topo, pu, from) == d))
			return pu;
	}
	return -1;
}

static int anywhere(struct places *p)
{
	return (int)(random_next(&p->seed) % (uint64_t)topo_n_pus(p->topo));
}

/* Has an unused PU, this one apart, at the phase's distance? */
static bool has_room(struct places *p, int pu)
{
	int peer;

	if (p->distance == TOPO_SAME)
		return true;
	p->used[pu] = true;
	peer = unused(p, pu, pu, p->distance);
	p->used[pu] = false;
	return peer >= 0;
}

/* An unused PU with room for a kicker, as near to the first carrier as there is one, or anywhere. */
static int carrier_place(struct places *p, int c)
{
	int n = topo_n_pus(p->topo), from = anywhere(p), first = p->pu[p->kickers];

	for (int d = TOPO_SMT; d <= TOPO_N_DISTANCES; d++)
		for (int i = 0; i < n; i++) {
			int pu = (from + i) % n;
			bool fits = !c || p->apart || d == TOPO_N_DISTANCES ||
				    topo_distance(p->topo, pu, first) == (enum topo_distance)d;

			if (fits && !p->used[pu] && has_room(p, pu))
				return pu;
		}
	return unused(p, from, -1, TOPO_SAME);
}

static void place_carrier(struct places *p, int c)
{
	int n = topo_n_pus(p->topo), *pu = p->pu + p->kickers, own = n > 1 ? n - 1 : 1;

	/* One PU is left to the kickers. */
	pu[c] = c < own ? carrier_place(p, c) : -1;
	if (pu[c] < 0)
		pu[c] = c ? pu[c % (c < own ? c : own)] : 0;
	p->used[pu[c]] = true;
}

/* At the distance from its carrier, from another one, or where there is room; the last ones share. */
static void place_kicker(struct places *p, int k, int n_carriers)
{
	const int *carrier = p->pu + p->kickers;
	int pu = p->distance == TOPO_SAME ? carrier[k % n_carriers] : -1;

	for (int i = 0; pu < 0 && !p->full && i < n_carriers; i++)
		pu = unused(p, anywhere(p), carrier[(k + i) % n_carriers], p->distance);
	p->full |= pu < 0 && n_carriers == p->carriers;
	if (pu < 0)
		pu = unused(p, anywhere(p), -1, TOPO_SAME);
	if (pu < 0)
		pu = k ? p->pu[(k - 1) / 2] : carrier[0];
	p->pu[k] = pu;
	p->used[pu] = true;
}

/* Each carrier has its first kicker before the next carrier might take that one's place. */
static void place_by_distance(struct places *p)
{
	int k = 0;

	for (int c = 0; c < p->carriers; c++) {
		place_carrier(p, c);
		if (k < p->kickers)
			place_kicker(p, k++, c + 1);
	}
	for (; k < p->kickers; k++)
		place_kicker(p, k, p->carriers);
}

int stress_place(const struct stress_phase *phase, int kickers, int carriers, int *pu)
{
	const struct stress_options *o = phase->options;
	struct places p = { .topo = phase->topo, .distance = phase->distance, .apart = phase->apart,
			    .seed = phase->seed ^ 0x706c616365, .kickers = kickers, .carriers = carriers,
			    .pu = pu };

	p.used = calloc((size_t)topo_n_pus(p.topo), sizeof(*p.used));
	if (!p.used)
		return -1;
	place_by_distance(&p);
	free(p.used);
	for (int k = 0; o->n_kicker_pus && k < kickers; k++)
		pu[k] = o->kicker_pu[(size_t)k % o->n_kicker_pus];
	for (int c = 0; o->n_vcpu_pus && c < carriers; c++)
		pu[kickers + c] = o->vcpu_pu[(size_t)c % o->n_vcpu_pus];
	return 0;
}

void stress_distance_names(unsigned int distances, char *text, size_t size)
{
	size_t used = 0;

	*text = '\0';
	for (int d = 0; d < TOPO_N_DISTANCES; d++)
		if (distances & TOPO_BIT(d) && used < size)
			used += (size_t)snprintf(text + used, size - used, "%s%s", used ? "+" : "",
						 topo_distance_name((enum topo_distance)d));
}
