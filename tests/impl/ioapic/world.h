/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Part 2 of the contract for one thread: it is on the last pCPU, vCPU i on pCPU i, and calls end at once. */

enum { MAX_VCPUS = 4096 };
static int n_vcpus;
static int n_calls;

#define smp_processor_id() n_vcpus
#define get_cpu() n_vcpus
#define put_cpu() ((void)0)
#define preempt_disable() ((void)0)
#define preempt_enable() ((void)0)
#define local_irq_disable() ((void)0)
#define local_irq_enable() ((void)0)
#define kick_nr_cpus() (n_vcpus + 1)
#define cpu_online(cpu) ((cpu) >= 0 && (cpu) <= n_vcpus)
#define kick_nr_vcpus(vm) ((void)(vm), n_vcpus)
#define kick_put_clears_cpu() false
#define kick_ipi(cpu) ((void)(cpu), (void)n_calls++)
#define kick_call(mask, wait) ((void)(mask), (void)(wait), (void)n_calls++)
#define kick_call_one(cpu, wait) ((void)(cpu), (void)(wait), (void)n_calls++)
#define kick_schedule(task) ((void)(task))
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
#define kick_mutex_trylock(l) (!(l)->held && ++(l)->held)
#define kick_mutex_lock(l) ((l)->held++)
#define kick_mutex_unlock(l) ((l)->held--)
#define kick_fas_lock(l) ((l)->held++)
#define kick_fas_unlock(l) ((l)->held--)
#define kick_ticket_lock(l) ((l)->held++)
#define kick_ticket_unlock(l) ((l)->held--)
#define kick_mcs_lock(l, node) ((void)(node), (l)->held++)
#define kick_mcs_unlock(l, node) ((void)(node), (l)->held--)

static struct kick_vm *this_vm(void) __attribute__((unused));
static struct kick_pcpu *this_cpu(void) __attribute__((unused));
static struct kick_kicker *this_kicker(void) __attribute__((unused));
static struct kick_vcpu *kick_get_vcpu(struct kick_vm *vm, unsigned int i) __attribute__((unused));
static struct kick_cpumask *kick_cpumask_get(void) __attribute__((unused));
