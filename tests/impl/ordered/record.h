/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A judge that judges nothing: one thread, every operation done at once and its text printed.  What a
 * backend's functions do, and in which order, stands in its output.
 */
#include <stdbool.h>
#include <stdio.h>

#include "kick_words.h"

static void say_op(const char *say)
{
	printf(" | %s", say);
}

#define kick_op_load(p, order, say) (say_op(say), *(p))
#define kick_op_store(p, v, order, say) (say_op(say), (void)(*(p) = (v)))
#define record_rmw(p, say, expression)                    \
	({                                                \
		__typeof__(*(p)) found_ = *(p);           \
		say_op(say);                              \
		*(p) = (expression);                      \
		found_;                                   \
	})
#define kick_op_xchg(p, v, order, say) record_rmw(p, say, v)
#define kick_op_cmpxchg(p, o, n, order, say) record_rmw(p, say, found_ == (o) ? (n) : found_)
#define kick_op_fetch_or(p, v, order, say) record_rmw(p, say, found_ | (v))
#define kick_op_fetch_and(p, v, order, say) record_rmw(p, say, found_ & (v))
#define kick_op_store_seq_cst(p, v, say) kick_op_store(p, v, KICK_SEQ_CST, say)
#define kick_op_fetch_add(p, v, order, say) record_rmw(p, say, found_ + (v))
#define kick_op_add(p, v, order, say) ((void)record_rmw(p, say, found_ + (v)))
#define kick_op_or(p, v, order, say) ((void)record_rmw(p, say, found_ | (v)))
#define kick_op_and(p, v, order, say) ((void)record_rmw(p, say, found_ & (v)))
#define kick_op_fence(fence, say) say_op(say)
#define kick_op_peek(p) (*(p))
#define barrier() ((void)0)

#include "kick.h"

enum { CPUS = 4 };
static int here; /* the pCPU that this code runs on */
static bool slept;

#define smp_processor_id() here
#define get_cpu() (say_op("get_cpu()"), here)
#define put_cpu() say_op("put_cpu()")
#define preempt_disable() say_op("preempt_disable()")
#define preempt_enable() say_op("preempt_enable()")
#define local_irq_disable() say_op("local_irq_disable()")
#define local_irq_enable() say_op("local_irq_enable()")
#define kick_nr_cpus() ((int)CPUS)
#define cpu_online(cpu) ((cpu) >= 0 && (cpu) < CPUS)
#define kick_nr_vcpus(vm) ((void)(vm), 1)
#define kick_put_clears_cpu() false
#define kick_ipi(cpu) ((void)(cpu), say_op("kick_ipi()"))
#define kick_call(mask, wait) ((void)(mask), say_op(wait ? "kick_call(wait)" : "kick_call()"))
#define kick_call_one(cpu, wait) ((void)(cpu), say_op(wait ? "kick_call_one(wait)" : "kick_call_one()"))
/* Somebody wakes it at once. */
#define kick_schedule(task)                                                     \
	(say_op("kick_schedule()"), slept = true, (void)((task)->state.raw = TASK_RUNNING))
#define kick_window(w) ((void)(w))
#define kick_pause() ((void)0)
#define signal_pending() slept
#define kick_get_pcpu(cpu) (this_cpu() + (cpu) - smp_processor_id())
#define kick_wait(word, value) ((void)(word), (void)(value))
#define kick_post(word) ((void)(word))

static struct kick_cpumask own_mask;
#define kick_cpumask_get() (own_mask = (struct kick_cpumask){ .bits = { 0 } }, &own_mask)

struct kick_vcpu;
static struct kick_vm *this_vm(void) __attribute__((unused));
static struct kick_pcpu *this_cpu(void) __attribute__((unused));
static struct kick_kicker *this_kicker(void) __attribute__((unused));
static struct kick_vcpu *kick_get_vcpu(struct kick_vm *vm, int i) __attribute__((unused));
