// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One backend in the kernel: its kickers, and the kthreads that run its vCPUs.  Nothing is noted inside
 * a kick but what world.h and judge_ipi() note.
 */
#include "kernel/world.h"
#include KICK_BACKEND_FILE
#include "kick_absent.h"

#define JUDGE_PASTE2(a, b) a##b
#define JUDGE_PASTE(a, b) JUDGE_PASTE2(a, b)
#define JUDGE_TEXT2(a) #a
#define JUDGE_TEXT(a) JUDGE_TEXT2(a)

enum { STINT_NS = 10000000, BATCH = 512 }; /* no stint is longer; kicks between two looks at the clock */

static inline bool judge_claims(void)
{
	return kick_decl.features & KICK_F_CLAIM;
}

static inline struct kick_vcpu *vcpu_at(int i)
{
	return kick_get_vcpu(this_vm(), i);
}

static void prepare(void)
{
	for (int i = 0; i < (int)judge.order.n_vcpus; i++)
		kick_vcpu_init(vcpu_at(i));
}

/* The vCPU's side */

/* What the oracle suspects: seen pending or claimed before all kickers were outside a kick. */
struct suspicion {
	u64 since_ns;
	unsigned long requests;
	bool claimed;
};

/*
 * As the oracle of stress: a claim or a request was seen, then all kickers were outside a kick at one
 * moment, then nothing came for as long as an IPI can take.  True: a request is lost.
 */
static bool look(struct judge_thread *t, int i, struct suspicion *s, u32 received)
{
	struct judge_vcpu *v = &judge.vcpu[i];
	struct kick_view view;

	kick_view(vcpu_at(i), &view);
	view.claimed &= judge_claims() && v->poisoned_stint != v->stint;
	if (!view.claimed && !view.requests)
		return false;
	if (!s->since_ns || (!(s->requests & view.requests) && !(s->claimed && view.claimed))) {
		*s = (struct suspicion){ 0 };
		if (judge_quiet())
			*s = (struct suspicion){ judge_now(), view.requests, view.claimed };
		return false;
	}
	if (judge_now() - s->since_ns < JUDGE_GRACE_NS || judge_received(t->cpu) != received)
		return false;
	if (s->claimed && view.claimed) {
		v->poisoned_stint = v->stint;
		t->poisoned++;
	}
	if (!(s->requests & view.requests))
		return false;
	t->lost++;
	return true;
}

/* In guest mode, interrupts on, until one of ours is taken, or `until`.  How many were taken. */
static u32 guest(struct judge_thread *t, int i, u64 until)
{
	struct suspicion s = { 0 };
	u32 received = judge_received(t->cpu);

	judge_irqs_on();
	for (unsigned int turn = 1; judge_received(t->cpu) == received; turn++) {
		if (turn % 32 == 0 && (judge_over() || judge_now() >= until))
			break;
		if (turn % 64 == 0 && look(t, i, &s, received))
			break;
		cpu_relax();
	}
	judge_irqs_off();
	return judge_received(t->cpu) - received;
}

/* The requests that were taken: whoever made them waits for this. */
static void serve(struct judge_vcpu *v, unsigned long taken)
{
	for (int nr = 0; nr < JUDGE_MAX_KICKERS; nr++)
		if (taken >> nr & 1)
			judge_store(&v->served[nr], v->served[nr] + 1);
}

/* Once into guest mode and out, on the k-th CPU; what came while it was out ended nothing. */
static void stint(struct judge_thread *t, int i, int k, u64 until)
{
	struct judge_vcpu *v = &judge.vcpu[i];
	struct kick_view view;
	u32 taken, now;

	serve(v, kick_take(vcpu_at(i)));
	if (!kick_guest_enter(vcpu_at(i))) {
		judge_breathe();
		return;
	}
	now = judge_received(t->cpu);
	t->spurious += now - judge.seen[k];
	judge_store(&v->stint, v->stint + 1);
	taken = guest(t, i, until);
	judge.seen[k] = now + taken;
	kick_view(vcpu_at(i), &view);
	t->stints++;
	t->exits += taken > 0;
	t->natural += !taken;
	if (taken) {
		bool meant = !judge_claims() || view.claimed;

		t->useful += meant;
		t->spurious += taken - meant;
		/* The scheduler says what it wants before it sends; whom a stint keeps from it waits. */
		t->doubtful += judge_resched_wanted();
		v->by_ipi = v->stint;
	}
	judge_store(&v->stint, v->stint + 1);
	kick_guest_exit(vcpu_at(i));
}

