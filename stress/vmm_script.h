/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What threads of a VMM do under stress: kickers make a request, kick and wait until it was taken; the first
 * one pauses and resumes all vCPUs, too; a vCPU's thread runs the loop of kick_vmm.h.
 */
#ifndef STRESS_VMM_SCRIPT_H
#define STRESS_VMM_SCRIPT_H

#include "machine/carrier.h"
#include "machine/team.h"

static inline bool vmm_has(unsigned int feature)
{
	return kick_decl.features & feature;
}

static inline void stress_while_waiting(void)
{
}

static inline struct kick_vcpu *vmm_vcpu(int i)
{
	return kick_get_vcpu(this_vm(), i);
}

/* The vCPU's thread: requests are taken by those who made them; of a call that is over none is. */
static inline bool vmm_take(struct stress_thread *t, int i)
{
	unsigned long taken = stress_requests(kick_take(vmm_vcpu(i)));
	uint32_t call = __atomic_load_n(&stress_vmm.call[i], __ATOMIC_RELAXED);

	for (int k = 0; k < stress.n_kickers; k++) {
		/* Pairs with the release in vmm_kick(). */
		int64_t in = __atomic_load_n(&stress_vmm.returned_in[k], __ATOMIC_ACQUIRE);

		if (!(taken >> stress_nr(k, 0) & 1))
			continue;
		t->n[STRESS_JUDGED]++;
		if (stress_vmm.agent[k].vcpu == i && in >= 0 && (uint32_t)in + 1 < call)
			stress_found(KICK_V_STALE, i, -1);
		VMM_WRITE(stress_vmm.served[k], __atomic_load_n(&stress_vmm.announced[k], __ATOMIC_RELAXED));
	}
	return taken != 0;
}

/* A kick that returned before the first number is of a call before, one after the second of this one. */
static inline void vmm_new_call(int i)
{
	VMM_ADD(stress_vmm.call[i], 1);
	kick_new_call(vmm_vcpu(i));
	VMM_ADD(stress_vmm.call[i], 1);
}

static void vmm_on_signal(int signal)
{
	int saved = errno;

	(void)signal;
	vmm_handle(vmm_vcpu(stress_self->first_vcpu));
	errno = saved;
}

static inline void vmm_stint(struct stress_thread *t, int i)
{
	/* Some stints end by themselves; what ends others nobody but a kick can. */
	bool alone = (t->natural || vmm_has(KICK_F_EXIT_WORK | KICK_F_PER_CALL)) && stress_random(t) & 1;
	bool entered;

	if (vmm_has(KICK_F_PAUSE)) {
		VMM_WRITE(vmm_self()->parks, vmm_self()->parks + 1);
		kick_park(vmm_vcpu(i));
		VMM_WRITE(vmm_self()->parks, vmm_self()->parks + 1);
	}
	if (vmm_has(KICK_F_REQUESTS) && vmm_take(t, i) && vmm_has(KICK_F_PER_CALL))
		vmm_new_call(i);
	vmm_self()->slept = false;
	VMM_NOTE(vmm_self()->enters, true);
	entered = kick_guest_enter(vmm_vcpu(i));
	VMM_NOTE(vmm_self()->enters, false);
	t->n[STRESS_SLEEPS] += vmm_self()->slept;
	if (!entered)
		return;
	t->n[STRESS_STINTS]++;
	if (vmm_guest(alone ? 10000 + stress_below(t, 100000) : 0)) {
		kick_guest_exit(vmm_vcpu(i));
		return;
	}
	kick_guest_exit(vmm_vcpu(i));
	if (vmm_self()->forced) /* for those who only look now and then */
		vmm_nap(100000);
	t->n[STRESS_NATURAL]++;
	if (vmm_has(KICK_F_EXIT_WORK))
		kick_exit_work(vmm_vcpu(i));
	if (vmm_has(KICK_F_PER_CALL)) {
		/* The next one begins when somebody makes it. */
		if (stress_random(t) & 1)
			vmm_nap((long)stress_below(t, 50000));
		vmm_new_call(i);
	}
}

static inline void vmm_begin(struct team_member *m)
{
	struct stress_thread *t = m->arg;
	struct sigaction action = { .sa_handler = vmm_on_signal };

	stress_self = t;
	t->kickers_left = m->kickers_left;
	t->target = -1;
	machine_become(t->first_cpu, t->number);
	sigaction(VMM_SIGNAL, &action, NULL);
	__atomic_store_n(&t->os_thread, (int)gettid(), __ATOMIC_RELAXED);
}

