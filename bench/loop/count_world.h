/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The world of kick.h for counting: one thread that plays all parts.
 *
 * A lock is counted by what its uncontended lock and unlock execute; tests/bench/test_bench_counts.c
 * checks this table against the machine code.
 */
#ifndef BENCH_COUNT_WORLD_H
#define BENCH_COUNT_WORLD_H

#include "kick_ops_counting.h"

extern struct bench_count_world {
	int cpu;
	void *vcpu, *vm, *pcpu[2], *kicker;
	bool put_clears_cpu;
	unsigned long sent; /* IPIs, calls, signals: whatever became of them */
	unsigned int windows; /* bits of enum kick_window: places that were passed */
	struct kick_cpumask mask;
} bench_count_world;

#define kick_window(window) ((void)(bench_count_world.windows |= 1u << (window)))
#define kick_nr_cpus() 2
#define kick_nr_vcpus(vm) ((void)(vm), 1)
#define kick_get_vcpu(vm, i) ((void)(vm), (void)(i), (struct kick_vcpu *)bench_count_world.vcpu)
#define this_vm() ((struct kick_vm *)bench_count_world.vm)
#define this_cpu() ((struct kick_pcpu *)bench_count_world.pcpu[bench_count_world.cpu])
#define kick_get_pcpu(cpu) ((void)(cpu), this_cpu())
#define this_kicker() ((struct kick_kicker *)bench_count_world.kicker)
#define kick_put_clears_cpu() (bench_count_world.put_clears_cpu)
#define smp_processor_id() (bench_count_world.cpu)
#define get_cpu() (bench_count_world.cpu)
#define put_cpu() barrier()
#define preempt_disable() barrier()
#define preempt_enable() barrier()
#define local_irq_disable() barrier()
#define local_irq_enable() barrier()
#define kick_pause() barrier()
#define signal_pending() false
#define cpu_online(cpu) ((void)(cpu), true)

/* The doorbell itself is the transport's, not the protocol's: not counted. */
static inline void kick_ipi(int cpu)
{
	(void)cpu;
	bench_count_world.sent++;
}

static inline void kick_call_one(int cpu, bool wait)
{
	(void)wait;
	kick_ipi(cpu);
}

static inline void kick_call(const struct kick_cpumask *mask, bool wait)
{
	(void)mask, (void)wait;
	kick_ipi(0);
}

/* Part 3: a signal counts as an IPI does; a look at immediate_exit is the kernel's own. */
#define KICK_VMM_WORLD "bench/loop/count_vmm.h"

static inline struct kick_cpumask *kick_cpumask_get(void)
{
	bench_count_world.mask.bits[0] = 0;
	return &bench_count_world.mask;
}

static inline void kick_schedule(struct kick_task *task)
{
	task->state.raw = TASK_RUNNING;
}

/* Its look; nobody sleeps here. */
static inline void kick_wait(kick_int *word, int value)
{
	(void)word, (void)value;
	kick_counts.loads++;
}

/* Its barrier; the system call is not counted, as an IPI is not. */
static inline void kick_post(kick_int *word)
{
	(void)word;
	kick_count_fence(KICK_MB);
}

/* {locked RMWs, plain loads, plain stores} of an uncontended lock and of its unlock. */
#define COUNT_LOCK(name, l_rmw, l_load, l_store, u_rmw, u_load, u_store)                           \
	struct name {                                                                              \
		int nothing;                                                                       \
	};                                                                                         \
	static inline void name##_count(unsigned long rmws, unsigned long loads,                   \
					unsigned long stores)                                      \
	{                                                                                          \
		kick_counts.locked_rmws += rmws;                                                   \
		kick_counts.loads += loads;                                                        \
		kick_counts.stores += stores;                                                      \
	}                                                                                          \
	enum { name##_l_rmw = l_rmw, name##_l_load = l_load, name##_l_store = l_store,             \
	       name##_u_rmw = u_rmw, name##_u_load = u_load, name##_u_store = u_store }

#define COUNT_DO(name, u) name##_count(name##_##u##_rmw, name##_##u##_load, name##_##u##_store)
#define kick_mutex_lock(lock) ((void)(lock), COUNT_DO(kick_mutex, l))
#define kick_mutex_trylock(lock) (kick_mutex_lock(lock), true)
#define kick_mutex_unlock(lock) ((void)(lock), COUNT_DO(kick_mutex, u))
#define kick_fas_lock(lock) ((void)(lock), COUNT_DO(kick_fas, l))
#define kick_fas_unlock(lock) ((void)(lock), COUNT_DO(kick_fas, u))
#define kick_ticket_lock(lock) ((void)(lock), COUNT_DO(kick_ticket, l))
#define kick_ticket_unlock(lock) ((void)(lock), COUNT_DO(kick_ticket, u))
#define kick_mcs_lock(lock, n) ((void)(lock), (void)(n), COUNT_DO(kick_mcs, l))
#define kick_mcs_unlock(lock, n) ((void)(lock), (void)(n), COUNT_DO(kick_mcs, u))

/*
 * The mutex of glibc 2.36 in a process with threads (owner, count and kind are plain words), and
 * Concurrency Kit's locks.  Its ticket lock has both numbers in one word on x86 only, where its unlock
 * is therefore a locked increment.
 */
COUNT_LOCK(kick_mutex, 1, 1, 2, 1, 1, 2);
COUNT_LOCK(kick_fas, 1, 0, 0, 0, 0, 1);
#if defined(__x86_64__)
COUNT_LOCK(kick_ticket, 1, 0, 0, 1, 0, 0);
#else
COUNT_LOCK(kick_ticket, 1, 1, 0, 0, 1, 1);
#endif
COUNT_LOCK(kick_mcs, 1, 0, 2, 1, 2, 0);
struct kick_mcs_node {
	int nothing;
};

#endif
