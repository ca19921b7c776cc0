/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Inside of the module: one run, its threads, and what judge.c has for the backends' units. */
#ifndef KERNEL_JUDGE_H
#define KERNEL_JUDGE_H

#include <linux/cpumask.h>
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/hardirq.h>
#include <linux/module.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/smp.h>
#include <linux/types.h>
#include <trace/events/ipi.h> /* from 6.4 on smp_send_reschedule() is a macro that traces */

#include "kernel/kick_judge.h"

enum {
	JUDGE_EPOCHS = 64,    /* loads of a vCPU that are remembered */
	JUDGE_GRACE_NS = 20000, /* an IPI that was sent is taken by then, if interrupts are on */
};

/* What the judge knows of a vCPU; its runner writes, kickers read. */
struct judge_vcpu {
	u64 stint; /* odd: in guest mode */
	u64 by_ipi; /* the last stint that an IPI ended */
	u64 epoch; /* loads so far */
	int epoch_cpu[JUDGE_EPOCHS];
	u64 served[JUDGE_MAX_KICKERS]; /* requests taken, by number */
	u64 poisoned_stint;
} ____cacheline_aligned;

struct judge_thread {
	struct task_struct *task;
	void (*body)(struct judge_thread *self);
	int number, cpu;
	bool is_kicker;
	void *kicker;		  /* struct kick_kicker */
	unsigned long *mask;	  /* nr_cpu_ids bits */
	call_single_data_t *call; /* to each CPU */
	u64 calls;		  /* odd: inside a kick */
	u64 random, linger_ns, claim_epoch;
	u64 kicks, casts, outcome[JUDGE_OUTCOMES], sent, dropped, misdirected;
	u64 ops, ops_ns, preempted, wrong, switches;
	u64 useful, spurious, stale, stints, exits, natural, migrations, poisoned, lost;
	u64 merged, foreign, in_moves, doubtful;
	s32 balance; /* IPIs received less those sent, when that was last looked at */
} ____cacheline_aligned;

/* A backend's unit. */
struct judge_backend {
	const char *name;
	const char *(*cannot)(void); /* not NULL: what it needs and the kernel cannot give */
	size_t vcpu_size, vm_size, pcpu_size, kicker_size;
	void (*prepare)(void);			  /* all vCPUs */
	void (*alone)(struct judge_thread *self); /* fastpath, entry */
	void (*kicker)(struct judge_thread *self);
	void (*runner)(struct judge_thread *self);
};

/* The run.  One at a time; what threads write to all the time stands in lines of its own. */
struct judge {
	struct judge_order order;
	const struct judge_backend *backend;
	struct judge_thread *thread;
	int n_threads;
	struct judge_vcpu *vcpu;
	char *vcpus, *vm, *pcpus;
	size_t vcpu_stride, pcpu_stride;
	u32 *sample;
	u32 seen[JUDGE_MAX_CPUS]; /* received there, and counted as something; runners write */
	unsigned long bitmap[JUDGE_MAX_VCPUS / BITS_PER_LONG];
	u64 end_ns;
	bool probing;
	u32 holder ____cacheline_aligned_in_smp; /* which runner has the vCPU */
	int stop ____cacheline_aligned_in_smp; /* enum judge_end that ends it early; 0: go on */
	int go, over, ended; /* the window has begun; no kicker is left; all is counted */
};
extern struct judge judge;

DECLARE_PER_CPU(unsigned int, judge_called);
void judge_on_call(void *unused); /* the handler that counts in it */

/* Reschedule IPIs that the kernel counted on that CPU, 32 bits that wrap. */
static inline u32 judge_resched(int cpu)
{
#ifndef CONFIG_X86
	return 0;
#elif defined(JUDGE_COUNTS_ARE_AN_ARRAY)
	return READ_ONCE(per_cpu(irq_stat, cpu).counts[IRQ_COUNT_RESCHEDULE]);
#else
	return READ_ONCE(per_cpu(irq_stat, cpu).irq_resched_count);
#endif
}

/* What reached that CPU by either way; only differences mean anything. */
static inline u32 judge_received(int cpu)
{
	return READ_ONCE(per_cpu(judge_called, cpu)) +
	       (judge.order.transport == JUDGE_RESCHEDULE ? judge_resched(cpu) : 0);
}

/* Ends the run early; the first reason stands. */
static inline void judge_stop(enum judge_end why)
{
	if (!READ_ONCE(judge.stop))
		WRITE_ONCE(judge.stop, why);
}

