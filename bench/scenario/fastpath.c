// SPDX-License-Identifier: GPL-2.0-or-later
/* Scenario fastpath: what one thread pays alone for a kick where no IPI is due. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "bench/cells/thread_floor.h"
#include "bench/kernel/kernel.h"
#include "bench/window/timed.h"
#include "bench/window/window.h"

enum { BATCH = 2048, THEFT = 64 };

/* One window: the kicker's part, and the thief's, who writes to the lines in between. */
struct fast {
	const struct bench_case *c;
	uint64_t (*hot)(void *vcpu, uint64_t n, enum kick_outcome outcome);
	uint64_t (*stolen)(const uint32_t *order, uint64_t n, enum kick_outcome outcome);
	uint32_t order[THEFT + 8]; /* of the vCPUs, shuffled */
	enum kick_outcome outcome;
	struct bench_timed timed;
	uint64_t other, sent;
	bool ready, changed;
	uint32_t turn MACHINE_ALIGNED; /* whose turn it is: both write */
};
enum { KICKERS_TURN, THIEFS_TURN, NOBODYS_TURN };

static bool is_stolen(const struct bench_case *c)
{
	return c->line && !strcmp(c->line, "stolen");
}

static bool clears_cpu(const struct bench_case *c)
{
	return c->put && !strcmp(c->put, "minus1");
}

static void *vcpu_at(int i)
{
	return machine.vcpus + (size_t)i * machine.vcpu_stride;
}

/* The outcomes that prove a path; what a claim of two states leaves open is for check(). */
static bool proves(const struct bench_case *c, enum kick_outcome outcome)
{
	if (bench_decl(c->backend)->features & KICK_F_TWO_STATES && outcome == KICK_CLAIMED)
		return true;
	switch (c->state) {
	case BENCH_SELF:
		return outcome == KICK_SELF || outcome == KICK_OUTSIDE;
	case BENCH_EXITING:
		return outcome == KICK_CLAIMED;
	default:
		return outcome == KICK_OUTSIDE;
	}
}

/* Why this backend has no such cell, or NULL; the counting build knows. */
static const char *not_there(const struct bench_case *c)
{
	struct kick_counts counts;
	enum kick_outcome outcome;
	bool of_vmm = bench_decl(c->backend)->features & KICK_F_SIGNAL;
	int counted;

	if (bench_decl(c->backend)->features & KICK_F_NO_PROTOCOL)
		return c->state == BENCH_EXITING ? "no protocol, no claim" : NULL;
	if (of_vmm && (c->state == BENCH_SELF || clears_cpu(c)))
		return "its vCPU is a thread of a VMM: it has no pCPU number";
	counted = c->backend->count->kick(c->state, c->what, clears_cpu(c), &counts, &outcome);
	if (counted == -EPROTO)
		return NULL; /* there, and judged */
	if (counted == -ESTALE)
		return "its kick changes the state that it finds here";
	if (counted && of_vmm && c->state != BENCH_EXITING)
		return "somebody waits for somebody else here";
	if (counted)
		return "its kicks claim nothing";
	if (outcome == KICK_SENT)
		return of_vmm ? "its kick sends a signal here" : "its kick sends an IPI here";
	return proves(c, outcome) ? NULL : "its kick takes another path here";
}

static void set_vcpu(const struct bench_plan *p, struct bench_case *c)
{
	c->vcpu_pu = p->pairs[0].vcpu;
	c->distance = p->pairs[0].distance;
	if (c->vcpu_pu == c->kicker_pu && !c->na)
		c->na = "needs a second PU";
}

static void plan_lines(struct bench_plan *p, struct bench_case c)
{
	c.na = not_there(&c);
	c.line = "hot";
	c.vcpu_pu = -1;
	if (machine_is_kernel(c.transport)) {
		/* Its vCPU was on another CPU; no thief is there. */
		if (c.state == BENCH_OUTSIDE || c.state == BENCH_EXITING)
			set_vcpu(p, &c);
		bench_plan_add(p, c);
		return;
	}
	bench_plan_add(p, c);
	if (p->options->reduced && c.what != BENCH_KICK)
		return;
	c.line = "stolen";
	set_vcpu(p, &c);
	bench_plan_add(p, c);
}