static void load(struct judge_thread *t, int i, int k)
{
	judge_loaded(t, &judge.vcpu[i], k);
	kick_vcpu_load(vcpu_at(i), t->cpu);
}

/* Stints on one CPU until the vCPU is to move. */
static void stay(struct judge_thread *t, int i, int k)
{
	u64 move = judge_gap(t, judge.order.move_ns), now, until;

	for (now = judge_now(); now < move && !judge_over(); now = judge_now()) {
		until = judge_gap(t, judge.order.exit_ns);
		until = until < now + STINT_NS ? until : now + STINT_NS;
		stint(t, i, k, until < move ? until : move);
		if (judge_this_cpu() != t->cpu)
			judge_stop(JUDGE_OFFLINE);
		judge_breathe();
	}
}

/* To the k-th CPU, by the scheduler, whose own IPIs come meanwhile. */
static bool be_moved(struct judge_thread *t, int k)
{
	u32 received = judge_all_received();
	bool there = judge_go_to(t, judge.order.cpu[k]);

	t->in_moves += judge_all_received() - received;
	return there;
}

/* One vCPU that changes its CPU: two kthreads hand it over, or the scheduler moves the one. */
static void run_moving(struct judge_thread *t, int k)
{
	int n = (int)judge.order.n_cpus;
	bool handed = judge.order.mover == JUDGE_HANDOVER;

	while (!judge_over()) {
		/* All that the last one knew of the vCPU; pairs with judge_hand(). */
		if (handed && judge_holder() != k) {
			judge_await_turn();
			continue;
		}
		load(t, 0, k);
		stay(t, 0, k);
		kick_vcpu_put(vcpu_at(0));
		judge_put(t, k);
		if (judge_over())
			return;
		t->migrations++;
		if (handed)
			judge_hand((k + 1) % n);
		else if (!be_moved(t, k = (k + 1) % n))
			return;
	}
}

static void runner(struct judge_thread *t)
{
	int k = t->number;

	if (judge.order.scenario == JUDGE_MIGRATE) {
		run_moving(t, k);
		return;
	}
	load(t, k, k);
	stay(t, k, k);
	kick_vcpu_put(vcpu_at(k));
}

/* The kickers */

static enum kick_outcome kick_noted(struct judge_thread *t, struct kick_vcpu *vcpu)
{
	enum kick_outcome outcome;

	judge_into_kick(t);
	outcome = kick_send(vcpu, 0);
	judge_out_of_kick(t);
	t->outcome[outcome]++;
	t->kicks++;
	return outcome;
}

/* In guest mode, in this stint; 0: the window ended first. */
static u64 await_in_guest(struct judge_thread *t, const struct judge_vcpu *v)
{
	u64 stint;

	for (unsigned int turn = 1; !((stint = judge_load(&v->stint)) & 1); turn++) {
		if (turn % 256 == 0) {
			judge_breathe();
			if (!judge_goes_on(t, judge_now()))
				return 0;
		}
		cpu_relax();
	}
	return stint;
}

/* That stint is over: no longer than STINT_NS, and what a preemption adds. */
static void await_exit(const struct judge_vcpu *v, u64 stint)
{
	for (unsigned int turn = 1; judge_load(&v->stint) == stint && !judge_stopping(); turn++) {
		if (turn % 4096 == 0)
			judge_breathe();
		cpu_relax();
	}
}

static void roundtrip(struct judge_thread *t)
{
	struct judge_vcpu *v = &judge.vcpu[0];

	while (judge_goes_on(t, judge_now())) {
		u64 stint = await_in_guest(t, v), t0, t1;
		unsigned int switches = judge_switches();
		enum kick_outcome outcome;

		if (!stint)
			break;
		t0 = judge_now();
		outcome = kick_noted(t, vcpu_at(0));
		await_exit(v, stint);
		t1 = judge_now();
		if (judge_switches() != switches)
			t->preempted++;
		else if (outcome == KICK_SENT && judge_load(&v->by_ipi) == stint)
			judge_sample(t, t1 - t0);
		judge_settle(t);
		judge_breathe();
	}
}