static inline bool judge_stopping(void)
{
	return READ_ONCE(judge.stop);
}

static inline bool judge_over(void)
{
	/* The kickers' last kicks first; pairs with the release of the last kicker. */
	return smp_load_acquire(&judge.over) || judge_stopping();
}

/* Which runner has the vCPU, with all that the last one knew of it. */
static inline u32 judge_holder(void)
{
	return smp_load_acquire(&judge.holder); /* pairs with judge_hand() */
}

static inline void judge_hand(u32 k)
{
	smp_store_release(&judge.holder, k); /* pairs with judge_holder() */
}

/* The vCPUs that a broadcast names. */
static inline const unsigned long *judge_bitmap(void)
{
	return judge.bitmap;
}

static inline bool judge_in_bitmap(unsigned int i)
{
	return judge.bitmap[i / BITS_PER_LONG] >> (i % BITS_PER_LONG) & 1;
}

static inline struct judge_thread *judge_self(void)
{
	return kthread_data(current);
}

/*
 * Nothing but sending, preemption off; the caller has seen to it that the CPU is there.  It waits for nobody,
 * since a kick may send with a lock held for which the target waits with interrupts off: a call that finds
 * the last one of this thread to that CPU pending is merged with it, as a reschedule IPI would be.
 */
static inline void judge_send(struct judge_thread *t, int cpu)
{
#ifdef CONFIG_X86
	if (judge.order.transport == JUDGE_RESCHEDULE) {
		smp_send_reschedule(cpu);
		return;
	}
#endif
	if (smp_call_function_single_async(cpu, &t->call[cpu]))
		t->merged++, t->balance--;
}

static inline int judge_this_cpu(void)
{
	return raw_smp_processor_id();
}

static inline int judge_get_cpu(void)
{
	preempt_disable();
	return raw_smp_processor_id();
}

static inline void judge_preempt_disable(void)
{
	preempt_disable();
}

static inline void judge_preempt_enable(void)
{
	preempt_enable();
}

static inline void judge_irqs_off(void)
{
	local_irq_disable();
}

static inline void judge_irqs_on(void)
{
	local_irq_enable();
}

static inline bool judge_resched_wanted(void)
{
	return need_resched();
}

static inline bool judge_online(int cpu)
{
	return cpu >= 0 && cpu < nr_cpu_ids && cpu_online(cpu);
}

/* A count, and all that was done before it was raised. */
static inline u64 judge_load(const u64 *p)
{
	return smp_load_acquire(p); /* pairs with judge_store() */
}

static inline void judge_store(u64 *p, u64 v)
{
	smp_store_release(p, v); /* pairs with judge_load() */
}

/* The kicker's `calls` becomes odd before anything of the kick. */
static inline void judge_into_kick(struct judge_thread *t)
{
	WRITE_ONCE(t->calls, t->calls + 1);
	smp_mb(); /* pairs with judge_quiet() */
}

static inline void judge_out_of_kick(struct judge_thread *t)
{
	smp_store_release(&t->calls, t->calls + 1); /* pairs with judge_quiet() */
}

u64 judge_random(struct judge_thread *t, u64 limit); /* below limit; 0 if that is 0 */
u64 judge_now(void);				     /* ns */
void judge_linger(u64 ns);
void judge_count_from_here(void); /* what was received until now is of no kick that counts */
bool judge_goes_on(const struct judge_thread *t, u64 now); /* another kick? */
bool judge_quiet(void);			     /* all kickers are outside a kick at one moment */
void judge_settle(struct judge_thread *t); /* a kicker outside a kick: its books, so far */
u32 judge_all_received(void); /* on the vCPUs' CPUs since the window began */
void judge_sample(struct judge_thread *t, u64 ns);
u64 judge_gap(struct judge_thread *t, u64 mean_ns); /* a time to come; U64_MAX: never */
bool judge_go_to(struct judge_thread *t, int cpu); /* the caller moves there; false: it cannot */
void judge_call(struct judge_thread *t, const unsigned long *mask, bool wait);
void judge_ipi(struct judge_thread *t, int cpu, bool claims);
/* On the k-th CPU, before its number can be read. */
void judge_loaded(struct judge_thread *t, struct judge_vcpu *v, int k);
void judge_put(struct judge_thread *t, int k);
void judge_await_turn(void); /* a while, for a vCPU that is elsewhere */
void judge_breathe(void); /* in every loop that waits: lets others have the CPU */
unsigned int judge_switches(void); /* how often the caller was made to give up its CPU */

#endif
