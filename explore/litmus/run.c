// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The threads of a litmus test as fibers of the engine.  The words are the program's arena; a thread's
 * registers are its own and begin anew in each execution.  At the end the judge looks at both.
 */
#include "explore/litmus/run.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "explore/model/models.h"
#include "explore/search/search.h"
#include "explore/world/ops_explore.h"
#include "kick_declare.h"

enum { OF_C11 = KICK_M_SC | KICK_M_TSO | KICK_M_PSO | KICK_M_RC11 };

static struct {
	const struct lt_test *test;
	struct lt_outcome *outcome;
	int word[LT_WORDS];
	int64_t reg[LT_THREADS][LT_REGS];
	uint64_t made_of[LT_THREADS][LT_REGS]; /* the thread's loads, a bit for each */
	uint64_t control[LT_THREADS];	       /* those that decided that it is here */
	struct xp_set met;		       /* executions, where some come twice */
	bool waits[LT_THREADS]; /* for a lock that it does not get */
	bool no_memory;
} now;

static int64_t evaluate(int64_t *reg, const struct lt_expr *e, uint64_t *made_of);

static int64_t unary(int sign, int64_t a)
{
	return sign == '!' ? !a : sign == '-' ? -a : ~a;
}

static int64_t binary(enum lt_operator what, int64_t a, int64_t b)
{
	switch (what) {
	case LT_ADD: return a + b;
	case LT_SUB: return a - b;
	case LT_MUL: return a * b;
	case LT_DIV: return b ? a / b : 0;
	case LT_MOD: return b ? a % b : 0;
	case LT_AND: return a & b;
	case LT_OR: return a | b;
	case LT_XOR: return a ^ b;
	case LT_SHL: return (int64_t)((uint64_t)a << (b & 31));
	case LT_SHR: return a >> (b & 31);
	case LT_EQ: return a == b;
	case LT_NE: return a != b;
	case LT_LT: return a < b;
	case LT_GT: return a > b;
	case LT_LE: return a <= b;
	case LT_GE: return a >= b;
	default: return 0; /* && and || stop early: see evaluate() */
	}
}

/* The word that an address is of. */
static int *target(int64_t *reg, const struct lt_expr *e, uint64_t *address)
{
	int64_t i = evaluate(reg, e->a, address) - LT_ADDRESS_OF;

	if (i >= 0 && i < now.test->n_words)
		return &now.word[i];
	xp_fail("%s:%d: %s goes to no word", e->site.file, e->site.line, e->site.say);
	return &now.word[0];
}

static void depends(uint64_t address, uint64_t data)
{
	xp_depends(&(struct xp_dependencies){ address, data, now.control[xp_self()] });
}

/* The load that comes next. */
static uint64_t next_load(void)
{
	int n = xp_n_loads();

	if (n >= 64)
		xp_fail("a thread has more than 64 loads");
	return 1ull << (n & 63);
}

static int64_t load(int *p, enum kick_order order, const struct lt_expr *e)
{
	return (int32_t)xp_load(p, sizeof(*p), order, &e->site);
}

static int64_t modify(int *p, enum xp_kind op, enum kick_order order, int64_t a, int64_t b,
		      const struct lt_expr *e)
{
	return (int32_t)xp_rmw(op, p, sizeof(*p), (uint32_t)a, (uint32_t)b, order, &e->site);
}

static int64_t rmw(int64_t *reg, const struct lt_expr *e, uint64_t *made_of)
{
	uint64_t address = 0, data = 0, it = next_load();
	int *p = target(reg, e, &address);
	int64_t b = evaluate(reg, e->b, &data), c, old;

	if (e->tells == LT_SUCCEEDS) {
		int64_t expected = reg[e->number];

		depends(address, data);
		old = (int32_t)xp_cmpxchg(p, sizeof(*p), (uint32_t)expected, (uint32_t)b, e->order, e->fails,
					  &e->site);
		reg[e->number] = old;
		now.made_of[xp_self()][e->number] = it;
		*made_of |= it;
		return old == expected;
	}
	c = e->c ? evaluate(reg, e->c, &data) : 0;
	it = next_load();
	depends(address, data);
	old = modify(p, e->op, e->order, b, c, e);
	*made_of |= it;
	switch (e->tells) {
	case LT_NEW: return (int32_t)(old + b);
	case LT_IS_ZERO: return (int32_t)(old + b) == 0;
	case LT_IS_NEGATIVE: return (int32_t)(old + b) < 0;
	default: return old;
	}
}

static void fence(const struct lt_expr *e)
{
	for (unsigned int left = e->fences; left; left &= left - 1)
		xp_fence((enum kick_fence)__builtin_ctz(left), &e->site);
}

static bool is_looked_at(const int *lock)
{
	return now.test->word[lock - now.word].looked_at;
}

/*
 * A lock is the machine's, unless somebody looks at it: then it is a word that an acquire claims and a
 * release frees.  Whoever finds it taken waits for ever: in another execution it comes later.
 */
