/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Part 2 of the contract (kick.h) for explore.  The vCPUs run on the first pCPUs, each kicker on one of
 * its own.
 */
#ifndef EXPLORE_WORLD_EXPLORE_H
#define EXPLORE_WORLD_EXPLORE_H

#include "explore/world/scenario.h"

/* It does not change while a unit's text runs; and of what is constant no read is shown: see shared.c. */
extern const struct xp_scenario xp_scenario_const __asm__("xp_scenario");
#define xp_scenario xp_scenario_const

#define smp_processor_id() xp_cpu()
#define get_cpu() (xp_book_preempt(1), xp_cpu())
#define put_cpu() xp_book_preempt(-1)
#define preempt_disable() xp_book_preempt(1)
#define preempt_enable() xp_book_preempt(-1)
#define local_irq_disable() (xp_book_irq(true), xp_irq(true, XP_SITE("local_irq_disable()")))
#define local_irq_enable() (xp_book_irq(false), xp_irq(false, XP_SITE("local_irq_enable()")))
#define kick_nr_cpus() (xp_guest_cpus(&xp_scenario) + xp_scenario.kickers)
#define cpu_online(cpu) ((cpu) >= 0 && (cpu) < kick_nr_cpus() && !xp_offline(cpu))
#define kick_nr_vcpus(vm) ((void)(vm), xp_scenario.vcpus)
#define kick_put_clears_cpu() xp_put_clears()
#define kick_ipi(cpu) (xp_book_sent(1), xp_ipi(cpu, XP_SITE("kick_ipi(" #cpu ")")))
#define kick_call(mask, wait) xp_call_many(mask, wait, XP_SITE("kick_call(" #mask ", " #wait ")"))
#define kick_call_one(cpu, wait) xp_call_single(cpu, wait, XP_SITE("kick_call_one(" #cpu ", " #wait ")"))
#define kick_cpumask_get() xp_cpumask_get()
#define kick_schedule(task)                                                                        \
	(xp_sleeper(task), xp_be_woken(&(task)->state.raw, XP_SITE("kick_schedule(" #task ")")))
#define kick_get_pcpu(cpu) xp_get_pcpu(cpu)
#define kick_wait(word, value)                                                                     \
	((void)xp_futex_wait(word, value, false, XP_SITE("kick_wait(" #word ", " #value ")")))
#define kick_post(word) xp_futex_post(word, XP_SITE("kick_post(" #word ")"))
#define kick_mutex_trylock(l) xp_trylock_own(&(l)->held, XP_SITE("kick_mutex_trylock(" #l ")"))
#define KICK_VMM_WORLD "explore/world/vmm_explore.h"
#define kick_window(w) ((void)(w))
#define kick_pause() xp_pause(XP_SITE("kick_pause()"))
#define signal_pending() false

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
struct kick_mcs_node {
	const struct kick_mcs *of; /* since it was locked with this node */
};

#define kick_mutex_lock(l) xp_lock_own(&(l)->held, XP_SITE("kick_mutex_lock(" #l ")"))
#define kick_mutex_unlock(l) xp_unlock_own(&(l)->held, XP_SITE("kick_mutex_unlock(" #l ")"))
#define kick_fas_lock(l) xp_lock_own(&(l)->held, XP_SITE("kick_fas_lock(" #l ")"))
#define kick_fas_unlock(l) xp_unlock_own(&(l)->held, XP_SITE("kick_fas_unlock(" #l ")"))
#define kick_ticket_lock(l) xp_lock_own(&(l)->held, XP_SITE("kick_ticket_lock(" #l ")"))
#define kick_ticket_unlock(l) xp_unlock_own(&(l)->held, XP_SITE("kick_ticket_unlock(" #l ")"))
#define kick_mcs_lock(l, node) xp_mcs_lock(l, node, XP_SITE("kick_mcs_lock(" #l ")"))
#define kick_mcs_unlock(l, node) xp_mcs_unlock(l, node, XP_SITE("kick_mcs_unlock(" #l ")"))

static bool xp_is_kept(const void *p) __attribute__((unused)); /* in the template's world, and no local */

/* A node is for one lock at a time.  Those on a stack hold anything before. */
static inline XP_NOT_SHOWN void xp_mcs_lock(struct kick_mcs *l, struct kick_mcs_node *node,
					    const struct xp_site *site)
{
	if (xp_is_kept(node) && node->of)
		xp_found(KICK_V_CONTRACT);
	xp_lock_own(&l->held, site);
	node->of = l;
}

static inline XP_NOT_SHOWN void xp_mcs_unlock(struct kick_mcs *l, struct kick_mcs_node *node,
					      const struct xp_site *site)
{
	if (node->of != l)
		xp_found(KICK_V_CONTRACT);
	node->of = NULL;
	xp_unlock_own(&l->held, site);
}

/* What a thread's calls must leave as the contract says, and the truth of their outcomes. */
struct xp_books {
	int preempt_off;
	bool irq_off;
	unsigned int sent; /* IPIs and calls */
	bool kicking;	   /* inside a kick */
	bool entering;	   /* inside kick_block(), or a VMM's thread inside kick_guest_enter() */
	enum kick_outcome outcome; /* of its last kick of one vCPU */
	unsigned int zeroed; /* xp_zeroed() when it began */
	const int *task;     /* the state that it slept on last */
};
static struct xp_books *xp_books(void) __attribute__((unused));

/* No backend's, so not to be shown: that is dear. */
static inline XP_NOT_SHOWN void xp_book_preempt(int by)
{
	xp_books()->preempt_off += by;
}

static inline XP_NOT_SHOWN void xp_book_irq(bool off)
{
	xp_books()->irq_off = off;
}

static inline XP_NOT_SHOWN void xp_book_sent(int n)
{
	struct xp_books *books = xp_books();

	/* One, or more: who sends again and again is where it was. */
	books->sent = books->sent + n > 2 ? 2 : books->sent + n;
}

static inline XP_NOT_SHOWN void xp_book_nothing_sent(void)
{
	xp_books()->sent = 0;
}

/* Masks are private to a thread and no part of the state: empty whenever they are got. */
static struct kick_cpumask xp_masks[8];

static inline struct kick_cpumask *xp_cpumask_get(void)
{
	struct kick_cpumask *mask = &xp_masks[xp_self()];

	if (xp_scenario.no_memory && xp_choose(2, XP_SITE("no memory for a mask")))
		return NULL;
	mask->bits[0] = 0; /* there are no more than 64 pCPUs */
	return mask;
}

static inline void xp_cpumask_set(int cpu, struct kick_cpumask *mask)
{
	if (cpu >= 0 && cpu < kick_nr_cpus())
		kick_cpumask_set(cpu, mask);
	else
		xp_found(KICK_V_CPU);
}
#define kick_cpumask_set xp_cpumask_set

/* To every pCPU of the mask but one's own; with wait: until each handler has run. */
static inline void xp_call_many(const struct kick_cpumask *mask, bool wait, const struct xp_site *site)
{
	unsigned long todo = mask ? mask->bits[0] : (1UL << kick_nr_cpus()) - 1;
	int cpu, ticket[16];

	todo &= ~(1UL << xp_cpu());
	xp_book_sent(todo != 0);
	for (cpu = 0; cpu < kick_nr_cpus(); cpu++)
		if (todo >> cpu & 1) {
			xp_stand();
			ticket[cpu] = xp_call(cpu, site);
		}
	for (cpu = 0; wait && cpu < kick_nr_cpus(); cpu++)
		if (todo >> cpu & 1) {
			xp_stand();
			xp_ack(cpu, ticket[cpu], site);
		}
}

static inline void xp_call_single(int cpu, bool wait, const struct xp_site *site)
{
	int ticket = xp_call(cpu, site);

	xp_book_sent(1);
	if (wait)
		xp_ack(cpu, ticket, site);
}

/* Sleeps until somebody wakes it, which no kick may that must not. */
static inline XP_NOT_SHOWN void xp_be_woken(int *state, const struct xp_site *site)
{
	xp_books()->task = state;
	xp_sleep(state, site);
	if (xp_scenario.no_wakeup)
		xp_found(KICK_V_WAKE);
}

/* Of the template, which has the state. */
static bool xp_offline(int cpu) __attribute__((unused));
static void xp_sleeper(const struct kick_task *task) __attribute__((unused));
static bool xp_put_clears(void) __attribute__((unused));
static bool xp_futex_wait(kick_int *word, int value, bool or_signal, const struct xp_site *site)
	__attribute__((unused));
static void xp_futex_post(kick_int *word, const struct xp_site *site) __attribute__((unused));
static struct kick_vm *this_vm(void) __attribute__((unused));
static struct kick_pcpu *this_cpu(void) __attribute__((unused));
static struct kick_pcpu *xp_get_pcpu(int cpu) __attribute__((unused));
static struct kick_kicker *this_kicker(void) __attribute__((unused));
static struct kick_vcpu *kick_get_vcpu(struct kick_vm *vm, int i) __attribute__((unused));

#endif
