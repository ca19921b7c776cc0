// SPDX-License-Identifier: GPL-2.0-or-later
/* One backend under stress: its text with delays at its windows, the script, and the oracle. */
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "stress/ops_stress.h"

#include KICK_BACKEND_FILE
#include "kick_absent.h"

#include "machine/team.h"
#ifdef KICK_VMM
#include "stress/vmm_script.h"
#else
#include "stress/events.h"
#include "stress/script.h"

static void begin(struct team_member *m)
{
	struct stress_thread *t = m->arg;

	stress_self = t;
	t->kickers_left = m->kickers_left;
	__atomic_store_n(&t->os_thread, (int)gettid(), __ATOMIC_RELAXED);
	machine_become(t->first_cpu, t->number);
}

static void end(struct stress_thread *t)
{
	struct timespec cpu;

	machine_serve(machine_self.doorbell);
	__atomic_store_n(&t->os_thread, 0, __ATOMIC_RELAXED);
	t->sent = machine_self.sent;
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &cpu);
	t->cpu_ns = (uint64_t)cpu.tv_sec * 1000000000u + (uint64_t)cpu.tv_nsec;
}

static void run_kicker(struct team_member *m)
{
	struct stress_thread *t = m->arg;

	begin(m);
	while (clock_now() < m->end && !machine_stop) {
		script_op(t);
		script_rest(t, m);
	}
	script_finish();
	end(t);
}

/* The last word on every vCPU, now that no kicker is left. */
static void last_look(struct stress_thread *t)
{
	t->over = true;
	guest_take_over(t);
	for (int k = 0; k < t->n_cpus; k++) {
		struct machine_pcpu *p = &machine.pcpu[t->first_cpu + k];

		if (p->vcpu >= 0 && machine.vcpu[p->vcpu].stint & 1 && t->oracle && !machine_stop)
			oracle_watch(t, p->vcpu);
		if (p->vcpu >= 0 && machine.vcpu[p->vcpu].stint & 1)
			guest_exit(t, p->vcpu, machine_pending(p));
		if (p->vcpu >= 0 && t->oracle && !machine_stop)
			oracle_last_requests(p->vcpu);
		machine_serve(p);
	}
	oracle_release(t);
}

static void run_carrier(struct team_member *m)
{
	struct stress_thread *t = m->arg;

	begin(m);
	for (int k = 0; k < t->n_vcpus; k++) {
		stress.vcpu[t->first_vcpu + k].next_event = next_event(t, clock_now());
		guest_load(t, t->first_vcpu + k, t->first_cpu + k);
		guest_enter(t, t->first_vcpu + k);
	}
	/* All that they sent is there; pairs with the release of a kicker that ends, in team.c. */
	while (__atomic_load_n(m->kickers_left, __ATOMIC_ACQUIRE) && !machine_stop)
		guest_turn(t);
	last_look(t);
	end(t);
}

static void prepare(void)
{
	for (int i = 0; i < machine.n_vcpus; i++)
		kick_vcpu_init(carrier_vcpu(i));
}

#endif

#define STRESS_PASTE2(a, b) a##b
#define STRESS_PASTE(a, b)  STRESS_PASTE2(a, b)
#define STRESS_STR2(a)	    #a
#define STRESS_STR(a)	    STRESS_STR2(a)

const struct stress_backend STRESS_PASTE(stress_backend_, KICK_BACKEND) = {
	.name = STRESS_STR(KICK_BACKEND),
	.decl = &kick_decl,
	.sizes = { sizeof(struct kick_vcpu), sizeof(struct kick_vm), sizeof(struct kick_pcpu),
		   sizeof(struct kick_kicker) },
#ifndef KICK_LACKS_RECHECK
	.has_recheck = true,
#endif
	.prepare = prepare,
	.kicker = run_kicker,
	.carrier = run_carrier,
};