static void lock(int *p, const struct lt_expr *e)
{
	if (!is_looked_at(p))
		xp_lock(p, &e->site);
	else
		now.waits[xp_self()] = modify(p, XP_CMPXCHG, KICK_ACQUIRE, 0, 1, e) != 0;
}

static void unlock(int *p, const struct lt_expr *e)
{
	if (!is_looked_at(p))
		xp_unlock(p, &e->site);
	else
		xp_store(p, sizeof(*p), 0, KICK_RELEASE, &e->site);
}

static int64_t store(int64_t *reg, const struct lt_expr *e)
{
	uint64_t address = 0, data = 0;
	int *p = target(reg, e, &address);
	int64_t v = evaluate(reg, e->b, &data);

	depends(address, data);
	xp_store(p, sizeof(*p), (uint32_t)v, e->order, &e->site);
	if (e->kind == LT_STORE_MB)
		xp_fence(KICK_MB, &e->site);
	return 0;
}

static int64_t read_word(int64_t *reg, const struct lt_expr *e, uint64_t *made_of)
{
	uint64_t address = 0;
	int *p = target(reg, e, &address);

	depends(address, 0);
	*made_of |= next_load();
	return load(p, e->order, e);
}

static int64_t operation(int64_t *reg, const struct lt_expr *e, uint64_t *made_of)
{
	uint64_t address = 0;

	switch (e->kind) {
	case LT_LOAD:
		return read_word(reg, e, made_of);
	case LT_STORE:
	case LT_STORE_MB:
		return store(reg, e);
	case LT_RMW:
		return rmw(reg, e, made_of);
	case LT_FENCE:
	case LT_AFTER_LOCK:
		fence(e);
		return 0;
	case LT_LOCK:
		lock(target(reg, e, &address), e);
		return 0;
	case LT_UNLOCK:
		unlock(target(reg, e, &address), e);
		return 0;
	case LT_TRYLOCK:
		return modify(target(reg, e, &address), XP_CMPXCHG, KICK_ACQUIRE, 0, 1, e) == 0;
	case LT_LOOK:
		return load(target(reg, e, &address), KICK_RELAXED, e) != 0;
	default:
		return 0;
	}
}

/* What comes after &&, || or ?: what stands before that is made of decides whether it is done. */
static int64_t if_so(int64_t *reg, const struct lt_expr *e, uint64_t *made_of)
{
	uint64_t *control = &now.control[xp_self()], before = *control;
	int64_t v;

	*control |= *made_of;
	v = evaluate(reg, e, made_of);
	*control = before;
	return v;
}

/* From left to right, where C leaves it open: as herd7. */
static int64_t evaluate(int64_t *reg, const struct lt_expr *e, uint64_t *made_of)
{
	int64_t a;

	switch (e->kind) {
	case LT_NUMBER:
		return e->number;
	case LT_REG:
		*made_of |= now.made_of[xp_self()][e->number];
		return reg[e->number];
	case LT_UNARY:
		return unary(e->sign, evaluate(reg, e->a, made_of));
	case LT_CHOOSE:
		return if_so(reg, evaluate(reg, e->a, made_of) ? e->b : e->c, made_of);
	case LT_BINARY:
		a = evaluate(reg, e->a, made_of);
		if (e->sign == LT_BOTH)
			return a && if_so(reg, e->b, made_of);
		if (e->sign == LT_EITHER)
			return a || if_so(reg, e->b, made_of);
		return binary((enum lt_operator)e->sign, a, evaluate(reg, e->b, made_of));
	default:
		return operation(reg, e, made_of);
	}
}

/* False: it goes no further. */
static bool execute(int64_t *reg, const struct lt_stmt *s)
{
	uint64_t *control = &now.control[xp_self()], before = *control;

	for (; s; s = s->next) {
		uint64_t made_of = 0;
		int64_t v = evaluate(reg, s->expr, &made_of);

		if (s->reg >= 0) {
			reg[s->reg] = (int32_t)v;
			now.made_of[xp_self()][s->reg] = made_of;
		}
		if (now.waits[xp_self()] || *xp.error)
			return false;
		*control |= s->branch ? made_of : 0;
		if (s->branch && !execute(reg, v ? s->then : s->otherwise))
			return false;
		*control = before;
	}
	return true;
}

static void run_thread(int self)
{
	const struct lt_thread *thread = &now.test->thread[self];

	now.waits[self] = false;
	now.control[self] = 0;
	memset(now.made_of[self], 0, sizeof(now.made_of[self]));
	memcpy(now.reg[self], thread->start, sizeof(now.reg[self]));
	execute(now.reg[self], thread->body);
}

static void setup(void)
{
	for (int i = 0; i < now.test->n_words; i++)
		now.word[i] = (int)now.test->word[i].start;
}

