// SPDX-License-Identifier: GPL-2.0-or-later
/* What the script does, whatever the backend. */
#include <sched.h>

#include "machine/team.h"
#include "stress/state.h"

static bool is_online(int cpu)
{
	return __atomic_load_n(&machine.online[cpu / KICK_BITS_PER_LONG], __ATOMIC_RELAXED) >>
		       (cpu % KICK_BITS_PER_LONG) &
	       1;
}

void script_book_mask(struct stress_thread *t, enum stress_op op, int book, const unsigned long *set,
			     void (*write)(struct stress_thread *t, int book, int i))
{
	for (int i = 0; op != STRESS_OP_BARE_MASK && i < machine.n_vcpus; i++)
		if (kick_bitmap_test(set, (unsigned int)machine.n_vcpus, (unsigned int)i))
			write(t, book, i);
}

void script_ask_of_mask(const unsigned long *set, const uint64_t *stint)
{
	for (int i = 0; i < machine.n_vcpus; i++)
		if (kick_bitmap_test(set, (unsigned int)machine.n_vcpus, (unsigned int)i) && stint[i] & 1)
			/* The kick is over before that; pairs with oracle_watch(). */
			__atomic_store_n(&stress.vcpu[i].asked, stint[i], __ATOMIC_RELEASE);
}

void script_rest(struct stress_thread *t, const struct team_member *m)
{
	uint64_t now = clock_now(), until = now;

	machine_serve(machine_self.doorbell);
	stress_press();
	if (stress_random(t) & 1)
		until += stress_below(t, t->think + 1);
	if (t->nap)
		until += 2 * t->think;
	while (now < until && !__atomic_load_n(&stress.drowsy, __ATOMIC_RELAXED)) {
		machine_relax();
		now = clock_now();
	}
	/* Not for long: the carrier that asks may be preempted, and asks again. */
	until = now + clock_from_ns(100000);
	while (__atomic_load_n(&stress.hold, __ATOMIC_RELAXED) && !machine_stop && now < until &&
	       now < m->end) {
		machine_serve(machine_self.doorbell);
		sched_yield();
		now = clock_now();
	}
}

bool script_is_over(void)
{
	/* After bug_lock was taken; pairs with script_finish(). */
	return __atomic_load_n(&stress.done, __ATOMIC_SEQ_CST) >= (uint32_t)stress.n_kickers;
}

void script_finish(void)
{
	__atomic_fetch_add(&stress.done, 1, __ATOMIC_SEQ_CST); /* before bug_lock: pairs with find_bug() */
	/* Pairs with find_bug(), which gives the lock back when it does not wait any more. */
	while ((!script_is_over() || __atomic_load_n(&stress.bug_lock, __ATOMIC_SEQ_CST)) && !machine_stop) {
		machine_serve(machine_self.doorbell);
		sched_yield();
	}
}

bool script_is_aim(int i)
{
	for (int k = 0; k < stress.n_kickers; k++)
		if (__atomic_load_n(&stress.thread[k]->aim, __ATOMIC_RELAXED) == i)
			return true;
	return false;
}

void script_toggle_offline(struct stress_thread *t)
{
	int cpu = t->first_cpu + (int)stress_below(t, (uint64_t)t->n_cpus), free_ones = 0;
	unsigned long *word = &machine.online[cpu / KICK_BITS_PER_LONG];
	unsigned long bit = 1UL << (cpu % KICK_BITS_PER_LONG);

	if (machine.pcpu[cpu].vcpu >= 0)
		return;
	machine_serve(&machine.pcpu[cpu]); /* what arrived until now belongs to the time before */
	if (!is_online(cpu)) {
		__atomic_fetch_or(word, bit, __ATOMIC_RELAXED);
		return;
	}
	for (int k = 0; k < t->n_cpus; k++)
		free_ones += machine.pcpu[t->first_cpu + k].vcpu < 0 &&
			     is_online(t->first_cpu + k);
	if (free_ones < 3)
		return;
	__atomic_fetch_and(word, ~bit, __ATOMIC_RELAXED);
	t->n[STRESS_OFFLINES]++;
}

int script_free_cpu(struct stress_thread *t)
{
	int from = (int)stress_below(t, (uint64_t)t->n_cpus);

	for (int k = 0; k < t->n_cpus; k++) {
		int cpu = t->first_cpu + (from + k) % t->n_cpus;

		if (machine.pcpu[cpu].vcpu < 0 && is_online(cpu))
			return cpu;
	}
	return -1;
}

void script_dawdle(struct stress_thread *t, uint64_t ns)
{
	uint64_t until = clock_now() + stress_below(t, clock_from_ns(ns) + 1);

	while (clock_now() < until)
		machine_relax();
}
