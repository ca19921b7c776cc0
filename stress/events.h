/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The vCPUs' side of the script: a carrier polls its pCPUs and lets things happen to their vCPUs.
 * While one of them sleeps, the carrier goes on with the others.
 */
#ifndef STRESS_EVENTS_H
#define STRESS_EVENTS_H

#include "stress/sleep.h"
#include "stress/vcpu.h"
#include "stress/walk_bug.h"

static inline uint64_t next_event(struct stress_thread *t, uint64_t now)
{
	return now + t->event_interval / 2 + stress_below(t, t->event_interval + 1);
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
	raced = script_is_aim(i);
	stress_note(STRESS_NOTE_SELF, i, v->cpu, 0);
	guest_kick(t, i, feature(KICK_F_SELF) ? -1 : STRESS_NR_SELF);
	t->n[STRESS_SELF]++;
	t->n[STRESS_SELF_RACED] += raced;
	if (machine_self.sent != sent || kick_guest_recheck(carrier_vcpu(i)))
		stress_found(KICK_V_SELF, i, v->cpu);
	contract_kept(i, true, *stress_preempts());
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
		script_toggle_offline(t);
		return;
	default:
		break;
	}
	/* In the place of what this vCPU cannot do now; where nobody wants it to move it does nothing. */
	if (stress.options->event_weight[STRESS_EV_MIGRATE])
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

static inline bool is_of_vcpu(const struct kick_task *task, int i)
{
	const char *at = (const char *)task, *own = (const char *)carrier_vcpu(i);

	return at >= own && at < own + sizeof(struct kick_vcpu);
}

/* A sleeper's thread: its other pCPUs have their turns, and the oracle is asked about the sleeper. */
static inline void sleep_while(kick_int *word, int value)
{
	struct stress_thread *t = stress_self;
	int i = t->target, cpu = machine.vcpu[i].cpu;
	bool missed = false;

	__atomic_store_n(&stress.drowsy, 0, __ATOMIC_RELAXED);
	while (READ_ONCE(*word) == value) {
		if (t->over || machine_stop || clock_now() >= stress.vcpu[i].wake_at || missed) {
			timer_interrupt(t, i, word, value);
			break;
		}
		if (t->oracle && oracle_sleeps(t, i, word, value, &missed))
			oracle_hold(t, 1);
		guest_turn(t);
		/* Pairs with the release of a kicker that ends, in team.c. */
		t->over = t->over || !__atomic_load_n(t->kickers_left, __ATOMIC_ACQUIRE);
		t->target = i;
	}
	machine_move(cpu);
	stress_press(); /* it may go to sleep again at once */
}

static inline bool is_sleeper(void)
{
	const struct stress_thread *t = stress_self;

	return t->target >= 0 && t->sleeping && stress.vcpu[t->target].asleep;
}

static inline void kick_schedule(struct kick_task *task)
{
	if (!is_sleeper() || !is_of_vcpu(task, stress_self->target))
		stress_refuse("calls kick_schedule(), in which only a vCPU's own thread sleeps, on its own "
			      "task: there is kick_wait()");
	__atomic_store_n(&stress.vcpu[stress_self->target].task, &task->state, __ATOMIC_RELAXED);
	sleep_while(&task->state, TASK_INTERRUPTIBLE);
	WRITE_ONCE(task->state, TASK_RUNNING);
}

/* A vCPU may sleep in kick_block() so, too; anybody else looks over and over. */
static inline void kick_wait(kick_int *word, int value)
{
	kick_full_fence(); /* pairs with that of kick_post() */
	if (is_sleeper())
		sleep_while(word, value);
	else
		machine_kick_wait(word, value);
}

#endif
