// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What could make a load read ahead: that somebody else stores this value there, behind a store of the load's
 * own fiber, by way of words that others read and then write.  All that any execution has shown is kept,
 * also of one that came to nothing; a search that has learned something is run again with it.  While a search
 * runs, what may be guessed does not change.
 */
#include <string.h>

#include "explore/model/ahead.h"
#include "explore/model/models.h"

static struct xp_ahead *const g = &xp_ahead;

/* Values as numbers: small ones, bits, all ones, places of the arena, others. */
enum { DIRECT = 1024, BITS = 64, ONES = DIRECT + BITS, IN_ARENA = ONES + 2, OTHERS = IN_ARENA + XP_ARENA,
       MOST_OTHERS = 64 };
static struct {
	uint64_t value[MOST_OTHERS];
	int n;
} others;

static int other_value(uint64_t value)
{
	int i;

	for (i = 0; i < others.n; i++)
		if (others.value[i] == value)
			return i;
	if (i == MOST_OTHERS) {
		xp_fail("%s stores more values than a load can guess", xp.program->name);
		return 0;
	}
	others.value[others.n++] = value;
	return i;
}

/* A value as a number, which is the same in every process but for odd ones. */
int xp_lore_code(uint64_t value)
{
	uint64_t offset = value - (uintptr_t)xp.program->arena;

	if (value < DIRECT)
		return value;
	if (!(value & (value - 1)))
		return DIRECT + __builtin_ctzll(value);
	if (value == UINT32_MAX || value == UINT64_MAX)
		return ONES + (value == UINT64_MAX);
	if (offset < xp.program->size)
		return IN_ARENA + offset;
	return OTHERS + other_value(value);
}

uint64_t xp_lore_value(unsigned int code)
{
	if (code < DIRECT)
		return code;
	if (code < ONES)
		return 1ull << (code - DIRECT);
	if (code < IN_ARENA)
		return code == ONES ? UINT32_MAX : UINT64_MAX;
	if (code < OTHERS)
		return (uintptr_t)xp.program->arena + code - IN_ARENA;
	return code - OTHERS < MOST_OTHERS ? others.value[code - OTHERS] : 0;
}

enum { VALUES = 72 };
struct stored {
	int n;
	int code[VALUES];
	uint8_t most[VALUES][XP_FIBERS]; /* how often each fiber has stored it in one execution, at most */
};
/* A load after which its fiber has stored to these words. */
enum { LOADS = 512 };
struct passed {
	const struct xp_site *site;
	int16_t slot, fiber;
	uint64_t to; /* 0: no entry */
};
static struct lore {
	struct stored stored[XP_SLOTS];
	uint64_t flow[XP_FIBERS][XP_WORDS]; /* by word read: words that the fiber has written after that */
	struct passed passed[LOADS];
} known, learned;
static uint64_t last_guessable;
/* Of known.flow: words that lie behind this one without the fiber. */
static uint64_t reach[XP_FIBERS][XP_WORDS];
static int16_t word_of[XP_SLOTS]; /* 1 + number, 0: none */
static int n_words;
static uint64_t machine_words;

static int word_number(int16_t slot)
{
	if (!word_of[slot] && n_words == XP_WORDS) {
		xp_fail("more than %d words are shared", XP_WORDS);
		return 0;
	}
	if (!word_of[slot])
		word_of[slot] = ++n_words;
	return word_of[slot] - 1;
}

/* How often this fiber has stored this. */
static int times_stored(const struct xp_chain *place, uint64_t put, int fiber)
{
	int n = 0;

	for (int i = 1; i < place->n; i++)
		n += g->ev[place->at[i]].fiber == fiber && g->ev[place->at[i]].put == put;
	return n;
}

