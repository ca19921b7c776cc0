/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The vCPUs' side of the script: a carrier runs its pCPUs and lets things happen to their vCPUs.
 * While one of them sleeps, the carrier goes on with the others.
 */
#ifndef STRESS_GUEST_H
#define STRESS_GUEST_H

#include "machine/carrier.h"
#include "stress/oracle.h"

static inline bool feature(unsigned int bit)
{
	return (kick_decl.features & bit) == bit;
}

static inline uint64_t next_event(struct stress_thread *t, uint64_t now)
{
	return now + t->event_interval / 2 + stress_below(t, t->event_interval + 1);
}

static inline void guest_load(struct stress_thread *t, int i, int cpu)
{
	t->target = i;
	stress_note(STRESS_NOTE_LOAD, i, cpu, 0);
	carrier_load(i, cpu);
}

/* E2..E9; the oracle's extra looks cost the kickers' lines, so only some entries have them. */
static inline void guest_enter(struct stress_thread *t, int i)
{
	struct machine_vcpu *v = &machine.vcpu[i];
	uint64_t made[STRESS_MAX_THREADS];
	bool look = t->oracle && (stress_random(t) & 15) == 0;
	unsigned long requests;

	t->target = i;
	machine_move(v->cpu);
	if (t->oracle)
		oracle_outside(i);
	if (look)
		oracle_before_entry(i, made);
	requests = kick_take(carrier_vcpu(i));
	if (requests)
		oracle_taken(i, requests);
	if (!kick_guest_enter(carrier_vcpu(i)))
		return;
	t->n[STRESS_STINTS]++;
	__atomic_store_n(&v->stint, v->stint + 1, __ATOMIC_RELEASE);
	stress.vcpu[i].patient = stress_random(t) & 3;
	stress_note(STRESS_NOTE_ENTER, i, v->cpu, 0);
	if (look)
		oracle_after_entry(i, made);
}

static inline void guest_exit(struct stress_thread *t, int i, bool by_ipi)
{
	t->target = i;
	stress_note(STRESS_NOTE_LEAVE, i, machine.vcpu[i].cpu, by_ipi);
	carrier_exit(i, by_ipi);
}

static inline void guest_leave(struct stress_thread *t, int i)
{
	if (machine.vcpu[i].stint & 1)
		guest_exit(t, i, false);
}

/* A pCPU of this carrier that is online and free, from a random one on; -1: none. */
static inline int free_cpu(struct stress_thread *t)
{
	int from = (int)stress_below(t, (uint64_t)t->n_cpus);

	for (int k = 0; k < t->n_cpus; k++) {
		int cpu = t->first_cpu + (from + k) % t->n_cpus;

		if (machine.pcpu[cpu].vcpu < 0 && machine_cpu_online(cpu))
			return cpu;
	}
	return -1;
}

static inline void guest_migrate(struct stress_thread *t, int i)
{
	bool away = t->peer && (stress_random(t) & 1) &&
		    !__atomic_load_n(&t->peer->inbox, __ATOMIC_RELAXED);
	int cpu = free_cpu(t);

	if (!away && cpu < 0)
		return;
	guest_leave(t, i);
	stress_note(STRESS_NOTE_PUT, i, machine.vcpu[i].cpu, 0);
	carrier_put(i);
	t->n[STRESS_MIGRATIONS]++;
	if (away) {
		/* The release hands over all that this thread knows of the vCPU. */
		__atomic_store_n(&t->peer->inbox, (uint32_t)i + 1, __ATOMIC_RELEASE);
		return;
	}
	guest_load(t, i, cpu);
	guest_enter(t, i);
}

static inline void guest_take_over(struct stress_thread *t)
{
	uint32_t handed = __atomic_load_n(&t->inbox, __ATOMIC_ACQUIRE);
	int cpu = handed ? free_cpu(t) : -1;

	if (cpu < 0)
		return;
	__atomic_store_n(&t->inbox, 0, __ATOMIC_RELAXED);
	guest_load(t, (int)handed - 1, cpu);
	guest_enter(t, (int)handed - 1);
}

