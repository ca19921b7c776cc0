// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A state as 128 bits: memory, pCPUs, buffers, and of each fiber what it has been told so far.  Two
 * states are taken for the same if these are equal; with n states that is wrong with a probability
 * below n * n / 2^129.
 */
#include <string.h>

#include "explore/engine.h"

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
	hash[0] = h.a;
	hash[1] = h.b;
}
