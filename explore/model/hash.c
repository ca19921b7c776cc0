// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A state as 128 bits: memory, pCPUs, buffers, and of each fiber what it has been told so far.  Of a
 * graph: the order of the stores to each word; who read which, the fibers have been told.  Two
 * states are taken for the same if these are equal; with n states that is wrong with a probability
 * below n * n / 2^129.
 */
#include <string.h>

#include "explore/model/graph.h"

struct hash {
	uint64_t a, b;
};

static void mix(struct hash *h, uint64_t v)
{
	h->a = xp_mix(h->a, v);
	h->b = (h->b ^ v) * 0xff51afd7ed558ccdu;
	h->b ^= h->b >> 32;
}

static void mix_memory(struct hash *h)
{
	const uint64_t *word = xp.program->arena;
	size_t i, words = xp.program->size / sizeof(*word);
	uint64_t rest = 0;

	for (i = 0; i < words; i++)
		mix(h, word[i]);
	memcpy(&rest, word + words, xp.program->size % sizeof(*word));
	mix(h, rest);
}

static void mix_machine(struct hash *h)
{
	int i;

	for (i = 0; i < xp.program->n_pcpus; i++) {
		struct xp_pcpu *p = &xp.pcpu[i];

		mix(h, p->irq_off | p->pending << 8 | p->calls << 16 | (uint64_t)p->acked << 24);
	}
	for (i = 0; i < XP_VCPUS; i++)
		mix(h, xp.stint[i]);
	if (xp.program->count_ipis)
		mix(h, xp.ipis.stale | (uint64_t)xp.ipis.dropped << 32);
}

static void mix_lane(struct hash *h, int agent)
{
	struct xp_lane *lane = &xp.lane[agent];
	int i;

	for (i = 0; i < lane->n; i++) {
		struct xp_store *s = &lane->store[(lane->head + i) % XP_LANE];

		mix(h, s->op.a + agent * 1000003u);
		mix(h, s->seq + ((uint64_t)s->op.slot << 32));
	}
}

/* A word: its stores in their order.  A part of the machine: what may still be learned there. */
static void mix_place(struct hash *h, const struct xp_place *place)
{
	const struct xp_node *e;
	int i = place->n - 1;

	mix(h, place->slot);
	if (!place->machine) {
		for (; i > 0; i--)
			mix(h, xp_graph_name(place->chain[i]));
		return;
	}
	mix(h, xp_nodes_hash(&xp_graph.node[place->chain[i]].sync));
	for (; i > 0; i--) {
		e = &xp_graph.node[place->chain[i]];
		if (e->changes || e->kind == XP_IRQ_ON)
			mix(h, xp_nodes_hash(&e->sync));
	}
}

static void mix_graph(struct hash *h)
{
	int i;

	for (i = 0; i < xp_graph.n_places; i++)
		if (xp_graph.place[i].n > 1)
			mix_place(h, &xp_graph.place[i]);
}

void xp_hash_state(uint64_t hash[2])
{
	struct hash h = { 1, 2 };
	int j;

	mix_memory(&h);
	mix_machine(&h);
	for (j = 0; j < xp.n_fibers; j++)
		mix(&h, xp.fiber[j].history + xp.fiber[j].done);
	for (; j < xp.n_agents; j++)
		mix_lane(&h, j);
	if (xp.model->graph)
		mix_graph(&h);
	hash[0] = h.a;
	hash[1] = h.b;
}