static void contend(struct judge_thread *t)
{
	u64 began = judge_now(), now = began;

	for (; judge_goes_on(t, now); now = judge_now()) {
		judge_into_kick(t);
		for (int n = 0; n < 64 && (!judge.order.kicks || judge_goes_on(t, 0)); n++) {
			t->outcome[kick_send(vcpu_at(0), 0)]++;
			t->kicks++;
		}
		judge_out_of_kick(t);
		judge_breathe();
	}
	t->ops = t->kicks;
	t->ops_ns = now - began;
}

/* Make a request, kick, wait until it is served; think, so that the vCPU is met in all its states. */
static void migrate(struct judge_thread *t)
{
	struct judge_vcpu *v = &judge.vcpu[0];

	while (judge_goes_on(t, judge_now())) {
		unsigned int switches;
		u64 t0;

		judge_linger(judge_random(t, 4000));
		/* At least half of the kicks linger nowhere. */
		t->linger_ns = judge_random(t, 2) ? judge_random(t, judge.order.widen_ns) : 0;
		switches = judge_switches();
		t0 = judge_now();
		judge_into_kick(t);
		kick_request(vcpu_at(0), (unsigned int)t->number);
		t->outcome[kick_send(vcpu_at(0), 0)]++;
		judge_out_of_kick(t);
		t->kicks++;
		for (unsigned int turn = 1; judge_load(&v->served[t->number]) < t->kicks; turn++) {
			if (judge_stopping())
				return;
			if (turn % 4096 == 0)
				judge_breathe();
			cpu_relax();
		}
		if (judge_switches() != switches)
			t->preempted++;
		else
			judge_sample(t, judge_now() - t0);
		judge_settle(t);
		judge_breathe();
	}
}

/* The first n_in_guest are in guest mode: their stints; or the window is over. */
static bool await_all(struct judge_thread *t, u64 *stint)
{
	for (unsigned int i = 0; i < judge.order.n_in_guest; i++) {
		stint[i] = await_in_guest(t, &judge.vcpu[i]);
		if (!stint[i])
			return false;
	}
	return true;
}

static void broadcast(struct judge_thread *t)
{
	const struct judge_order *o = &judge.order;
	unsigned int flags = (o->wait ? KVM_REQUEST_WAIT : 0) | (o->wakeup ? 0 : KVM_REQUEST_NO_WAKEUP);
	u64 stint[JUDGE_MAX_CPUS], t0, t1;

	while (judge_goes_on(t, judge_now()) && await_all(t, stint)) {
		unsigned int switches = judge_switches();

		t0 = judge_now();
		judge_into_kick(t);
		kick_mask(this_vm(), flags, judge_bitmap(), o->n_vcpus);
		judge_out_of_kick(t);
		t1 = judge_now();
		t->kicks += o->mask_width;
		t->casts++;
		if (judge_switches() != switches)
			t->preempted++;
		else
			judge_sample(t, t1 - t0);
		for (unsigned int i = 0; i < o->n_in_guest; i++)
			if (judge_in_bitmap(i))
				await_exit(&judge.vcpu[i], stint[i]);
		judge_breathe();
	}
}

static void kicker(struct judge_thread *t)
{
	static void (*const body[JUDGE_N_SCENARIOS])(struct judge_thread *) = {
		[JUDGE_ROUNDTRIP] = roundtrip, [JUDGE_CONTEND] = contend,
		[JUDGE_MIGRATE] = migrate,     [JUDGE_BROADCAST] = broadcast,
	};

	body[judge.order.scenario](t);
}

/* Alone: no IPI is due */