static void plan_paths(struct bench_plan *p, struct bench_case c)
{
	c.kicker_pu = p->pairs[0].kicker;
	c.pcpus = 2;
	for (int path = BENCH_UNLOADED; path <= BENCH_EXITING; path++)
		for (int form = 0; form < BENCH_N_FORMS; form++)
			for (int minus1 = 0; minus1 <= (path == BENCH_OUTSIDE); minus1++) {
				c.state = (enum bench_path)path;
				c.what = (enum bench_form)form;
				c.path = bench_path_name[path];
				c.form = bench_form_name[form];
				c.put = minus1 ? "minus1" : "sticky";
				plan_lines(p, c);
			}
}

static const char *const paths[] = { "unloaded", "self", "outside", "exiting", BENCH_THREAD_FLOORS, NULL };

static void plan(struct bench_plan *p, struct bench_case c)
{
	if (c.backend) {
		bench_plan_places(p, c, false, plan_paths);
	} else if (bench_plan_has_threads(p)) {
		c.line = "hot";
		bench_thread_floor_plan(p, c, 1);
	}
}

/* All vCPUs into the path's state; the first one says what a kick's outcome is here. */
static void prepare(struct fast *f)
{
	const struct bench_fast *b = f->c->backend->fast;

	f->ready = true;
	for (int i = 0; i < machine.n_vcpus; i++)
		f->ready &= b->prepare(vcpu_at(i), f->c->state,
				       f->c->state == BENCH_SELF ? i : machine.n_pcpus - 1);
	f->sent = machine_self.sent;
	if (f->ready)
		f->outcome = b->once[f->c->what](vcpu_at(0));
	f->ready &= proves(f->c, f->outcome);
}

/* The state must still be the path's, and nobody may have got an IPI. */
static void check(struct fast *f)
{
	const struct bench_fast *b = f->c->backend->fast;

	f->sent = machine_self.sent - f->sent;
	for (int i = 0; i < machine.n_vcpus && f->ready; i++) {
		struct kick_view view;

		b->view(vcpu_at(i), &view);
		f->changed |= (bench_decl(f->c->backend)->features & KICK_F_CLAIM) &&
			      view.claimed != (f->c->state == BENCH_EXITING);
	}
}

/* The thief takes all lines, then it is the kicker's turn again. */
static void hand_to_thief(struct fast *f)
{
	/* Pairs with the acquire in thief(). */
	__atomic_store_n(&f->turn, THIEFS_TURN, __ATOMIC_RELEASE);
	/* Pairs with the release in thief(): it has all the lines. */
	for (uint32_t turn = 1; __atomic_load_n(&f->turn, __ATOMIC_ACQUIRE) == THIEFS_TURN; turn++)
		if (!machine_relax_bounded(turn))
			return;
}

static void kick_stolen(struct team_member *m, struct fast *f)
{
	struct rseq *area = preempt_area();

	while (bench_timed_goes_on(m, &f->timed, clock_now())) {
		uint64_t t0, t1;

		hand_to_thief(f);
		preempt_watch(area);
		t0 = clock_now();
		f->other |= f->stolen(f->order, THEFT, f->outcome);
		t1 = clock_now_after();
		if (preempt_happened(area)) {
			f->timed.preempted++;
			continue;
		}
		f->timed.ops += THEFT;
		f->timed.ticks += t1 - t0;
	}
	preempt_unwatch(area);
	/* Pairs with the acquire in thief(). */
	__atomic_store_n(&f->turn, NOBODYS_TURN, __ATOMIC_RELEASE);
}

static void kicker(struct team_member *m)
{
	struct fast *f = m->arg;

	machine_become(0, 0);
	prepare(f);
	if (f->ready && is_stolen(f->c))
		kick_stolen(m, f);
	else if (f->ready)
		bench_timed_until_end(m, &f->timed, BATCH,
				f->other |= f->hot(vcpu_at(0), BATCH, f->outcome));
	/* Pairs with the acquire in thief(). */
	__atomic_store_n(&f->turn, NOBODYS_TURN, __ATOMIC_RELEASE);
	check(f);
}

/* A cmpxchg that changes nothing takes the line all the same, as a real writer would. */
static void thief(struct team_member *m)
{
	struct fast *f = m->arg;

	for (uint32_t turn = 1;; turn++) {
		/* Pairs with the releases of hand_to_thief(), kick_stolen() and kicker(). */
		uint32_t whose = __atomic_load_n(&f->turn, __ATOMIC_ACQUIRE);

		if (whose == NOBODYS_TURN || !machine_relax_bounded(turn))
			return;
		if (whose != THIEFS_TURN)
			continue;
		for (int i = 0; i < machine.n_vcpus; i++) {
			int *word = vcpu_at(i), now = __atomic_load_n(word, __ATOMIC_RELAXED);

			__atomic_compare_exchange_n(word, &now, now, 0, __ATOMIC_RELAXED,
						    __ATOMIC_RELAXED);
		}
		/* Unless the kicker has given up meanwhile.  Pairs with the acquire in hand_to_thief(). */
		__atomic_compare_exchange_n(&f->turn, &whose, KICKERS_TURN, 0, __ATOMIC_RELEASE,
					    __ATOMIC_RELAXED);
	}
}