/* A kick by this thread, which is a kicker too: `calls` is odd meanwhile. */
static inline enum kick_outcome guest_kick(struct stress_thread *t, int i, int nr)
{
	uint64_t *calls = &machine.kicker[t->number].calls;
	enum kick_outcome outcome;

	t->target = i;
	__atomic_store_n(calls, *calls + 1, __ATOMIC_SEQ_CST);
	if (nr >= 0)
		kick_request(carrier_vcpu(i), (unsigned int)nr);
	outcome = kick_send(carrier_vcpu(i), 0);
	__atomic_store_n(calls, *calls + 1, __ATOMIC_RELEASE);
	return outcome;
}

static inline bool is_being_kicked(int i)
{
	for (int k = 0; k < stress.n_kickers; k++)
		if (__atomic_load_n(&stress.thread[k]->aim, __ATOMIC_RELAXED) == i)
			return true;
	return false;
}

/*
 * I10: the vCPU's own code kicks itself on the fast path, interrupts off.  Nothing is sent, and it
 * must not re-enter; where only requests count, it makes one.
 */
static inline void guest_self_kick(struct stress_thread *t, int i)
{
	struct machine_vcpu *v = &machine.vcpu[i];
	uint64_t sent;
	bool raced;

	machine_move(v->cpu);
	sent = machine_self.sent;
	raced = is_being_kicked(i);
	stress_note(STRESS_NOTE_SELF, i, v->cpu, 0);
	guest_kick(t, i, feature(KICK_F_SELF) ? -1 : STRESS_NR_SELF);
	t->n[STRESS_SELF]++;
	t->n[STRESS_SELF_RACED] += raced;
	if (machine_self.sent != sent || kick_guest_recheck(carrier_vcpu(i)))
		stress_found(KICK_V_SELF, i, v->cpu);
	guest_exit(t, i, machine_pending(&machine.pcpu[v->cpu]));
	guest_enter(t, i);
}

/* From the host of this vCPU's pCPU: a kick of another vCPU, which may have been here a moment ago. */
static inline void guest_kick_neighbour(struct stress_thread *t, int i)
{
	int cpu = machine.vcpu[i].cpu;
	int other = (int)stress_below(t, (uint64_t)machine.n_vcpus);

	guest_leave(t, i);
	if (other != i) {
		machine_move(cpu);
		guest_kick(t, other, STRESS_NR_NEIGHBOUR);
		t->n[STRESS_NEIGHBOURS]++;
	}
	guest_enter(t, i);
}

static inline void guest_bug(struct stress_thread *t, int i);

/* I4: reads pages while the mode says so; none of them may have been freed. */
static inline void guest_walk(struct stress_thread *t, int i)
{
	struct stress_vcpu *s = &stress.vcpu[i];
	uint64_t page;

	guest_leave(t, i);
	machine_move(machine.vcpu[i].cpu);
	t->target = i;
	__atomic_store_n(&s->walking, 1, __ATOMIC_RELAXED);
	kick_walk_begin(carrier_vcpu(i));
	stress_note(STRESS_NOTE_WALK, i, machine.vcpu[i].cpu, 0);
	page = __atomic_load_n(&stress.page, __ATOMIC_ACQUIRE);
	guest_bug(t, i);
	for (int step = 0; step < 4; step++) {
		stress_window(KICK_W_WALK);
		oracle_page_is_live(i, page);
	}
	kick_walk_end(carrier_vcpu(i));
	__atomic_store_n(&s->walking, 0, __ATOMIC_RELAXED);
	stress_note(STRESS_NOTE_WALKED, i, machine.vcpu[i].cpu, 0);
	t->n[STRESS_WALKS]++;
	guest_enter(t, i);
}

/* I9: a free pCPU goes offline, or one comes back; two stay free, so that vCPUs can move. */
static inline void toggle_offline(struct stress_thread *t)
{
	int cpu = t->first_cpu + (int)stress_below(t, (uint64_t)t->n_cpus), free_ones = 0;
	unsigned long *word = &machine.online[cpu / KICK_BITS_PER_LONG];
	unsigned long bit = 1UL << (cpu % KICK_BITS_PER_LONG);

	if (machine.pcpu[cpu].vcpu >= 0)
		return;
	machine_serve(&machine.pcpu[cpu]); /* what arrived until now belongs to the time before */
	if (!machine_cpu_online(cpu)) {
		__atomic_fetch_or(word, bit, __ATOMIC_RELEASE);
		return;
	}
	for (int k = 0; k < t->n_cpus; k++)
		free_ones += machine.pcpu[t->first_cpu + k].vcpu < 0 &&
			     machine_cpu_online(t->first_cpu + k);
	if (free_ones < 3)
		return;
	__atomic_fetch_and(word, ~bit, __ATOMIC_RELEASE);
	t->n[STRESS_OFFLINES]++;
}

