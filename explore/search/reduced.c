// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The stateful walk with fewer states, for what re-reads: one step alone is taken from a state where that
 * step can neither change what anybody else may do nor be changed by it, now or later.  That is so for a
 * step on a word that nobody else will touch any more, for a load of one that nobody else will change, and
 * for a fence that waits for nothing (a persistent set of one step; Godefroid 1996).  Mostly the graph of
 * states has no cycles, since every step adds to what a fiber has been told or empties a buffer.  Where
 * fibers stand by their stacks (xp_by_stack()) it may have some: where a step alone closes one, all steps
 * are taken.  So nothing is put off for ever: the ends are those of the whole walk.  And a state is only
 * what somebody may still touch: who waits in guest mode for an IPI that nobody can send any more goes no
 * further.
 *
 * Who touches which word, and until when (xp_phase()), is not known beforehand.  It is noted of whatever is
 * announced in any state; if somebody turns out to touch what was taken for granted that he would not, the
 * walk begins anew, and knows better.  In the last round nothing was taken for granted that is not so in
 * every state of it, and thus in every state: the shortest way to another one would have an equal in that
 * round.
 */
#include <string.h>

#include "explore/search/search.h"
#include "explore/search/sleepers.h"

enum { LARGE = 4096, REHEARSALS = 5000 };

bool xp_only_forgetting;

static struct xp_set seen;
static bool wrong;	      /* something was taken for granted that is not so */
static size_t path[XP_LEVELS]; /* the states of the execution by number; SIZE_MAX: a choice */
static bool taken_alone[XP_LEVELS];
static int rehearsals;	       /* random executions that are still to come before the walk begins anew */
static bool rehearsed;
static uint64_t dice;
static bool slept[XP_SLOTS], stored[XP_SLOTS]; /* somebody sleeps on it; a store to it went first */

/* What a fiber does to a slot: 1 + the last phase in which it does, and the first in which it was not to. */
static uint32_t last[XP_USES][XP_FIBERS][XP_SLOTS + 1];
static uint32_t relied[XP_USES][XP_FIBERS][XP_SLOTS + 1];

/* What may_of() found in some phases of each fiber: that stays until more is known, or reliance forgotten. */
enum { PHASES = 16 };
static struct found {
	uint32_t phase; /* 1 + */
	int n;
	uint64_t slots;
} may_found[XP_FIBERS][XP_USES][PHASES];

static void forget_found(int fiber)
{
	memset(may_found[fiber], 0, sizeof(may_found[fiber]));
}

static void forget_reliance(void)
{
	memset(may_found, 0, sizeof(may_found));
	memset(relied, 0xff, sizeof(relied));
	memset(stored, 0, sizeof(stored));
}

static void start(void)
{
	xp_set_clear(&seen);
	seen.limit = xp.memory_limit;
	memset(last, 0, sizeof(last));
	memset(slept, 0, sizeof(slept));
	forget_reliance();
	wrong = rehearsed = false;
	rehearsals = 0;
	dice = 1;
}

static void fini(void)
{
	xp_set_fini(&seen);
	xp_sleepers_fini();
}

static void uses(enum xp_use use, int fiber, int16_t slot)
{
	uint32_t phase = 1 + xp_phase(fiber);

	if (last[use][fiber][slot] >= phase)
		return;
	last[use][fiber][slot] = phase;
	forget_found(fiber);
	wrong |= relied[use][fiber][slot] <= phase;
}

static bool acquires(const struct xp_op *op)
{
	return op->kind == XP_SLEEP || op->order == KICK_ACQUIRE || op->order == KICK_ACQ_REL ||
	       op->order == KICK_SEQ_CST;
}

static void touch(int fiber, const struct xp_op *op)
{
	if (op->kind == XP_FENCE && op->order == KICK_RMB)
		uses(XP_ACQUIRES, fiber, XP_SLOT_ANY);
	if (op->slot < 0)
		return;
	if ((op->kind == XP_SLEEP || op->kind == XP_AWAIT) && !slept[op->slot]) {
		slept[op->slot] = true;
		wrong |= stored[op->slot];
	}
	uses(XP_TOUCHES, fiber, op->slot);
	if (op->kind != XP_LOAD)
		uses(XP_CHANGES, fiber, op->slot);
	if (acquires(op))
		uses(XP_ACQUIRES, fiber, op->slot);
}

static void touched(const struct xp_op *op)
{
	touch(xp.current, op);
}

