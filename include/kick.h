/* SPDX-License-Identifier: GPL-2.0-or-later OR MIT */
/*
 * THE contract between a kick protocol (a backend, impl/NAME.h) and those who judge it.
 *
 * A judge compiles the backend's text in a template, one translation unit per backend:
 *
 *	#include "kick_ops_native.h"     the primitives (native, counting, or the judge's own)
 *	#include "kick.h"                this file: vocabulary, world, what a backend defines
 *	#include "machine/world.h"       the judge's world: the functions declared in part 2
 *	#include KICK_BACKEND_FILE       the backend: static inline text, a template argument
 *
 * A backend has no include guard, no file-scope data but its declaration, and includes nothing but
 * headers of impl/family/ (a mutant: its parent), and kick_vmm.h where its vCPU is a thread of a VMM
 * (part 3).  It uses the words of kick_words.h for every word that two threads may touch, and the world
 * below for everything else.
 *
 * 1. What a backend defines, all `static inline`, all state starting as zero bytes:
 *
 *	struct kick_vcpu, kick_vm, kick_pcpu, kick_kicker	(empty where it needs none)
 *	void kick_vcpu_init(vcpu)		before any thread runs
 *	void kick_vcpu_load(vcpu, cpu)		vCPU thread, on pCPU cpu: loaded there from now on
 *	void kick_vcpu_put(vcpu)		vCPU thread: unloaded; kick_put_clears_cpu() says
 *						whether vcpu->cpu becomes -1 (arm64) or stays (x86)
 *	unsigned long kick_take(vcpu)		vCPU thread, in the host: take the pending requests
 *	bool kick_guest_enter(vcpu)		vCPU thread: interrupts off, publish, barrier, check;
 *						true: in guest mode, interrupts off; false: not, on
 *	bool kick_guest_recheck(vcpu)		in guest mode after a fast-path exit: may it re-enter?
 *	void kick_guest_exit(vcpu)		vCPU thread: out of guest mode, interrupts on
 *	void kick_request(vcpu, nr)		any thread: make request nr, without a kick
 *	enum kick_outcome kick_send(vcpu, flags)	any thread: kick one vCPU
 *	bool kick_mask(vm, req, bitmap, nbits)	any thread: make request `req` (number | flags) of the
 *						vCPUs in the bitmap of nbits bits (NULL: all) and kick
 *						them; true: at least one pCPU was interrupted
 *	void kick_walk_begin(vcpu), kick_walk_end(vcpu)	  vCPU thread: around a shadow-page walk
 *	void kick_block(vcpu)			vCPU thread: sleep until a request is pending
 *	bool kick_wake(vcpu)			any thread: true: it slept and was woken
 *	void kick_view(vcpu, view)		for judges, on any thread, never timed, no operations:
 *						kick_peek() of words, and no plain field
 *
 *    and declares itself with KICK_DECLARE() (kick_declare.h).  It may leave out kick_mask, the walk,
 *    block and wake, or recheck: it then says #define KICK_LACKS_MASK, _WALK, _BLOCK or _RECHECK,
 *    the template includes kick_absent.h after it, and its features do not name them.  The words that
 *    a kick touches first stand in the first 64 bytes of struct kick_vcpu.
 *
 * Who may write what: the vCPU thread writes everything of its vCPU; a kicker only makes requests
 * and claims.  A vCPU belongs to one thread at a time; what hands it over is the machine's affair
 * and orders all that went before.
 *
 * Part 2, further down, is the world; part 3, for a VMM's thread, stands in kick_vmm.h.
 */
#ifndef KICK_H
#define KICK_H

#include <stdbool.h>
#include <stddef.h>
#include "kick_words.h"
#include "kick_declare.h"

struct kick_vcpu;
struct kick_vm;
struct kick_pcpu;
struct kick_kicker;

/* vcpu->mode of the KVM family. */
enum { OUTSIDE_GUEST_MODE, IN_GUEST_MODE, EXITING_GUEST_MODE, READING_SHADOW_PAGE_TABLES };

/* A request is a number below 32, with flags beside it; kick_send() takes the flags alone. */
#define KVM_REQUEST_MASK 0xffu
#define KVM_REQUEST_NO_WAKEUP (1u << 8)
#define KVM_REQUEST_WAIT (1u << 9)
#define KVM_REQUEST_NO_ACTION (1u << 10)

/*
 * What became of a kick.  The first four are the mode that the kick found, so that a claim's result
 * is its outcome.  Judges combine outcomes in a register: a batch proves its path without a store.
 */
enum kick_outcome {
	KICK_OUTSIDE = OUTSIDE_GUEST_MODE,	   /* not in guest mode, or not loaded: nothing to do */
	KICK_SENT = IN_GUEST_MODE,		   /* an IPI (or signal) was sent */
	KICK_CLAIMED = EXITING_GUEST_MODE,	   /* another kicker has claimed this stint */
	KICK_READING = READING_SHADOW_PAGE_TABLES, /* walking: only a waiting mask interrupts that */
	KICK_SELF,				   /* the kicker runs on the vCPU's pCPU */
	KICK_WOKEN,				   /* it slept and was woken */
	KICK_OFFLINE,				   /* its pCPU is offline or out of range */
	KICK_N_OUTCOMES
};

/*
 * Places where a protocol can be hit.  The backend names them in its text; a judge may stretch the
 * time that passes there (never by a locked operation), note the time, or ignore them.
 */