static void run_carrier(struct team_member *m)
{
	struct stress_thread *t = m->arg;
	int i = t->first_vcpu;

	vmm_begin(m);
	if (!sigsetjmp(vmm_home, 1)) {
		kick_vcpu_load(vmm_vcpu(i), 0);
		VMM_ADD(stress_vmm.begun, 1);
		while (vmm_is_wanted() && !machine_stop)
			vmm_stint(t, i);
		kick_vcpu_put(vmm_vcpu(i));
	}
	__atomic_store_n(&t->os_thread, 0, __ATOMIC_RELAXED);
	vmm_say(VMM_GONE);
}

/* A real KVM_RUN that a device ends, which wants no kick. */
static inline void vmm_device(struct stress_thread *t)
{
	bool may = t->natural || vmm_has(KICK_F_EXIT_WORK | KICK_F_PER_CALL);

	if (stress_guests.kvm && may && stress_random(t) & 1)
		stress_guests.kvm->leave(stress_guests.guest[stress_below(t, (uint64_t)machine.n_vcpus)]);
}

/* The last kicker: nobody is in a real KVM_RUN, or goes there again. */
static inline void vmm_clear_out(void)
{
	for (int i = 0; stress_guests.kvm && i < machine.n_vcpus; i++)
		while (VMM_READ(vmm_of_vcpu(i)->state) != VMM_GONE && machine_stop != MACHINE_STOP) {
			vmm_force(i);
			vmm_nap(100000);
		}
}

enum { VMM_PATIENCE = 8 };

/* Until it was taken, or the call that it was for is over. */
static inline void vmm_await(void)
{
	uint32_t turn = 0;

	vmm_say(VMM_UNSERVED);
	while (vmm_stays(vmm_self()) && !vmm_ends()) {
		vmm_nap(10000);
		if (++turn == VMM_PATIENCE)
			VMM_ADD(stress_vmm.hold, 1);
		if (turn % VMM_PATIENCE == 0)
			vmm_check();
	}
	vmm_say(VMM_BUSY);
	if (turn >= VMM_PATIENCE)
		VMM_ADD(stress_vmm.hold, -1);
}

static inline void vmm_be_held(void)
{
	if (!VMM_READ(stress_vmm.hold))
		return;
	vmm_say(VMM_HELD);
	while (VMM_READ(stress_vmm.hold) && !vmm_ends())
		vmm_nap(10000);
	vmm_say(VMM_BUSY);
}

/* As explore has it: KICK_SENT is a signal, anything else is none. */
static inline bool vmm_outcome_is_true(enum kick_outcome outcome, bool tried)
{
	switch (outcome) {
	case KICK_SENT:
		return tried;
	case KICK_CLAIMED:
		return !tried && vmm_has(KICK_F_CLAIM);
	case KICK_OUTSIDE:
		return !tried;
	default: /* of kernels */
		return false;
	}
}

static inline void vmm_kick(struct stress_thread *t, int i)
{
	uint64_t tries = t->tries, posts = t->posts;
	enum kick_outcome outcome;

	VMM_NOTE(vmm_self()->vcpu, i);
	VMM_NOTE(vmm_self()->call, VMM_READ(stress_vmm.call[i]));
	VMM_WRITE(stress_vmm.returned_in[t->number], -1);
	VMM_WRITE(stress_vmm.announced[t->number], stress_vmm.announced[t->number] + 1);
	kick_request(vmm_vcpu(i), stress_real_nr(stress_nr(t->number, 0)));
	outcome = kick_send(vmm_vcpu(i), 0);
	t->n[STRESS_KICKS]++;
	t->n[STRESS_REQUESTS]++;
	t->n[STRESS_SENT] += t->tries != tries;
	t->n[STRESS_WOKEN] += t->tries == tries && t->posts != posts;
	if (!vmm_outcome_is_true(outcome, t->tries != tries))
		stress_found(KICK_V_CONTRACT, i, -1);
	/* The call first; pairs with vmm_take(). */
	__atomic_store_n(&stress_vmm.returned_in[t->number], VMM_READ(stress_vmm.call[i]),
			 __ATOMIC_RELEASE);
	vmm_await();
}

/* Who calls a real one and is sent back at once is not in there: does its guest go on? */
static inline bool vmm_runs_on(int i)
{
	uint64_t turns;

	if (!stress_guests.kvm)
		return true;
	turns = stress_guests.kvm->turns(stress_guests.guest[i]);
	vmm_nap(20000);
	return stress_guests.kvm->turns(stress_guests.guest[i]) != turns;
}

