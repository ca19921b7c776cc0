// SPDX-License-Identifier: GPL-2.0-or-later
/* What the threads of one phase share, and how a violation is noted. */
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
