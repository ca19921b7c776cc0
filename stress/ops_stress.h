/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The operations and the world of stress: native atomics, seeded delays at the named windows, and
 * wrappers that note what goes out of a kick and refuse what no pCPU is.
 *
 * A delay is time or a yield, never a locked operation: that would drain the store buffer and hide a
 * missing fence.
 */
#ifndef STRESS_OPS_STRESS_H
#define STRESS_OPS_STRESS_H

#include <sched.h>

#include "kick_ops_native.h"
#include "kick.h"
#include "stress/state.h"

static inline void stress_zeroed(const void *p)
{
	stress_self->zeroed++;
	stress_self->zeroed_last = p;
}

/* As the native ones, and who turns a one into a zero may have woken a sleeper: contract.h. */
#undef kick_op_cmpxchg
#define kick_op_cmpxchg(p, o, n, order, say)                                                       \
	({                                                                                         \
		__typeof__(*(p)) found_ = (o);                                                     \
		bool did_ = __atomic_compare_exchange_n(p, &found_, n, 0, kick_c11_order(order),   \
							kick_c11_fail_order(order));               \
		if (did_ && (uintptr_t)found_ == 1 && !(uintptr_t)(n))                             \
			stress_zeroed(p);                                                          \
		found_;                                                                            \
	})
#undef kick_op_xchg
#define kick_op_xchg(p, v, order, say)                                                             \
	({                                                                                         \
		__typeof__(*(p)) was_ = __atomic_exchange_n(p, v, kick_c11_order(order));          \
		if ((uintptr_t)was_ == 1 && !(uintptr_t)(v))                                       \
			stress_zeroed(p);                                                          \
		was_;                                                                              \
	})

/*
 * Between the store of the mode and the look at requests nothing is noted unless time passes anyway:
 * a note takes as long as a store buffer needs to drain.
 */
static inline void stress_window(enum kick_window window)
{
	stress_self->passed |= 1u << window;
	if (window != KICK_W_MODE_CHECK)
		stress_note(STRESS_NOTE_WINDOW, stress_self->target, -1, window);
	if (stress_self->windows >> window & 1)
		stress_linger(window);
}
#define kick_window(window) stress_window(window)

/* The thread is to end, or its vCPU never wakes: sleep.h. */
static inline bool stress_signal_pending(void)
{
	return machine_stop || (stress_self->target >= 0 && stress.vcpu[stress_self->target].give_up);
}

/* The machine's world, under names of its own where something is to be seen. */
#define kick_ipi	  machine_kick_ipi
#define kick_call	  machine_kick_call
#define kick_call_one	  machine_kick_call_one
#define kick_schedule	  machine_kick_schedule
#define kick_wait	  machine_kick_wait
#define kick_post	  machine_kick_post
#define cpu_online	  machine_cpu_online
#define local_irq_disable machine_irq_disable
#define kick_fas_lock	    machine_fas_lock
#define kick_fas_unlock	    machine_fas_unlock
#define kick_ticket_lock    machine_ticket_lock
#define kick_ticket_unlock  machine_ticket_unlock
#define kick_mcs_lock	    machine_mcs_lock
#define kick_mcs_unlock	    machine_mcs_unlock
#define kick_mutex_lock	    machine_mutex_lock
#define kick_mutex_trylock  machine_mutex_trylock
#define kick_mutex_unlock   machine_mutex_unlock
/* A carrier that waits has other pCPUs to run meanwhile: walk_bug.h. */
static inline void stress_while_waiting(void);
#define KICK_WHILE_WAITING() stress_while_waiting()
#define KICK_PREEMPTED(n) (stress_self->preempts[machine_self.cpu - stress_self->first_cpu] += (n))
#include "machine/world.h"
#undef kick_fas_lock
#undef kick_fas_unlock
#undef kick_ticket_lock
#undef kick_ticket_unlock
#undef kick_mcs_lock
#undef kick_mcs_unlock
#undef kick_mutex_lock
#undef kick_mutex_trylock
#undef kick_mutex_unlock
#undef kick_ipi
#undef kick_call
#undef kick_call_one
#undef kick_schedule
#undef kick_wait
#undef kick_post
#undef cpu_online
#undef local_irq_disable
#undef signal_pending
#define signal_pending() stress_signal_pending()

#include "stress/locks.h"

/* I8 */
static inline bool stress_is_pcpu(int cpu)
{
	if (__builtin_expect((unsigned int)cpu < (unsigned int)machine.n_pcpus, 1))
		return true;
	stress_found(KICK_V_CPU, stress_self->target, cpu);
	return false;
}

static inline bool cpu_online(int cpu)
{
	return stress_is_pcpu(cpu) && machine_cpu_online(cpu);
}

/* Number -1 is where the machine books what no pCPU gets. */
static inline void kick_ipi(int cpu)
{
	int to = stress_is_pcpu(cpu) ? cpu : -1;

	stress_self->tries++;
	stress_note(STRESS_NOTE_IPI, stress_self->target, cpu, 0);
	machine_kick_ipi(to);
}

static inline void stress_cpumask_set(int cpu, struct kick_cpumask *mask)
{
	if (stress_is_pcpu(cpu))
		kick_cpumask_set(cpu, mask);
}
#define kick_cpumask_set stress_cpumask_set

/*
 * I5: only who asked for it waits, and no kicker with interrupts off: two of them would wait for each other.
 * Where that was found they are on, so that the machine goes on.
 */
static inline void stress_before_call(bool wait)
{
	bool *irqs_off = &machine_self.doorbell->irqs_off;

	stress_self->tries++;
	stress_note(STRESS_NOTE_CALL, stress_self->target, -1, wait);
	if (wait && (!stress_self->may_wait || (*irqs_off && !stress_self->is_carrier)))
		stress_found(KICK_V_DEADLOCK, stress_self->target, machine_self.cpu);
	if (wait && !stress_self->is_carrier)
		*irqs_off = false;
}

static inline void kick_call(const struct kick_cpumask *mask, bool wait)
{
	stress_before_call(wait);
	machine_kick_call(mask, wait);
}

static inline void kick_call_one(int cpu, bool wait)
{
	stress_before_call(wait);
	if (stress_is_pcpu(cpu))
		machine_kick_call_one(cpu, wait);
}

/*
 * What comes before interrupts are off is noise.  Where they go off too late, after the mode was stored, that
 * is an IPI for this stint: as long as in the window behind that store, such a one may come.
 */
static inline void local_irq_disable(void)
{
	if (stress_self->is_carrier && stress_self->windows >> KICK_W_MODE_CHECK & 1)
		stress_linger(KICK_W_MODE_CHECK);
	machine_irq_disable();
	if (stress_self->is_carrier)
		stress_press();
}

/* The vCPU's thread is a carrier, which has other pCPUs to run meanwhile: events.h. */
static inline void kick_schedule(struct kick_task *task);
static inline void kick_wait(kick_int *word, int value);

/* It may have woken a sleeper, as one who turns a one into a zero. */
static inline void kick_post(kick_int *word)
{
	machine_kick_post(word);
	stress_zeroed(word);
}

/* Of a VMM's thread: kick_vmm.h includes it. */
#define KICK_VMM_WORLD "stress/vmm_world.h"

#endif