/* Each leaves its park by itself: now and then nothing else is done until it has. */
static inline void vmm_await_resumed(void)
{
	struct vmm_agent *self = vmm_self();

	for (int i = 0; i < machine.n_vcpus && !vmm_ends(); i++) {
		uint32_t turn = 0;

		VMM_NOTE(self->vcpu, i);
		VMM_NOTE(self->call, VMM_READ(vmm_of_vcpu(i)->parks));
		if (!(self->call & 1))
			continue;
		vmm_say(VMM_RESUMED);
		while (vmm_stays(self) && !vmm_ends()) {
			vmm_nap(10000);
			if (++turn % VMM_PATIENCE == 0)
				vmm_check();
		}
		vmm_say(VMM_BUSY);
	}
}

/* What its return promises: nobody is in KVM_RUN, until all are resumed. */
static inline void vmm_pause_all(struct stress_thread *t)
{
	kick_stop_all(this_vm());
	for (int i = 0; i < machine.n_vcpus && !vmm_ends(); i++)
		if (VMM_READ(vmm_of_vcpu(i)->in_run) && vmm_runs_on(i))
			stress_found(KICK_V_WAIT, i, -1);
	if (stress_random(t) & 1)
		vmm_nap((long)stress_below(t, 50000));
	kick_resume_all(this_vm());
	if (!(stress_random(t) & 3))
		vmm_await_resumed();
	t->n[STRESS_KICKS]++;
	t->n[STRESS_WAITS]++;
	t->n[STRESS_SENT]++;
}

static inline void vmm_op(struct stress_thread *t)
{
	bool pauses = vmm_has(KICK_F_PAUSE) && !t->number &&
		      (!vmm_has(KICK_F_REQUESTS) || stress_random(t) & 1);

	vmm_be_held();
	vmm_device(t);
	if (pauses) {
		for (uint64_t n = 1 + stress_below(t, 3); n && !vmm_ends(); n--)
			vmm_pause_all(t);
	} else if (vmm_has(KICK_F_REQUESTS)) {
		vmm_kick(t, (int)stress_below(t, (uint64_t)machine.n_vcpus));
	} else {
		vmm_nap(100000);
	}
	if (stress_random(t) & 1)
		vmm_nap((long)stress_below(t, 40000));
}

static void run_kicker(struct team_member *m)
{
	struct stress_thread *t = m->arg;
	struct timespec cpu;

	vmm_begin(m);
	/* A signal to a thread that has not begun goes to nobody, and would pend for ever in the books. */
	while (VMM_READ(stress_vmm.begun) < (uint32_t)machine.n_vcpus && !vmm_ends())
		vmm_nap(10000);
	while (!sigsetjmp(vmm_home, 1) && clock_now() < m->end && !vmm_ends())
		vmm_op(t);
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &cpu);
	t->cpu_ns = (uint64_t)cpu.tv_sec * 1000000000u + (uint64_t)cpu.tv_nsec;
	vmm_say(VMM_GONE);
	if (VMM_ADD(stress_vmm.gone, 1) == (uint32_t)stress.n_kickers - 1)
		vmm_clear_out();
}

/* A first entry, which nobody sees, says which word is immediate_exit. */
static void vmm_learn(void)
{
	stress_self = stress.thread[stress.n_kickers];
	stress_guests.learning = true;
	stress_guests.word = -1;
	kick_vcpu_init(vmm_vcpu(0));
	kick_vcpu_load(vmm_vcpu(0), 0);
	if (!sigsetjmp(vmm_home, 1) && kick_guest_enter(vmm_vcpu(0)))
		kick_guest_exit(vmm_vcpu(0));
	vmm_block(false);
	memset(vmm_vcpu(0), 0, sizeof(struct kick_vcpu));
	memset(this_vm(), 0, sizeof(struct kick_vm));
	for (int i = 0; i < machine.n_vcpus; i++)
		memset(stress_guests.exit[i], 0, sizeof(kick_int));
	stress_guests.learning = false;
}

static void prepare(void)
{
	memset(&stress_vmm, 0, sizeof(stress_vmm));
	if (stress_guests.kvm)
		vmm_learn();
	memset(&stress_vmm, 0, sizeof(stress_vmm));
	for (int i = 0; i < machine.n_vcpus; i++)
		kick_vcpu_init(vmm_vcpu(i));
}

#endif