/* What is announced in this state. */
static void look(void)
{
	int i;

	for (i = 0; i < xp.n_fibers; i++)
		if (!xp.fiber[i].done)
			touch(i, xp.fiber[i].op);
	for (i = xp.n_fibers; i < xp.n_agents; i++)
		if (xp.lane[i].n)
			touch(xp.lane[i].fiber, xp_pending(i));
	if (xp.forgets && xp.model->remembers && xp.model->remembers()) {
		xp.forgets = xp.stands = xp_stands = false;
		wrong = true;
		if (xp_only_forgetting)
			xp_spent("all of a graph is left: that is too much to keep");
	}
}

static bool over(int fiber)
{
	return xp.fiber[fiber].done && !xp.fiber[fiber].buffered;
}

static bool will(enum xp_use use, int fiber, int16_t slot)
{
	return !over(fiber) && last[use][fiber][slot] > xp_phase(fiber);
}

static void rely(enum xp_use use, int fiber, int16_t slot)
{
	uint32_t phase = 1 + xp_phase(fiber);

	if (!over(fiber) && relied[use][fiber][slot] > phase)
		relied[use][fiber][slot] = phase;
}

/* Will nobody of these do this to the slot? */
static bool nobody(uint32_t fibers, enum xp_use use, int16_t slot)
{
	uint32_t left;

	for (left = fibers; left; left &= left - 1)
		if (will(use, __builtin_ctz(left), slot))
			return false;
	for (left = fibers; left; left &= left - 1)
		rely(use, __builtin_ctz(left), slot);
	return true;
}

static uint32_t all_but(int fiber)
{
	return ((1u << xp.n_fibers) - 1) & ~(1u << fiber);
}

static bool may(enum xp_use use, int fiber, int16_t slot)
{
	if (will(use, fiber, slot))
		return true;
	rely(use, fiber, slot);
	return false;
}

static uint64_t may_of(enum xp_use use, int fiber, const int16_t *slot, int n)
{
	uint32_t phase = 1 + xp_phase(fiber);
	struct found *f = &may_found[fiber][use][phase % PHASES];

	if (over(fiber))
		return 0;
	if (f->phase != phase || f->n != n) {
		*f = (struct found){ .phase = phase, .n = n };
		for (int i = 0; i < n; i++)
			f->slots |= (uint64_t)may(use, fiber, slot[i]) << i;
	}
	return f->slots;
}

/* It has ended, or waits for what nobody will do. */
static bool gone(int fiber)
{
	const struct xp_fiber *f = &xp.fiber[fiber];

	if (f->done || f->buffered)
		return over(fiber);
	return f->op->kind == XP_GUEST_WAIT && !xp.pcpu[f->op->cpu].pending &&
	       nobody(all_but(fiber), XP_TOUCHES, f->op->slot);
}

static bool alone(int agent, uint32_t all_gone)
{
	const struct xp_op *op = xp_pending(agent);

	if (op->slot < 0)
		return op->kind == XP_FENCE;
	return nobody(all_but(xp_owner(agent)) & ~all_gone, op->kind == XP_LOAD ? XP_CHANGES : XP_TOUCHES,
		      op->slot);
}

/*
 * Of a graph: a store takes nothing away that could be read, and may stand before what is there.  But a
 * sleeper's word is looked at as it is.
 */
static bool goes_first(int agent)
{
	const struct xp_op *op = xp_pending(agent);

	if (!xp.model->graph || op->kind != XP_STORE || slept[op->slot])
		return false;
	stored[op->slot] = true;
	return true;
}

static bool waits(uint8_t kind)
{
	return kind == XP_AWAIT || kind == XP_TAKEN || kind == XP_NAP || kind == XP_GUEST_WAIT ||
	       kind == XP_SLEEP || kind == XP_LOCK;
}

/*
 * An execution may go round from this level on, for ever.  If nobody waits in there, or nobody is left out
 * who could go on all the time, that is no fault of the schedule: it is one that does not end.
 */
static void goes_round(int from)
{
	uint32_t can = ~0u, does = 0;
	bool waited = false;

	for (int i = from; i < xp.depth; i++) {
		const struct xp_level *l = &xp.level[i];

		if (l->choices)
			continue;
		can &= l->enabled;
		does |= 1u << l->agent;
		waited |= waits(l->kind);
	}
	if (waited && can & ~does)
		return;
	xp.too_long++;
	xp_find_loop(from);
}

