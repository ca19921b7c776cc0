// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A state as 128 bits: memory, pCPUs, buffers, and of each fiber what it has been told so far.  A
 * model adds what it keeps elsewhere.  Two
 * states are taken for the same if these are equal; with n states that is wrong with a probability of
 * about n * n / 2^65 at the most, since what a fiber has been told is 64 bits of it.
 */
#include <string.h>

#include "explore/engine/state.h"

/* Has only a kicker that has ended kept this there?  Then it is past. */
static bool is_past(size_t at)
{
	size_t fiber = (at - xp.program->own_at) / (xp.program->own_size ? xp.program->own_size : 1);

	return at >= xp.program->own_at && fiber < (size_t)xp.n_fibers &&
	       fiber >= (size_t)xp.program->n_vcpus && xp.program->own_size && xp.fiber[fiber].done;
}

static void mix_memory(struct xp_hash *h, bool future)
{
	const uint64_t *word = xp.program->arena;
	size_t i, words = xp.program->size / sizeof(*word);
	uint64_t rest = 0;

	for (i = 0; i < words; i++) { /* most are 0 */
		if (!word[i] || (future && is_past(i * sizeof(*word))))
			continue;
		xp_hash_mix(h, i);
		xp_hash_mix(h, word[i]);
	}
	memcpy(&rest, word + words, xp.program->size % sizeof(*word));
	xp_hash_mix(h, rest);
}

static void mix_machine(struct xp_hash *h)
{
	int i;

	for (i = 0; i < xp.program->n_pcpus; i++) {
		struct xp_pcpu *p = &xp.pcpu[i];

		xp_hash_mix(h, p->irq_off | p->pending << 8 | p->calls << 16 | (uint64_t)p->acked << 24 |
				   (uint64_t)p->woken << 32);
	}
	for (i = 0; i < XP_VCPUS; i++)
		xp_hash_mix(h, xp.forgets && !xp.program->records ? xp.stint[i] != 0 : xp.stint[i]);
	if (xp.program->count_ipis)
		xp_hash_mix(h, xp.ipis.stale | (uint64_t)xp.ipis.dropped << 32);
}

/* What a fiber will make of what it is told. */
static uint64_t where(int fiber)
{
	const struct xp_fiber *f = &xp.fiber[fiber];

	if (xp.stands && fiber >= xp.program->n_vcpus)
		return f->stand;
	return f->local ? f->local : f->history;
}

static void hash_state(uint64_t hash[2], bool future)
{
	bool ended_matter = !future || xp.program->records;
	const struct xp_search *search = xp.search;
	struct xp_hash h = { 1, 2 };
	int i;

	mix_memory(&h, future);
	mix_machine(&h);
	for (i = 0; i < xp.n_fibers; i++) {
		const struct xp_fiber *f = &xp.fiber[i];

		if (f->done && !ended_matter)
			xp_hash_mix(&h, 0);
		else if (!ended_matter && search->gone && search->gone(i))
			xp_hash_mix(&h, f->op->kind);
		else
			xp_hash_mix(&h, (future ? where(i) : f->history) + f->done);
	}
	if (future && xp.model->hash_future)
		xp.model->hash_future(&h);
	else if (xp.model->hash)
		xp.model->hash(&h);
	hash[0] = h.a;
	hash[1] = h.b;
}

void xp_hash_state(uint64_t hash[2])
{
	hash_state(hash, false);
}

void xp_hash_future(uint64_t hash[2])
{
	hash_state(hash, xp.forgets);
}
