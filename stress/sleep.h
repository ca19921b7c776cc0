/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vCPUs that go to sleep, and the timer that ends it.  Their carrier's other pCPUs go on meanwhile:
 * events.h.
 */
#ifndef STRESS_SLEEP_H
#define STRESS_SLEEP_H

#include "stress/vcpu.h"

enum { SLEEP_TIMERS = 8 };

/* The timer's request is pending, since the thread that would take it sleeps; and it wakes for good. */
static inline void timer_is_heard(int i)
{
	struct stress_vcpu *s = &stress.vcpu[i];
	struct kick_view view;

	kick_view(carrier_vcpu(i), &view);
	if (!(view.requests >> stress_real_nr(STRESS_NR_TIMER) & 1))
		stress_found(KICK_V_LOST, i, machine.vcpu[i].cpu);
	else if (++s->timers >= SLEEP_TIMERS)
		stress_found(KICK_V_WAKE, i, machine.vcpu[i].cpu);
	else
		return;
	s->give_up = true;
}

/*
 * The pCPU's own timer: an interrupt kicks the vCPU that sleeps here.  I10: the wake must win over
 * any shortcut for the running vCPU.
 */
static inline void timer_interrupt(struct stress_thread *t, int i, kick_int *word, int value)
{
	enum kick_outcome outcome;

	t->n[STRESS_TIMERS]++;
	machine_move(machine.vcpu[i].cpu);
	outcome = guest_kick(t, i, STRESS_NR_TIMER);
	if (outcome != KICK_WOKEN && kick_peek(*word) == value)
		stress_found(KICK_V_WAKE, i, machine.vcpu[i].cpu);
	timer_is_heard(i);
}

/* I11: sleeps until somebody wakes it, or its timer does within 100 us. */
static inline void guest_block(struct stress_thread *t, int i)
{
	struct stress_vcpu *s = &stress.vcpu[i];
	uint64_t timers = t->n[STRESS_TIMERS];
	unsigned long requests;

	guest_leave(t, i);
	machine_move(machine.vcpu[i].cpu);
	t->target = i;
	requests = kick_take(carrier_vcpu(i));
	if (requests)
		oracle_taken(i, requests);
	s->wake_at = clock_now() + clock_from_ns(20000 + stress_below(t, 80000));
	s->asleep = true;
	t->sleeping++;
	t->n[STRESS_SLEEPS]++;
	stress_note(STRESS_NOTE_SLEEP, i, machine.vcpu[i].cpu, 0);
	/* So that kicks arrive while it goes to sleep, and not only when it sleeps. */
	__atomic_store_n(&stress.drowsy, (uint32_t)i + 1, __ATOMIC_RELAXED);
	/* About as long as it takes a kicker to notice that. */
	script_dawdle(t, t->sleepy ? 300 : 1000);
	stress_press();
	kick_block(carrier_vcpu(i));
	s->give_up = false;
	s->timers = 0;
	contract_rest(i);
	stress_note(STRESS_NOTE_AWAKE, i, machine.vcpu[i].cpu, 0);
	__atomic_store_n(&stress.drowsy, 0, __ATOMIC_RELAXED);
	t->n[STRESS_WOKEN] += timers == t->n[STRESS_TIMERS];
	t->sleeping--;
	s->asleep = false;
	guest_enter(t, i);
}

#endif
