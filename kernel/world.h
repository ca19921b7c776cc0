/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The world of kick.h, part 2, in the kernel: CPUs are CPUs, interrupts are interrupts.  First the
 * kernel's macros of the contract's names are taken back; what they do is in judge.h, under other names.
 *
 * Guest mode is a kthread that spins with interrupts on until an IPI has been taken on its CPU.
 */
#ifndef KERNEL_WORLD_H
#define KERNEL_WORLD_H

#include "kernel/judge.h"

#undef READ_ONCE
#undef WRITE_ONCE
#undef barrier
#undef smp_load_acquire
#undef smp_store_release
#undef smp_store_mb
#undef smp_mb
#undef smp_rmb
#undef smp_wmb
#undef smp_mb__before_atomic
#undef smp_mb__after_atomic
#undef xchg
#undef xchg_relaxed
#undef xchg_acquire
#undef xchg_release
#undef cmpxchg
#undef cmpxchg_relaxed
#undef cmpxchg_acquire
#undef cmpxchg_release
#undef test_bit
#undef set_bit
#undef clear_bit
#undef test_and_set_bit
#undef test_and_clear_bit
#undef fetch_or
#undef get_cpu
#undef put_cpu
#undef preempt_disable
#undef preempt_enable
#undef local_irq_disable
#undef local_irq_enable
#undef smp_processor_id
#undef cpu_online
#undef signal_pending
#undef TASK_RUNNING
#undef TASK_INTERRUPTIBLE
#undef KVM_REQUEST_MASK

#define KICK_MAX_CPUS (((NR_CPUS + 63) / 64) * 64)
#include "kick_ops_native.h"
#include "kick.h"

#define kick_nr_cpus() ((int)nr_cpu_ids)
#define kick_nr_vcpus(vm) ((void)(vm), (int)judge.order.n_vcpus)
#define kick_get_vcpu(vm, i) \
	((void)(vm), (struct kick_vcpu *)(judge.vcpus + (size_t)(i) * judge.vcpu_stride))
#define this_vm() ((struct kick_vm *)judge.vm)
#define this_cpu() kick_get_pcpu(judge_this_cpu())
#define kick_get_pcpu(cpu) ((struct kick_pcpu *)(judge.pcpus + (cpu) * judge.pcpu_stride))
#define this_kicker() ((struct kick_kicker *)judge_self()->kicker)
#define kick_put_clears_cpu() (judge.order.put_clears)
#define smp_processor_id() judge_this_cpu()
#define get_cpu() judge_get_cpu()
#define put_cpu() judge_preempt_enable()
#define preempt_disable() judge_preempt_disable()
#define preempt_enable() judge_preempt_enable()
#define local_irq_disable() judge_irqs_off()
#define local_irq_enable() judge_irqs_on()
#define cpu_online(cpu) judge_online(cpu)
#define signal_pending() judge_stopping()
#define kick_pause() cpu_relax()

/* The backend's declaration comes after this header: a function of the template asks it. */
static inline bool judge_claims(void);

static inline void kick_window(enum kick_window window)
{
	struct judge_thread *t;

	if (__builtin_expect(!judge.probing, 1))
		return;
	t = judge_self();
	if (window == KICK_W_BEFORE_CLAIM)
		t->claim_epoch = judge_load(&judge.vcpu[0].epoch);
	else if (window == KICK_W_CPU_CLAIM && t->linger_ns)
		judge_linger(t->linger_ns);
}

static inline void kick_ipi(int cpu)
{
	judge_ipi(judge_self(), cpu, judge_claims());
}

static inline void kick_call(const struct kick_cpumask *mask, bool wait)
{
	judge_call(judge_self(), mask ? mask->bits : NULL, wait);
}

static inline void kick_call_one(int cpu, bool wait)
{
	struct kick_cpumask *mask = (struct kick_cpumask *)judge_self()->mask;

	__builtin_memset(mask, 0, BITS_TO_LONGS(nr_cpu_ids) * sizeof(long));
	kick_cpumask_set(cpu, mask);
	kick_call(mask, wait);
}