/* The vCPU into the path's state, by this thread on the CPUs themselves.  It ends on the kicker's. */
static bool into_state(struct judge_thread *t, struct kick_vcpu *vcpu)
{
	unsigned int path = judge.order.path;
	bool ready = true;

	if (path == JUDGE_UNLOADED)
		return true;
	if (path != JUDGE_SELF && !judge_go_to(t, judge.order.cpu[0]))
		return false;
	kick_vcpu_load(vcpu, t->cpu);
	if (path == JUDGE_OUTSIDE)
		kick_vcpu_put(vcpu);
	if (path == JUDGE_EXITING) {
		ready = kick_guest_enter(vcpu);
		if (ready) { /* it stays in guest mode; this thread goes on */
			judge_irqs_on();
			judge_preempt_enable();
		}
	}
	if (path != JUDGE_SELF)
		ready &= judge_go_to(t, judge.order.kicker_cpu[0]);
	if (path == JUDGE_EXITING && ready) {
		struct kick_view view;

		kick_send(vcpu, 0);
		kick_view(vcpu, &view);
		ready = view.claimed;
	}
	return ready;
}

static inline enum kick_outcome form(struct kick_vcpu *vcpu, unsigned int what)
{
	if (what == JUDGE_REQUEST_KICK)
		kick_request(vcpu, 0);
	return kick_send(vcpu, what == JUDGE_CLAIM ? KVM_REQUEST_NO_WAKEUP : 0);
}

/* `what` is a constant, so that nothing is decided in the loop. */
static __always_inline u64 batch(struct kick_vcpu *vcpu, enum kick_outcome outcome, unsigned int what)
{
	u64 other = 0;

	for (int n = 0; n < BATCH; n++)
		other |= form(vcpu, what) ^ outcome;
	return other;
}

static u64 batch_of(struct kick_vcpu *vcpu, enum kick_outcome outcome, unsigned int what)
{
	switch (what) {
	case JUDGE_KICK:
		return batch(vcpu, outcome, JUDGE_KICK);
	case JUDGE_REQUEST_KICK:
		return batch(vcpu, outcome, JUDGE_REQUEST_KICK);
	default:
		return batch(vcpu, outcome, JUDGE_CLAIM);
	}
}

static u64 enter_and_exit(struct kick_vcpu *vcpu)
{
	u64 refused = 0;

	for (int n = 0; n < BATCH; n++) {
		if (kick_guest_enter(vcpu))
			kick_guest_exit(vcpu);
		else
			refused = 1;
	}
	return refused;
}

static void alone(struct judge_thread *t)
{
	bool entry = judge.order.scenario == JUDGE_ENTRY;
	struct kick_vcpu *vcpu = vcpu_at(0);
	enum kick_outcome outcome = KICK_OUTSIDE;

	if (!into_state(t, vcpu)) {
		judge_stop(JUDGE_UNREADY);
		return;
	}
	if (!entry)
		outcome = form(vcpu, judge.order.form);
	/* What brought the vCPU into its state is not counted. */
	judge_linger(10 * JUDGE_GRACE_NS);
	t->sent = t->merged = 0;
	t->balance = 0;
	judge_count_from_here();
	while (judge_goes_on(t, judge_now())) {
		unsigned int switches = judge_switches();
		u64 t0 = judge_now(), wrong, t1;

		wrong = entry ? enter_and_exit(vcpu) : batch_of(vcpu, outcome, judge.order.form);
		t1 = judge_now();
		t->wrong += wrong != 0;
		t->kicks += BATCH;
		t->outcome[outcome] += entry ? 0 : BATCH;
		t->stints += entry ? BATCH : 0;
		if (judge_switches() != switches) {
			t->preempted++;
		} else {
			t->ops += BATCH;
			t->ops_ns += t1 - t0;
		}
		judge_breathe();
	}
}

/* A kick_mutex sleeps, and the contract takes locks with interrupts off. */
static const char *cannot(void)
{
	if (kick_decl.features & KICK_F_SIGNAL)
		return "it kicks by signals, and here is no VMM";
#ifdef LOCK_TYPE
	if (__builtin_types_compatible_p(LOCK_TYPE, struct kick_mutex))
		return "its lock sleeps, and is taken with interrupts off";
#endif
	return NULL;
}

const struct judge_backend JUDGE_PASTE(judge_backend_, KICK_BACKEND) = {
	.name = JUDGE_TEXT(KICK_BACKEND),
	.cannot = cannot,
	.vcpu_size = sizeof(struct kick_vcpu),
	.vm_size = sizeof(struct kick_vm),
	.pcpu_size = sizeof(struct kick_pcpu),
	.kicker_size = sizeof(struct kick_kicker),
	.prepare = prepare,
	.alone = alone,
	.kicker = kicker,
	.runner = runner,
};