static inline void guest_block(struct stress_thread *t, int i);

static inline void guest_event(struct stress_thread *t, int i)
{
	/* What hides a missed wake-up is that it needs many tries at the same few nanoseconds. */
	static const unsigned int sleepy[STRESS_N_EVENTS] = { [STRESS_EV_BLOCK] = 80,
							      [STRESS_EV_MIGRATE] = 20 };
	const unsigned int *weight = t->sleepy ? sleepy : stress.options->event_weight;

	switch ((enum stress_event)stress_pick(t, weight, STRESS_N_EVENTS)) {
	case STRESS_EV_EXIT:
		if (!t->natural)
			break;
		guest_leave(t, i);
		t->n[STRESS_NATURAL]++;
		guest_enter(t, i);
		return;
	case STRESS_EV_BLOCK:
		if (!feature(KICK_F_BLOCK) || t->sleeping || t->over)
			break;
		guest_block(t, i);
		return;
	case STRESS_EV_WALK:
		if (!feature(KICK_F_WALK))
			break;
		guest_walk(t, i);
		return;
	case STRESS_EV_SELF:
#ifndef KICK_LACKS_RECHECK
		if (machine.vcpu[i].stint & 1 &&
		    !machine_pending(&machine.pcpu[machine.vcpu[i].cpu]))
			guest_self_kick(t, i);
		return;
#else
		break;
#endif
	case STRESS_EV_NEIGHBOUR:
		guest_kick_neighbour(t, i);
		return;
	case STRESS_EV_OFFLINE:
		toggle_offline(t);
		return;
	default:
		break;
	}
	guest_migrate(t, i);
}

/* What is due for the vCPU on this pCPU.  While it is under suspicion nothing else ends its stint. */
static inline bool guest_look_after(struct stress_thread *t, int i, uint64_t now)
{
	struct stress_vcpu *s = &stress.vcpu[i];
	bool in_guest = machine.vcpu[i].stint & 1, suspected;

	if (s->looked == t->looks || s->asleep)
		return false;
	s->looked = t->looks;
	suspected = t->oracle && in_guest && oracle_watch(t, i);
	if (now < s->next_event || (suspected && s->patient))
		return suspected;
	s->next_event = next_event(t, now);
	guest_event(t, i);
	return suspected;
}

/* One poll of one pCPU. */
static inline void guest_poll(struct stress_thread *t, struct machine_pcpu *p)
{
	int i = p->vcpu;

	if (i < 0 || stress.vcpu[i].asleep) {
		machine_serve(p);
	} else if (!(machine.vcpu[i].stint & 1)) {
		guest_enter(t, i);
	} else if (machine_pending(p)) {
		if (t->late_ipis && (stress_random(t) & 31))
			return;
		guest_exit(t, i, true);
		guest_enter(t, i);
	}
}

/* All pCPUs once or more, then what is due. */
static inline void guest_turn(struct stress_thread *t)
{
	bool suspected = false;
	uint64_t now;

	for (int poll = 0; poll < 4; poll++)
		for (int k = 0; k < t->n_cpus; k++)
			guest_poll(t, &machine.pcpu[t->first_cpu + k]);
	guest_take_over(t);
	now = clock_now();
	t->looks++;
	for (int k = 0; k < t->n_cpus; k++) {
		int i = machine.pcpu[t->first_cpu + k].vcpu;

		if (i >= 0)
			suspected |= guest_look_after(t, i, now);
	}
	if (suspected)
		oracle_hold(t, ORACLE_PATIENCE);
	else if (!t->sleeping)
		oracle_release(t);
	if (t->shares_pu)
		sched_yield();
}

#endif
