/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The world of kick.h, part 2, for real threads on the emulated host, transport doorbell: an IPI is
 * one locked add to the target pCPU's doorbell line, which its carrier polls.
 *
 * A template may define kick_window(), KICK_IPI_HOOK(cpu), KICK_CALL_SENT(), KICK_WHILE_WAITING() and
 * KICK_PREEMPTED(n) before it includes this.  With MACHINE_ALONE there is one thread and no carrier:
 * interrupts are not modelled, and an IPI, which no timed path sends, is out of line.  With MACHINE_WIRED an
 * IPI also interrupts the carrier, by the transport of the machine.
 */
#ifndef MACHINE_WORLD_H
#define MACHINE_WORLD_H

#include <sched.h>

#include "machine/clock.h"
#include "machine/locks.h"
#include "machine/machine.h"
#include "machine/probes.h"
#include "machine/relax.h"

#ifndef KICK_PREEMPTED
#define KICK_PREEMPTED(n) ((void)0)
#endif
#ifndef kick_window
#define kick_window(window) ((void)0)
#endif
#ifndef KICK_CALL_SENT
#define KICK_CALL_SENT() ((void)0)
#endif
#ifndef KICK_WHILE_WAITING
#define KICK_WHILE_WAITING() ((void)0)
#endif
#ifndef KICK_IPI_HOOK
#define KICK_IPI_HOOK(cpu) ((void)0)
#endif

#define kick_nr_cpus() (machine.n_pcpus)
#define kick_nr_vcpus(vm) ((void)(vm), machine.n_vcpus)
#define kick_get_vcpu(vm, i) \
	((void)(vm), (struct kick_vcpu *)(machine.vcpus + (size_t)(i) * machine.vcpu_stride))
#define this_vm() ((struct kick_vm *)machine.vm)
#define this_cpu() ((struct kick_pcpu *)machine_self.pcpu)
#define kick_get_pcpu(cpu) ((struct kick_pcpu *)(machine.pcpus + (size_t)(cpu) * machine.pcpu_stride))
#define this_kicker() ((struct kick_kicker *)machine_self.kicker)
#define kick_put_clears_cpu() (machine.put_clears_cpu)
#define smp_processor_id() (machine_self.cpu)
#define preempt_disable() do { barrier(); KICK_PREEMPTED(1); } while (0)
#define preempt_enable() do { barrier(); KICK_PREEMPTED(-1); } while (0)
#define kick_pause() machine_relax()
#define signal_pending() (machine_stop != MACHINE_GO)

static inline int get_cpu(void)
{
	preempt_disable();
	return smp_processor_id();
}

static inline void put_cpu(void)
{
	preempt_enable();
}

static inline bool cpu_online(int cpu)
{
	return __atomic_load_n(&machine.online[cpu / KICK_BITS_PER_LONG], __ATOMIC_RELAXED) >>
		       (cpu % KICK_BITS_PER_LONG) &
	       1;
}

#ifdef MACHINE_ALONE
#define local_irq_disable() barrier()
#define local_irq_enable() barrier()
#define MACHINE_IPI static __attribute__((noinline, cold))
#else
#define MACHINE_IPI static inline

/* E4.  What arrived before is host noise; what arrives from now on stays pending. */
static inline void local_irq_disable(void)
{
	machine_serve(machine_self.doorbell);
	machine_self.doorbell->irqs_off = true;
}

/* E11, E12: the host's handlers run here, after the mode was changed. */
static inline void local_irq_enable(void)
{
	machine_self.doorbell->irqs_off = false;
	machine_serve(machine_self.doorbell);
}
#endif

MACHINE_IPI void kick_ipi(int cpu)
{
	KICK_IPI_HOOK(cpu);
	machine_probe1(send, cpu);
	machine_self.sent++;
	/* Orders all that the kicker did before; pairs with machine_pending(). */
	__atomic_fetch_add(&machine.pcpu[cpu].bell.ipis, 1, __ATOMIC_RELEASE);
#ifdef MACHINE_WIRED
	if (machine.pcpu[cpu].wire)
		machine_wire_ring(machine.pcpu[cpu].wire, machine.transport);
#endif
}