static inline struct kick_cpumask *kick_cpumask_get(void)
{
	struct kick_cpumask *mask = (struct kick_cpumask *)judge_self()->mask;

	__builtin_memset(mask, 0, BITS_TO_LONGS(nr_cpu_ids) * sizeof(long));
	return mask;
}

static inline void kick_schedule(struct kick_task *task)
{
	while (READ_ONCE(task->state) == TASK_INTERRUPTIBLE && !judge_stopping())
		judge_breathe();
}

/* Looks at the word over and over, as machine/world.h does. */
static inline void kick_wait(kick_int *word, int value)
{
	kick_full_fence(); /* pairs with that of kick_post() */
	while (READ_ONCE(*word) == value && !judge_stopping())
		judge_breathe();
}

static inline void kick_post(kick_int *word)
{
	(void)word;
	kick_full_fence(); /* pairs with that of kick_wait() */
}

/*
 * Locks as the kernel's own spin locks are: who holds one is not preempted.  A run that is stopped takes them
 * without waiting: it is void, and nothing may spin for ever.  A kick_mutex is only so that its backend
 * compiles: it sleeps, and it is never run here.
 */
struct kick_mutex {
	kick_int taken;
};
struct kick_fas {
	kick_int taken;
};
struct kick_ticket {
	kick_int next, serving;
};
struct kick_mcs_node {
	kick_ptr next;
	kick_int waits;
};
struct kick_mcs {
	kick_ptr last;
};

static inline void kick_fas_lock(struct kick_fas *l)
{
	judge_preempt_disable();
	while (xchg_acquire(&l->taken, 1) && !judge_stopping()) /* pairs with kick_fas_unlock() */
		while (READ_ONCE(l->taken) && !judge_stopping())
			cpu_relax();
}

static inline void kick_fas_unlock(struct kick_fas *l)
{
	smp_store_release(&l->taken, 0); /* pairs with xchg_acquire() in kick_fas_lock() */
	judge_preempt_enable();
}

#define kick_mutex_lock(l) kick_fas_lock((struct kick_fas *)(l))
#define kick_mutex_trylock(l) (!READ_ONCE((l)->taken) && (kick_mutex_lock(l), true))
#define kick_mutex_unlock(l) kick_fas_unlock((struct kick_fas *)(l))

static inline void kick_ticket_lock(struct kick_ticket *l)
{
	int mine;

	judge_preempt_disable();
	mine = __atomic_fetch_add(&l->next.raw, 1, __ATOMIC_RELAXED);
	/* Pairs with kick_ticket_unlock(). */
	while (smp_load_acquire(&l->serving) != mine && !judge_stopping())
		cpu_relax();
}

static inline void kick_ticket_unlock(struct kick_ticket *l)
{
	smp_store_release(&l->serving, l->serving.raw + 1); /* pairs with kick_ticket_lock() */
	judge_preempt_enable();
}

static inline void kick_mcs_lock(struct kick_mcs *l, struct kick_mcs_node *node)
{
	struct kick_mcs_node *before;

	judge_preempt_disable();
	WRITE_ONCE(node->next, NULL);
	WRITE_ONCE(node->waits, 1);
	before = xchg(&l->last, node);
	if (!before)
		return;
	smp_store_release(&before->next, node); /* pairs with kick_mcs_unlock() */
	/* Pairs with kick_mcs_unlock(). */
	while (smp_load_acquire(&node->waits) && !judge_stopping())
		cpu_relax();
}

static inline void kick_mcs_unlock(struct kick_mcs *l, struct kick_mcs_node *node)
{
	struct kick_mcs_node *next = smp_load_acquire(&node->next); /* pairs with kick_mcs_lock() */

	if (!next && cmpxchg_release(&l->last, (void *)node, NULL) == (void *)node) {
		judge_preempt_enable();
		return;
	}
	/* Pairs with kick_mcs_lock(). */
	while (!(next = smp_load_acquire(&node->next)) && !judge_stopping())
		cpu_relax();
	if (next)
		smp_store_release(&next->waits, 0); /* pairs with kick_mcs_lock() */
	judge_preempt_enable();
}

#endif
