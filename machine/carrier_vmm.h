/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The thread of a VMM's vCPU: one carrier, one vCPU, and signals.  A template includes this after the
 * backend, which is one of machine/vmm.h.
 */
#ifndef MACHINE_CARRIER_VMM_H
#define MACHINE_CARRIER_VMM_H

#include "machine/carrier_run.h"
#include "machine/vmm.h"

/* After so long in one stint KVM_RUN returns by itself, as nature would have it: kicks may wait for that. */
#define CARRIER_LONGEST_NS 20000000

/* Polls of a word that nobody but the thread's handler writes. */
static inline bool carrier_vmm_spin(unsigned int turns)
{
	while (turns-- && !VMM_GET(pending))
		barrier();
	return VMM_GET(pending);
}

/* Where a stint was that long, the VMM works for a while: who spins until the vCPU is out sees it. */
static inline void carrier_vmm_exit_by_itself(int i, bool was_long)
{
	const struct timespec work = { 0, 100000 };

	carrier_exit(i, false);
	kick_exit_work(carrier_vcpu(i));
	if (was_long)
		nanosleep(&work, NULL);
}

/*
 * A kicker, its kick returned, asks about the stint that it kicked.  Its signal, if there is one, is taken on
 * the way back from any system call: when none is, the kick is lost.
 */
static inline void carrier_vmm_look_at_rescue(int i)
{
	/* Before the look at what pends; pairs with the release in await_exit(). */
	if (__atomic_load_n(&machine.vcpu[i].rescue, __ATOMIC_ACQUIRE) != machine.vcpu[i].stint)
		return;
	sched_yield();
	if (VMM_GET(pending))
		return;
	machine_vmm_merged(); /* one kicker, which sends nothing now */
	carrier_look_at_rescue(i);
}

/* In KVM_RUN until a signal is there, or KVM_RUN returns by itself, or nobody kicks any more. */
static inline void carrier_vmm_stay(struct carrier *c, int i)
{
	struct machine_vcpu *v = &machine.vcpu[i];
	uint64_t until = clock_now() + clock_from_ns(CARRIER_LONGEST_NS), now;

	while (v->stint & 1) {
		if (carrier_vmm_spin(c->shares_pu ? CARRIER_POLLS : 64 * CARRIER_POLLS)) {
			carrier_exit(i, true);
			return;
		}
		if (!carrier_goes_on(c))
			return;
		now = clock_now();
		if (now >= until || now >= c->next_exit) {
			c->next_exit = carrier_next(c, c->next_exit, now, c->natural_exits_per_s);
			carrier_vmm_exit_by_itself(i, now >= until);
			return;
		}
		if (c->shares_pu)
			sched_yield();
		carrier_vmm_look_at_rescue(i);
	}
}

static inline void carrier_vmm_begin(struct carrier *c)
{
	int i = c->first_vcpu;

	machine_vmm = (struct machine_vmm){ .vcpu = carrier_vcpu(i), .pcpu = &machine.pcpu[c->first_cpu] };
	c->wire.handler = machine_vmm_arrives;
	machine_wire_attach(&c->wire);
	machine_vmm.pcpu->wire = &c->wire;
	c->next_exit = carrier_next(c, clock_now(), clock_now(), c->natural_exits_per_s);
	carrier_load(i, c->first_cpu);
}

static inline void carrier_run_vmm(struct carrier *c)
{
	int i = c->first_vcpu;
	struct machine_vcpu *v = &machine.vcpu[i];

	carrier_vmm_begin(c);
	while (carrier_goes_on(c)) {
		kick_park(carrier_vcpu(i));
		kick_new_call(carrier_vcpu(i)); /* each KVM_RUN is a call */
		carrier_enter(i);
		if (v->stint & 1)
			carrier_vmm_stay(c, i);
		else if (c->shares_pu)
			sched_yield();
	}
	sched_yield(); /* what was sent is taken on the way back */
	if (v->stint & 1)
		carrier_exit(i, VMM_GET(pending));
	machine_vmm_merged();
	machine_wire_detach();
}

#endif