/*
 * A state came again below itself.  A step that was taken alone and led there could be taken for ever, and
 * what others do be put off: they are taken from that state, too (the cycle proviso).
 */
static void look_for_circle(void)
{
	int i = xp.depth - 1, step = xp.depth - 1;

	while (i >= 0 && path[i] != path[xp.depth])
		i--;
	if (i < 0)
		return;
	while (xp.level[step].choices)
		step--;
	if (taken_alone[step])
		xp.level[step].todo = xp.level[step].enabled;
	taken_alone[step] = false;
	if (xp.program->by_stack)
		goes_round(i);
}

static int any(int n)
{
	dice = xp_mix(dice, 1);
	return (int)(dice >> 33) % n;
}

static int choose(int n)
{
	path[xp.depth] = SIZE_MAX;
	return rehearsals ? any(n) : 0;
}

static int pick_any(uint32_t enabled)
{
	for (int n = any(__builtin_popcount(enabled)); n; n--)
		enabled &= enabled - 1;
	return __builtin_ctz(enabled);
}

/* It is a large walk, and what it takes for granted had better be so: random executions show most of it. */
static bool rehearses(void)
{
	if (rehearsed || xp.states < LARGE || xp_by_stack())
		return false;
	rehearsed = true;
	rehearsals = REHEARSALS;
	return true;
}

/* What is to be done in this state, of the steps that lead on. */
static uint32_t to_do(bool alone, uint32_t steps)
{
	size_t *state = &path[xp.depth];
	uint64_t hash[2];
	int added;

	xp_hash_future(hash);
	added = xp_set_add(&seen, hash, state);
	if (!added)
		look_for_circle();
	if (added < 0 || (added && !xp_sleepers_note(*state, seen.room))) {
		xp_spent("the memory budget is spent after %llu states", (unsigned long long)xp.states);
		return 0;
	}
	xp.states += added > 0;
	return added ? steps & ~xp_asleep() : xp_sleepers_left(*state, alone, steps);
}

/* The agent whose step is taken alone, or -1. */
static int find_alone(uint32_t enabled)
{
	uint32_t left, all_gone = 0;
	int i;

	for (i = 0; i < xp.n_fibers; i++)
		all_gone |= (uint32_t)gone(i) << i;
	for (left = enabled; left; left &= left - 1) {
		i = __builtin_ctz(left);
		if (goes_first(i) || alone(i, all_gone))
			return i;
	}
	return -1;
}

/* Only one step leads on, and no state comes again below itself: this one need not be known. */
static bool passes(int agent)
{
	return agent >= 0 && xp.model->graph && xp.forgets && !xp_by_stack();
}

static int pick(uint32_t enabled)
{
	struct xp_level *l = &xp.level[xp.depth];
	int agent;

	l->done = 0;
	look();
	if (rehearsals)
		return pick_any(enabled);
	if (wrong || rehearses())
		return XP_KNOWN;
	xp_rouse();
	agent = find_alone(enabled);
	l->todo = agent >= 0 ? 1u << agent : enabled;
	path[xp.depth] = SIZE_MAX;
	if (passes(agent))
		l->todo &= ~xp_asleep();
	else
		l->todo = to_do(agent >= 0, l->todo);
	taken_alone[xp.depth] = agent >= 0;
	return l->todo ? xp_first(l->todo) : XP_KNOWN;
}

static void take(int level, int agent)
{
	xp.event[level].slot = -1;
	xp_sleepers_take(level, agent);
}

static bool another(struct xp_level *l)
{
	l->done |= 1u << l->agent;
	return xp_another(l);
}

static bool next(void)
{
	int i = xp.depth - 1;

	if (rehearsals) {
		wrong = !--rehearsals;
		xp.forced = false;
		xp.replay = 0;
		if (!wrong)
			return true;
	}
	if (wrong) {
		forget_reliance();
		xp_set_clear(&seen);
		xp.executions = xp.pruned = xp.too_long = xp.states = 0;
		wrong = false;
		i = 0;
		xp.forced = false;
		xp.replay = 0;
		return true;
	}
	while (i >= 0 && !another(&xp.level[i]))
		i--;
	xp.replay = i;
	xp.forced = true;
	return i >= 0;
}

const struct xp_search xp_reduced = {
	.name = "stateful", .forgets = true, .hashes = true, .returns = true,
	.start = start, .pick = pick, .take = take, .choose = choose, .next = next,
	.may = may, .may_of = may_of, .touched = touched, .gone = gone,
	.end = look, .fini = fini,
};
