// SPDX-License-Identifier: GPL-2.0-or-later
/* What the threads of one phase share, and how a violation is noted. */
#include <sched.h>

#include "stress/vmm_state.h"

struct stress stress;
struct stress_vmm stress_vmm;
__thread struct stress_thread *stress_self __attribute__((tls_model("local-exec")));

__attribute__((cold, noinline)) void stress_found(unsigned int bit, int vcpu, int cpu)
{
	struct stress_thread *t = stress_self;
	int kind = __builtin_ctz(bit);
	uint64_t now = clock_now();

	if (!t->found[kind]++)
		t->first_tick[kind] = now;
	stress_note(STRESS_NOTE_FOUND, vcpu, cpu, (unsigned int)kind);
	if (__atomic_exchange_n(&stress.frozen, 1, __ATOMIC_RELAXED))
		return;
	stress.first = (struct stress_first){ kind, t->number, vcpu, cpu, now };
}

void stress_note(enum stress_note note, int vcpu, int cpu, unsigned int arg)
{
	struct stress_thread *t = stress_self;

	if (!t->oracle || __atomic_load_n(&stress.frozen, __ATOMIC_RELAXED))
		return;
	t->ring[t->at++ % STRESS_RING] = (struct stress_moment){
		.tick = clock_now(),
		.stint = vcpu >= 0 ? (uint32_t)__atomic_load_n(&machine.vcpu[vcpu].stint,
							       __ATOMIC_RELAXED)
				   : 0,
		.vcpu = (int16_t)vcpu,
		.cpu = (int16_t)cpu,
		.note = (uint8_t)note,
		.arg = (uint8_t)arg,
	};
}

int stress_pick(struct stress_thread *t, const unsigned int *weight, int n)
{
	uint64_t sum = 0, at;

	for (int i = 0; i < n; i++)
		sum += weight[i];
	at = stress_below(t, sum);
	for (int i = 0; i < n; i++) {
		if (at < weight[i])
			return i;
		at -= weight[i];
	}
	return 0;
}

void stress_linger(enum kick_window window)
{
	struct stress_thread *t = stress_self;
	uint64_t draw = stress_random(t), until, epoch = 0;

	if (draw & 1)
		return;
	t->n[STRESS_DELAYS]++;
	if (t->target >= 0)
		epoch = __atomic_load_n(&machine.vcpu[t->target].epoch, __ATOMIC_RELAXED);
	if ((draw >> 1 & 7) == 0) {
		sched_yield();
	} else {
		until = clock_now() + (draw >> 8) % (t->delay + 1);
		while (clock_now() < until)
			machine_relax();
	}
	if (t->target >= 0 && !t->is_carrier)
		t->n[STRESS_MOVED] +=
			__atomic_load_n(&machine.vcpu[t->target].epoch, __ATOMIC_RELAXED) != epoch;
	stress_note(STRESS_NOTE_LINGER, t->target, -1, window);
}
