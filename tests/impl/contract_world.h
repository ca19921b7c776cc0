/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Part 2 of the contract for tests/impl/contract_ops.h: pCPUs 0 and 1 for the vCPU, one per kicker. */
#include "contract_ops.h"

#define smp_processor_id() ct_cpu()
#define get_cpu() ct_cpu()
#define put_cpu() ((void)0)
#define preempt_disable() ((void)0)
#define preempt_enable() ((void)0)
#define local_irq_disable() ct_irq(true)
#define local_irq_enable() ct_irq(false)
#define kick_nr_cpus() ((int)CT_CPUS)
#define cpu_online(cpu) ((void)(cpu), true)
#define kick_nr_vcpus(vm) 1
#define kick_put_clears_cpu() false
#define kick_ipi(cpu) ct_ipi(cpu)
#define kick_call(mask, wait) ((void)(mask), (void)(wait))
#define kick_call_one(cpu, wait) ct_ipi(cpu)
#define kick_cpumask_get() ((struct kick_cpumask *)NULL)
#define kick_schedule(task) ct_sleep(&(task)->state.raw)
#define kick_window(w) ((void)(w))
#define kick_pause() ((void)0)
#define signal_pending() false
#define kick_get_pcpu(cpu) (this_cpu() + (cpu) - smp_processor_id())
#define kick_wait(word, value) ((void)(word), (void)(value))
#define kick_post(word) ((void)(word))

struct kick_mutex {
	int held;
};
struct kick_fas {
	int held;
};
struct kick_ticket {
	int held;
};
struct kick_mcs {
	int held;
};
struct kick_mcs_node {};
#define kick_mutex_trylock(l) (ct_lock(&(l)->held), true) /* nobody here does more than lock by it */
#define kick_mutex_lock(l) ct_lock(&(l)->held)
#define kick_mutex_unlock(l) ct_unlock(&(l)->held)
#define kick_fas_lock(l) ct_lock(&(l)->held)
#define kick_fas_unlock(l) ct_unlock(&(l)->held)
#define kick_ticket_lock(l) ct_lock(&(l)->held)
#define kick_ticket_unlock(l) ct_unlock(&(l)->held)
#define kick_mcs_lock(l, node) ((void)(node), ct_lock(&(l)->held))
#define kick_mcs_unlock(l, node) ((void)(node), ct_unlock(&(l)->held))

static struct kick_vm *this_vm(void) __attribute__((unused));
static struct kick_pcpu *this_cpu(void) __attribute__((unused));
static struct kick_kicker *this_kicker(void) __attribute__((unused));
static struct kick_vcpu *kick_get_vcpu(struct kick_vm *vm, int i) __attribute__((unused));
