/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A VMM's threads (kick_vmm.h) on the emulated host: a vCPU's thread gets signals by tgkill(), and its
 * handler is the backend's.  KVM_RUN is emulated, as a flag of the thread: while it is set, an arrival
 * is only noted, and the signal pends.  kick_signal_mask() does the same, without a system call.
 *
 * kick_vmm.h includes this in the place of its stand-ins where a template names it as KICK_VMM_WORLD, behind
 * machine/world.h with MACHINE_WIRED.
 */
#ifndef MACHINE_VMM_H
#define MACHINE_VMM_H

#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "machine/world.h"

/* What the vCPU's thread and its own signal handler share; no other thread looks. */
struct machine_vmm {
	struct kick_vcpu *vcpu;
	struct machine_pcpu *pcpu; /* its books */
	bool in_run, masked;	   /* a signal pends here */
	bool pending;
	uint32_t handled; /* signals whose handler has run */
	int kvm_lock;	  /* as KVM's vcpu->mutex, which KVM_RUN takes */
};
static __thread struct machine_vmm machine_vmm;

#define VMM_GET(field) __atomic_load_n(&machine_vmm.field, __ATOMIC_RELAXED)
#define VMM_SET(field, value)                                                                      \
	do {                                                                                       \
		barrier(); /* all that the handler looks at is in its place, and no later */       \
		__atomic_store_n(&machine_vmm.field, value, __ATOMIC_RELAXED);                     \
		barrier();                                                                         \
	} while (0)

/*
 * The books of one signal that has arrived.  Those that were merged with it are left on the bell, for
 * machine_vmm_merged().
 */
static inline void machine_vmm_take(void)
{
	struct machine_pcpu *p = machine_vmm.pcpu;
	bool useful = p->ended_stint && p->for_it;

	p->seen_ipis++;
	p->ended_stint = false;
	p->got.useful += useful;
	p->got.spurious += !useful;
}

/* Whoever sent a signal is outside of kick_signal(), and all have arrived: the rest was merged. */
static inline void machine_vmm_merged(void)
{
	struct machine_pcpu *p = machine_vmm.pcpu;
	uint32_t rest = machine_pending(p);

	p->got.dbl += rest;
	p->seen_ipis += rest;
}

static inline void machine_vmm_handle(void)
{
	machine_vmm_take();
	machine_vmm.handled++;
	kick_handler(machine_vmm.vcpu);
}

/* The signal, on the vCPU's thread: wire.c calls it. */
static void machine_vmm_arrives(void)
{
	if (VMM_GET(in_run) || VMM_GET(masked))
		VMM_SET(pending, true);
	else
		machine_vmm_handle();
}

/* Out of KVM_RUN: the handler runs for what pends, and what arrives meanwhile pends, until none does. */
static inline void machine_vmm_leave_run(void)
{
	while (!machine_vmm.masked) {
		if (VMM_GET(pending)) {
			VMM_SET(pending, false);
			machine_vmm_handle();
			continue;
		}
		VMM_SET(in_run, false);
		if (!VMM_GET(pending))
			return;
		VMM_SET(in_run, true);
	}
	VMM_SET(in_run, false);
}

static inline bool machine_vmm_run(kick_int *immediate_exit)
{
	VMM_SET(in_run, true);
	/* KVM's own lock, which nobody else wants here: pairs with nothing but the kernel's barrier there. */
	(void)__atomic_exchange_n(&machine_vmm.kvm_lock, 1, __ATOMIC_ACQUIRE);
	if (!VMM_GET(pending) && !(immediate_exit && READ_ONCE(*immediate_exit)))
		return true;
	machine_vmm_leave_run();
	return false;
}

/* The thread that has this vCPU; one that has not begun yet gets nothing, which the books say. */
static inline void kick_signal(struct kick_vcpu *vcpu)
{
	size_t i = (size_t)((char *)vcpu - machine.vcpus) / machine.vcpu_stride;

	kick_ipi(__atomic_load_n(&machine.vcpu[i].cpu, __ATOMIC_RELAXED));
}

/* A slice of a wait, after which a machine that stops is noticed. */
static inline void machine_vmm_sleep(kick_int *word, int value, long ns)
{
	const struct timespec slice = { 0, ns };

	syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, value, &slice, NULL, 0);
}

static inline void machine_vmm_wait(kick_int *word, int value)
{
	kick_full_fence(); /* pairs with that of machine_vmm_post() */
	while (READ_ONCE(*word) == value && !machine_stop)
		machine_vmm_sleep(word, value, 100000000);
}

static inline void machine_vmm_post(kick_int *word)
{
	kick_full_fence(); /* pairs with that of machine_vmm_wait() */
	syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, 1 << 30, NULL, NULL, 0);
}

/* The sender's retry delay. */
static inline void machine_vmm_delay(void)
{
	const struct timespec delay = { 0, 100000 };

	if (!machine_stop)
		nanosleep(&delay, NULL);
}

static inline void kick_signal_mask(struct kick_vcpu *vcpu, bool blocked)
{
	(void)vcpu;
	VMM_SET(in_run, true); /* so that what is let through runs the handler in one place */
	VMM_SET(masked, blocked);
	machine_vmm_leave_run();
}

/* A signal between the look and the sleep is noticed a slice later, where ppoll() would notice it at once. */
static inline bool kick_wait_signal(struct kick_vcpu *vcpu, kick_int *word, int value)
{
	bool blocked = machine_vmm.masked, woken;
	uint32_t handled = VMM_GET(handled);

	if (blocked)
		kick_signal_mask(vcpu, false);
	kick_full_fence(); /* pairs with that of machine_vmm_post() */
	while ((woken = VMM_GET(handled) == handled) && READ_ONCE(*word) == value && !machine_stop)
		machine_vmm_sleep(word, value, 100000);
	if (blocked)
		kick_signal_mask(vcpu, true);
	return woken;
}

static inline bool kick_signal_eat(struct kick_vcpu *vcpu)
{
	bool was = VMM_GET(pending);

	(void)vcpu;
	if (was) {
		VMM_SET(pending, false);
		machine_vmm_take();
	}
	return was;
}

static inline void machine_vmm_schedule(struct kick_task *task)
{
	for (uint32_t turn = 1; READ_ONCE(task->state) == TASK_INTERRUPTIBLE; turn++)
		if (!machine_relax_bounded(turn))
			return;
}

#define kick_signal_wait(vcpu) ((void)(vcpu), machine_vmm_delay())
#define kick_run_begin(vcpu, immediate_exit) ((void)(vcpu), machine_vmm_run(immediate_exit))
#define kick_run_end(vcpu) ((void)(vcpu), machine_vmm_leave_run())
#define kick_wait(word, value) machine_vmm_wait(word, value)
#define kick_post(word) machine_vmm_post(word)
#define kick_schedule(task) machine_vmm_schedule(task)

#endif