static void judge(struct fast *f, struct bench_result *r)
{
	bench_timed_result(&f->timed, r);
	r->kicks = f->timed.ops;
	r->has_outcomes = r->has_ipis = true;
	r->outcome[f->outcome] = f->timed.ops;
	r->sent = f->sent;
	if (!f->ready)
		bench_verdict(r, VERDICT_INCONCLUSIVE, "the vCPU could not be brought into this state");
	else if (f->other || f->sent || f->changed)
		bench_verdict(r, VERDICT_INCONCLUSIVE, "a kick of the batch took another path");
	else if (!r->verdict)
		bench_verdict(r, VERDICT_OK, "");
}

static int run_team(const struct bench_env *env, struct fast *f, struct bench_result *r)
{
	const struct bench_case *c = f->c;
	bool stolen = is_stolen(c);
	int n = stolen ? THEFT : 1;
	const struct machine_config config = { .n_pcpus = n + 1,
					       .n_vcpus = n,
					       .n_kickers = 1,
					       .put_clears_cpu = clears_cpu(c),
					       .shift = c->repetition,
					       .sizes = c->backend->fast->sizes };
	static struct team_member m[2];

	m[0] = (struct team_member){ .pu = c->kicker_pu, .run = kicker, .arg = f, .is_kicker = true };
	m[1] = (struct team_member){ .pu = c->vcpu_pu, .run = thief, .arg = f };
	return bench_window_on(env, &config, m, stolen ? 2 : 1, c->window_ns, r);
}

static void shuffle(struct fast *f)
{
	uint64_t x = f->c->seed + f->c->repetition;

	for (uint32_t i = 0; i < THEFT; i++) {
		uint32_t k;

		x = x * 6364136223846793005u + 1442695040888963407u;
		k = (uint32_t)(x >> 33) % (i + 1);
		f->order[i] = f->order[k];
		f->order[k] = i;
	}
}

/* All kicks ended alike, and in what proves the path. */
static void judge_in_kernel(const struct bench_case *c, struct bench_result *r)
{
	for (int o = 0; o < KICK_N_OUTCOMES; o++)
		r->untrue |= r->outcome[o] && !proves(c, (enum kick_outcome)o);
	if (!r->verdict && (r->untrue || r->sent))
		bench_verdict(r, VERDICT_INCONCLUSIVE, "a kick of the batch took another path");
	else if (!r->verdict)
		bench_verdict(r, VERDICT_OK, "");
}

static int run_here(const struct bench_env *env, const struct bench_case *c, struct bench_result *r)
{
	const struct bench_fast *b = c->backend->fast;
	static struct fast f; /* not on the stack: a thread that hangs may still write to it */
	int failed;

	f = (struct fast){ .c = c, .turn = KICKERS_TURN };
	f.hot = b->hot[c->state][c->what];
	f.stolen = b->stolen[c->state][c->what];
	shuffle(&f);
	failed = run_team(env, &f, r);
	if (!failed)
		judge(&f, r);
	return failed;
}

static int run(const struct bench_env *env, const struct bench_case *c, struct bench_result *r)
{
	bool in_kernel = machine_is_kernel(c->transport);
	enum kick_outcome outcome;
	int failed;

	if (!c->backend)
		return bench_thread_floor_run(env, c, false, r);
	failed = in_kernel ? bench_kernel_run(env, c, r) : run_here(env, c, r);
	if (failed)
		return failed;
	if (in_kernel) {
		judge_in_kernel(c, r);
		bench_kernel_books(r);
	}
	failed = c->backend->count->kick(c->state, c->what, clears_cpu(c), &r->counts, &outcome);
	bench_counted_kick(r, failed);
	return 0;
}

const struct bench_scenario bench_scenario_fastpath = {
	.name = "fastpath",
	.summary = "one kick where no IPI is due: unloaded, self, outside, exiting",
	.place = 2,
	.has_floor = true,
	.paths = paths,
	.plan = plan,
	.run = run,
};