static int64_t at_end(struct lt_place place)
{
	return place.thread < 0 ? now.word[place.index] : now.reg[place.thread][place.index];
}

static bool holds(const struct lt_condition *c)
{
	switch (c->logic) {
	case LT_TRUE:
		return true;
	case LT_IS:
		return at_end(c->place) == c->value;
	case LT_NOT:
		return !holds(c->a);
	case LT_ALL_OF:
		return holds(c->a) && holds(c->b);
	default:
		return holds(c->a) || holds(c->b);
	}
}

/* Where it is, or belongs. */
static size_t find_state(const struct lt_outcome *o, const struct lt_state *state, bool *found)
{
	size_t low = 0, high = o->n_states;

	*found = false;
	while (low < high) {
		size_t middle = (low + high) / 2;
		int order = 0;

		for (int i = 0; i < now.test->n_shown && !order; i++)
			order = (o->state[middle].value[i] > state->value[i]) -
				(o->state[middle].value[i] < state->value[i]);
		if (!order) {
			*found = true;
			return middle;
		}
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void count(const struct lt_state *state)
{
	struct lt_outcome *o = now.outcome;
	struct lt_state *more;
	bool found;
	size_t i = find_state(o, state, &found);

	if (!found && o->n_states == o->room) {
		o->room = o->room ? 2 * o->room : 64;
		more = realloc(o->state, o->room * sizeof(*more));
		if (!more) {
			now.no_memory = true;
			return;
		}
		o->state = more;
	}
	if (!found) {
		memmove(&o->state[i + 1], &o->state[i], (o->n_states++ - i) * sizeof(*state));
		o->state[i] = *state;
	}
	o->state[i].n++;
}

/* Where loads run ahead one graph may be built in two ways. */
static bool is_new(void)
{
	struct xp_hash hash = { 0 };
	uint64_t key[2];
	int added;

	xp.model->hash(&hash);
	key[0] = hash.a;
	key[1] = hash.b;
	added = xp_set_add(&now.met, key, NULL);
	now.no_memory |= added < 0;
	return added > 0;
}

/* Of an execution that is over. */
static unsigned int judge(void)
{
	struct lt_state state = { 0 };
	int i;

	if (xp.model->ahead && !is_new())
		return 0;
	for (i = 0; i < xp.n_fibers; i++)
		if (!xp.fiber[i].done || now.waits[i]) {
			now.outcome->stuck++;
			return 0;
		}
	if (now.test->filter && !holds(now.test->filter))
		return 0;
	now.outcome->race |= (xp.found & KICK_V_RACE) != 0;
	for (i = 0; i < now.test->n_shown; i++)
		state.value[i] = at_end(now.test->shown[i]);
	state.positive = holds(now.test->condition);
	*(state.positive ? &now.outcome->positive : &now.outcome->negative) += 1;
	count(&state);
	return 0;
}

const char *xp_lt_na(const struct lt_test *test, const struct xp_model *model)
{
	if (*test->refused)
		return test->refused;
	if (test->c11 && !(model->bit & OF_C11))
		return "C11's words mean nothing to this model";
	for (int i = 0; model->ahead && i < test->n_words; i++)
		if (test->word[i].looked_at)
			return "a lock that is tried or looked at is not in this model";
	return NULL;
}

/* Every execution, or until something ends it. */
static bool search(const struct xp_search *how, struct xp_budget *budget)
{
	uint64_t tries = 0;

	for (;;) {
		if (!xp_execute() || now.no_memory || xp.too_long)
			return false;
		if (!how->next())
			return true;
		if (!(++tries % 1024) && !xp_budget_tick(budget, xp.executions))
			return false;
	}
}

int xp_lt_run(const struct lt_test *test, const struct xp_model *model, struct xp_budget *budget,
	      struct lt_outcome *outcome)
{
	struct xp_program program = {
		.name = test->name, .arena = now.word, .size = sizeof(now.word),
		.n_fibers = test->n_threads, .n_pcpus = test->n_threads, .hosts_take = true,
		.setup = setup, .run = run_thread, .judge = judge,
	};

	for (int i = 0; i < test->n_threads; i++)
		program.cpu[i] = i;
	*outcome = (struct lt_outcome){ 0 };
	now.test = test;
	now.outcome = outcome;
	now.no_memory = false;
	xp_ahead_forget();
	do {
		xp_lt_outcome_free(outcome);
		*outcome = (struct lt_outcome){ 0 };
		xp_begin(&program, model, &xp_dpor);
		outcome->whole = search(&xp_dpor, budget);
		xp_set_fini(&now.met);
	} while (outcome->whole && model->ahead && xp_ahead_learned());
	memcpy(outcome->error, xp.error, sizeof(outcome->error));
	return now.no_memory ? -ENOMEM : 0;
}

void xp_lt_outcome_free(struct lt_outcome *outcome)
{
	free(outcome->state);
	outcome->state = NULL;
}