static void learn_value(const struct xp_ev *e)
{
	struct stored *at = &learned.stored[g->place[e->place].slot];
	int code = xp_lore_code(e->put), i, n;

	for (i = 0; i < at->n && at->code[i] != code; i++)
		;
	if (i == VALUES) {
		xp_fail("%s stores more than %d values to one word", xp.program->name, VALUES);
		return;
	}
	if (i == at->n) {
		at->code[at->n++] = code;
		memset(at->most[i], 0, sizeof(at->most[i]));
	}
	n = times_stored(&g->place[e->place], e->put, e->fiber);
	if (n > at->most[i][e->fiber])
		at->most[i][e->fiber] = n;
}

/* A counter that adds to what nobody has stored yet: there would be no end of it. */
static bool counts_on_ghost(const struct xp_ev *e)
{
	while (e->partner >= 0 && (e->kind == XP_ADD || e->kind == XP_FETCH_ADD)) {
		int from = g->ev[e->partner].from;

		if (from >= XP_EVENTS)
			return false;
		e = &g->ev[from];
		if (e->fiber == XP_GHOST)
			return true;
	}
	return false;
}

/* The entry of a load, or where it would be. */
static struct passed *passed_at(struct lore *lore, const struct xp_site *site, int slot, int fiber)
{
	unsigned int at = (unsigned int)xp_mix(xp_mix((uintptr_t)site, slot), fiber) % LOADS;

	for (int i = 0; i < LOADS; i++, at = (at + 1) % LOADS) {
		struct passed *p = &lore->passed[at];

		if (!p->to || (p->site == site && p->slot == slot && p->fiber == fiber))
			return p;
	}
	xp_fail("more than %d loads could run ahead", LOADS);
	return &lore->passed[0];
}

static void learn_passed(const struct xp_site *site, int slot, int fiber, uint64_t to)
{
	struct passed *p = passed_at(&learned, site, slot, fiber);

	*p = (struct passed){ site, slot, fiber, p->to | to };
}

/*
 * What the fiber has read before it.  Whether that is free to be done after it does not matter: another value
 * might lead around the barrier between them, or be none that a cmpxchg orders.
 */
static void learn_flow(const struct xp_ev *e, uint64_t to)
{
	for (int i = e->before; i >= 0; i = g->ev[i].before) {
		const struct xp_ev *r = &g->ev[i];

		if (!(r->what & XP_EV_READ))
			continue;
		learned.flow[e->fiber][word_number(g->place[r->place].slot)] |= to;
		if (!g->place[r->place].machine)
			learn_passed(r->site, g->place[r->place].slot, e->fiber, to);
	}
}

/* Of an event that has just been made. */
void xp_lore_learn(const struct xp_ev *e)
{
	uint64_t to;

	if (!(e->what & XP_EV_WRITE))
		return;
	if (!g->place[e->place].machine && !counts_on_ghost(e))
		learn_value(e);
	to = 1ull << word_number(g->place[e->place].slot);
	if (g->place[e->place].machine)
		machine_words |= to;
	learn_flow(e, to);
}

static void find_reach(void)
{
	bool more = true;
	int f, g_, a, b;

	memset(reach, 0, sizeof(reach));
	for (f = 0; f < XP_FIBERS; f++)
		for (g_ = 0; g_ < XP_FIBERS; g_++)
			for (a = 0; a < XP_WORDS && f != g_; a++)
				reach[f][a] |= known.flow[g_][a];
	for (f = 0; f < XP_FIBERS; f++)
		for (more = true; more;)
			for (more = false, a = 0; a < XP_WORDS; a++)
				for (b = 0; b < XP_WORDS; b++)
					if (reach[f][a] >> b & 1 && reach[f][b] & ~reach[f][a]) {
						reach[f][a] |= reach[f][b];
						more = true;
					}
}

/* How often those that are left, but for these fibers, could store this value. */
static int available(const struct xp_chain *place, uint64_t put, unsigned int but)
{
	const struct stored *at = &known.stored[place->slot];
	int code = xp_lore_code(put), i = 0, n = 0;

	while (i < at->n && at->code[i] != code)
		i++;
	for (int f = 0; i < at->n && f < xp.n_fibers; f++)
		if (!(but >> f & 1) && !xp.fiber[f].done && at->most[i][f])
			n += at->most[i][f] - times_stored(place, put, f);
	return n;
}