enum kick_window {
	KICK_W_CPU_CLAIM,    /* between the two racing accesses: read of cpu, claim of mode */
	KICK_W_BEFORE_CLAIM, /* the next operation is the claim */
	KICK_W_CLAIM_IPI,    /* claimed; the IPI is not sent yet */
	KICK_W_REQUEST_MODE, /* the request is made; mode is not read yet */
	KICK_W_CPU_CHECKED,  /* the pCPU number was found good and is not used yet */
	KICK_W_LOAD_ENTER,   /* cpu is stored; mode is not IN_GUEST_MODE yet */
	KICK_W_MODE_CHECK,   /* mode=IN_GUEST_MODE is stored; requests are not checked yet */
	KICK_W_EXIT,	     /* mode=OUTSIDE_GUEST_MODE is stored; interrupts are still off */
	KICK_W_CHECK_SLEEP,  /* nothing to do was found; the thread does not sleep yet */
	KICK_W_WALK,	     /* in a shadow-page walk */
	KICK_N_WINDOWS,
	/* Of a VMM's thread: kick_vmm.h. */
	KICK_W_LOOK_RUN = KICK_N_WINDOWS, /* nothing to do was found; the thread is not in KVM_RUN yet */
	KICK_W_RUN_CLEAR,   /* back from KVM_RUN; what ended it (immediate_exit) is not cleared yet */
	KICK_W_ACK_PARK,    /* it said that it has stopped, and is not parked yet */
	KICK_W_RESUME_PARK, /* resume is said, and the vCPU is still parked */
	KICK_N_ALL_WINDOWS
};

/* What a judge may know of a vCPU; filled by kick_view(). */
struct kick_view {
	bool claimed;		/* somebody promised an IPI for this stint */
	unsigned long requests; /* pending */
	int cpu;		/* -1: none, or the protocol keeps no number */
};

/*
 * A set of pCPUs, private to one thread; only the first kick_nr_cpus() bits are used.  A judge may
 * have fewer pCPUs (KICK_MAX_CPUS), where a backend's own masks are part of a state that it copies.
 */
#ifndef KICK_MAX_CPUS
#define KICK_MAX_CPUS 8192
#endif
#define KICK_BITS_PER_LONG (8 * (int)sizeof(unsigned long))
struct kick_cpumask {
	unsigned long bits[KICK_MAX_CPUS / (8 * sizeof(unsigned long))];
};

/* A bitmap of nbits bits, private to its caller: is bit nr there and set? */
static inline bool kick_bitmap_test(const unsigned long *bitmap, unsigned int nbits, unsigned int nr)
{
	return nr < nbits && (bitmap[nr / KICK_BITS_PER_LONG] >> (nr % KICK_BITS_PER_LONG) & 1);
}

static inline void kick_cpumask_set(int cpu, struct kick_cpumask *mask)
{
	mask->bits[cpu / KICK_BITS_PER_LONG] |= 1UL << (cpu % KICK_BITS_PER_LONG);
}

/*
 * The thread that runs a vCPU, as far as sleeping goes.  The vCPU thread writes TASK_INTERRUPTIBLE,
 * a waker changes it back by cmpxchg.
 */
enum { TASK_RUNNING, TASK_INTERRUPTIBLE };
struct kick_task {
	kick_int state;
};

/*
 * 2. The world, which each judge supplies (functions or macros of these names, in place before the
 *    backend is included):
 *
 *	int smp_processor_id(), get_cpu(); void put_cpu()	the pCPU that this thread runs on
 *	void preempt_disable(), preempt_enable()
 *	void local_irq_disable(), local_irq_enable()	of that pCPU: E4 and E12
 *	int kick_nr_cpus()			pCPU numbers are 0..n-1
 *	bool cpu_online(cpu)
 *	struct kick_vm *this_vm(); struct kick_pcpu *this_cpu(); struct kick_kicker *this_kicker()
 *	int kick_nr_vcpus(vm); struct kick_vcpu *kick_get_vcpu(vm, i)
 *	bool kick_put_clears_cpu()
 *	void kick_ipi(cpu)			reschedule IPI: ends guest mode there, else host noise
 *	void kick_call(mask, wait)		function call on the pCPUs of the mask but this one
 *						(NULL: all online); wait: until each handler has run
 *	void kick_call_one(cpu, wait)
 *	struct kick_pcpu *kick_get_pcpu(cpu)	another pCPU's part; this_cpu() is one's own
 *	struct kick_cpumask *kick_cpumask_get()	an empty one for this thread, or NULL: no memory
 *	void kick_schedule(task)		vCPU thread, of its own task: sleep while task->state is
 *						TASK_INTERRUPTIBLE
 *	void kick_wait(word, value)		any thread: sleep while the kick_int *word has this value, a
 *						full barrier, then the look; as FUTEX_WAIT in a loop: who
 *						sleeps looks again only when somebody calls
 *	void kick_post(word)			a full barrier, then wakes all that sleep in kick_wait(word)
 *	bool signal_pending()			the thread is to end: kick_block() returns
 *	void kick_window(enum kick_window)
 *	void kick_pause()			in a bounded retry, once per turn
 *	struct kick_mutex, kick_fas, kick_ticket, kick_mcs, kick_mcs_node; zero bytes = unlocked
 *	void kick_{mutex,fas,ticket}_lock(l), _unlock(l); kick_mcs_lock(l, node), _unlock(l, node)
 *						let go by who has them, queue locks by the same node
 *	bool kick_mutex_trylock(l)		false: somebody has it; no more than a relaxed load
 *
 * kick_schedule() by any other thread is refused by name: it is the vCPU that sleeps there.  Who waits for
 * an acknowledgement waits by kick_wait(); a loop that only reads one word again, with kick_pause() in it,
 * is the same wait, awake.
 */

#endif