/* Send a function call; the number whose acknowledgement says that its handler ran. */
static inline uint32_t machine_send_call(int cpu)
{
	struct machine_pcpu *p = &machine.pcpu[cpu];
	/* Pairs with machine_take(): what the caller did before is seen where its call is. */
	uint32_t ticket = __atomic_add_fetch(&p->bell.calls, 1, __ATOMIC_RELEASE);

	kick_ipi(cpu);
	return ticket;
}

/* A waiter takes calls for its own pCPU meanwhile, else two waiters could wait for each other. */
static inline void machine_wait_call(int cpu, uint32_t ticket)
{
	struct machine_pcpu *p = &machine.pcpu[cpu];

	/* Pairs with machine_take(), which acknowledges. */
	for (uint32_t turn = 1; (int32_t)(__atomic_load_n(&p->acked_calls, __ATOMIC_ACQUIRE) - ticket) < 0;
	     turn++) {
		if (!machine_self.doorbell->irqs_off)
			machine_serve(machine_self.doorbell);
		KICK_WHILE_WAITING();
		if (!machine_relax_bounded(turn))
			return;
	}
}

static inline void kick_call_one(int cpu, bool wait)
{
	uint32_t ticket = machine_send_call(cpu);

	if (wait)
		machine_wait_call(cpu, ticket);
}

static inline bool machine_in_mask(const struct kick_cpumask *mask, int cpu)
{
	if (cpu == machine_self.cpu || !cpu_online(cpu))
		return false;
	return !mask || mask->bits[cpu / KICK_BITS_PER_LONG] >> (cpu % KICK_BITS_PER_LONG) & 1;
}

/* As smp_call_function_many(): all are sent before the first is waited for. */
static inline void kick_call(const struct kick_cpumask *mask, bool wait)
{
	for (int cpu = 0; cpu < machine.n_pcpus; cpu++)
		if (machine_in_mask(mask, cpu))
			machine_send_call(cpu);
	KICK_CALL_SENT();
	if (!wait)
		return;
	/* Waiting for what is there now covers our own call, and at most a few later ones. */
	for (int cpu = 0; cpu < machine.n_pcpus; cpu++)
		if (machine_in_mask(mask, cpu))
			machine_wait_call(cpu, __atomic_load_n(&machine.pcpu[cpu].bell.calls,
							       __ATOMIC_RELAXED));
}

static inline struct kick_cpumask *kick_cpumask_get(void)
{
	struct kick_cpumask *mask = machine_self.mask;

	if (machine.no_mask_memory)
		return NULL;
	for (int i = 0; i * KICK_BITS_PER_LONG < machine.n_pcpus; i++)
		mask->bits[i] = 0;
	return mask;
}

/* The vCPU's thread is its carrier, which goes on taking IPIs while the vCPU sleeps. */
static inline void kick_schedule(struct kick_task *task)
{
	for (uint32_t turn = 1; READ_ONCE(task->state) == TASK_INTERRUPTIBLE; turn++) {
		machine_serve(machine_self.doorbell);
		if (!machine_relax_bounded(turn))
			return;
	}
}

/* Looks at the word over and over: who forgets to post is not seen here. */
static inline void kick_wait(kick_int *word, int value)
{
	kick_full_fence(); /* pairs with that of kick_post() */
	for (uint32_t turn = 1; READ_ONCE(*word) == value; turn++) {
		machine_serve(machine_self.doorbell);
		if (!machine_relax_bounded(turn))
			return;
	}
}

static inline void kick_post(kick_int *word)
{
	(void)word;
	kick_full_fence(); /* pairs with that of kick_wait() */
}

#endif