/* Has this fiber ever stored this? */
bool xp_lore_stores(const struct xp_chain *place, uint64_t put, int fiber)
{
	const struct stored *at = &known.stored[place->slot];
	int code = xp_lore_code(put), i = 0;

	while (i < at->n && at->code[i] != code)
		i++;
	return i < at->n && at->most[i][fiber];
}

/* May so many more ghosts of this value be stored, the last one by a fiber that is none of these? */
bool xp_lore_may_come(const struct xp_chain *place, uint64_t put, unsigned int but, int more)
{
	for (int i = 1; i < place->n; i++)
		more += g->ev[place->at[i]].fiber == XP_GHOST && g->ev[place->at[i]].put == put;
	return available(place, put, but) > 0 && available(place, put, 0) >= more;
}

/* Could a store to the ghost's word come behind this one? */
bool xp_lore_leads(const struct xp_ev *e, const struct xp_ev *ghost)
{
	int from = word_number(g->place[e->place].slot), to = word_number(g->place[ghost->place].slot);

	return reach[e->fiber][from] >> to & 1;
}

static bool leads_back(const struct passed *p)
{
	int to = word_number(p->slot);

	for (uint64_t left = p->to & ~(1ull << to) & ~machine_words; left; left &= left - 1)
		if (reach[p->fiber][__builtin_ctzll(left)] >> to & 1)
			return true;
	return false;
}

/* Has this load ever had a later store of its fiber that could lead back to its word? */
bool xp_lore_viable(const struct xp_site *site, int16_t slot, int fiber)
{
	const struct passed *p = known.stored[slot].n ? passed_at(&known, site, slot, fiber) : NULL;

	return p && p->to && leads_back(p);
}

/* Could any fiber but this one still store something there? */
bool xp_lore_others_store(const struct xp_chain *place, int fiber)
{
	const struct stored *at = &known.stored[place->slot];

	for (int i = 0; i < at->n; i++)
		if (available(place, xp_lore_value(at->code[i]), 1u << fiber) > 0)
			return true;
	return false;
}

int xp_lore_guess(int16_t slot, int i)
{
	return i < known.stored[slot].n ? known.stored[slot].code[i] : -1;
}

/* All that decides what is tried, if there is any load that may guess. */
static uint64_t guessable(void)
{
	uint64_t hash = 0;

	for (int l = 0; l < LOADS; l++) {
		const struct passed *p = &known.passed[l];

		if (!p->to || !known.stored[p->slot].n || !leads_back(p))
			continue;
		hash = xp_mix(xp_mix(xp_mix(hash, l), p->slot), p->fiber);
		for (int from = 0; from < XP_WORDS; from++)
			hash = xp_mix(hash, reach[p->fiber][from] >> word_number(p->slot) & 1);
	}
	for (int slot = 0; hash && slot < XP_SLOTS; slot++)
		for (int i = 0; i < known.stored[slot].n; i++) {
			hash = xp_mix(xp_mix(hash, slot), known.stored[slot].code[i]);
			for (int by = 0; by < XP_FIBERS; by++)
				hash = xp_mix(hash, known.stored[slot].most[i][by]);
		}
	return hash;
}

bool xp_ahead_learned(void)
{
	uint64_t before = last_guessable;

	known = learned;
	find_reach();
	last_guessable = guessable();
	return last_guessable != before;
}

void xp_ahead_forget(void)
{
	memset(&known, 0, sizeof(known));
	memset(&learned, 0, sizeof(learned));
	memset(reach, 0, sizeof(reach));
	memset(word_of, 0, sizeof(word_of));
	n_words = 0;
	machine_words = 0;
	last_guessable = 0;
}

