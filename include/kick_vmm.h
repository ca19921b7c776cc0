/* SPDX-License-Identifier: GPL-2.0-or-later OR MIT */
/*
 * Part 3 of the contract (kick.h): a vCPU that is a thread of a VMM.
 *
 * Such a kick is made outside of the kernel: by a signal to the vCPU's thread, whose handler may do
 * something, and which ends KVM_RUN or whatever the thread sleeps in.  A backend of this kind includes
 * this header before its declaration, declares KICK_F_SIGNAL, and has other words than a kernel: those
 * below in the place of IPIs, function calls, interrupts, preemption and pCPU numbers, which do not compile
 * in it.  The thread may move between CPUs; its signals follow it, so no judge moves it.
 *
 * What the backend defines stays the same as in part 1; in its world this means:
 *
 *	kick_vcpu_load(vcpu, cpu), kick_vcpu_put(vcpu)
 *		the thread begins, before anybody kicks it, and ends; no number means anything.  May be
 *		left out: KICK_LACKS_LOAD
 *	bool kick_guest_enter(vcpu)
 *		the last look, then kick_run_begin(); true: in KVM_RUN; false: it is not (there is
 *		something to do, or KVM_RUN said -EINTR).  One that has halted sleeps in here, by
 *		kick_wait() or kick_wait_signal(): for ever is no fault while nothing is pending
 *	void kick_guest_exit(vcpu)
 *		KVM_RUN has returned, by itself or by a signal: kick_run_end()
 *	kick_request(), kick_take()
 *		may be left out: KICK_LACKS_REQUESTS, and no KICK_F_REQUESTS
 *	enum kick_outcome kick_send(vcpu, flags)
 *		KICK_SENT: kick_signal() was called.  KICK_LACKS_SEND: it has only a pause
 *
 * and it also defines:
 *
 *	void kick_handler(vcpu)
 *		the signal's handler, on the vCPU's thread, between any two of its operations
 *		outside of KVM_RUN; an empty one is a handler, too.  What both touch is a word
 *
 *    KICK_F_PAUSE; else KICK_LACKS_PAUSE:
 *	void kick_stop_all(vm)
 *		any thread but a vCPU's: all vCPUs stop; returns when each has left KVM_RUN and will
 *		not go back.  One such call at a time
 *	void kick_resume_all(vm)
 *		after it: all vCPUs go on
 *	void kick_park(vcpu)
 *		vCPU thread, at the head of its loop, outside of KVM_RUN: says that it has stopped
 *		and waits to be resumed, if it is to stop at all
 *    KICK_F_EXIT_WORK; else KICK_LACKS_EXIT_WORK:
 *	void kick_exit_work(vcpu)
 *		vCPU thread, after kick_guest_exit(): KVM_RUN returned by itself, and the VMM does
 *		what it returned for (with which locks?)
 *    KICK_F_PER_CALL; else KICK_LACKS_NEW_CALL:
 *	void kick_new_call(vcpu)
 *		vCPU thread, outside of KVM_RUN: the call of before is over, a new one begins.  A
 *		request is for the call that is on when it is made, and kick_take() that returns one
 *		ends this call
 *
 * The judges' loop of a vCPU's thread is
 *
 *	kick_vcpu_load();
 *	for (;;) {
 *		kick_park(); kick_take();		what it has of them
 *		if (!kick_guest_enter()) continue;
 *		in guest mode until a signal is pending, or KVM_RUN returns by itself
 *		kick_guest_exit();
 *		by itself: kick_exit_work();
 *	}
 *
 * The words of this world, beside those of part 2 that are left (locks, kick_wait(), kick_post(),
 * kick_pause(), kick_schedule(), this_vm(), kick_get_vcpu(), kick_window(), signal_pending()):
 *
 *	void kick_signal(vcpu)
 *		any thread, as tgkill(): pends at the vCPU's thread, wherever it is.  Outside of
 *		KVM_RUN it is taken between two operations of the thread: kick_handler() runs there,
 *		the thread's stores before are in memory.  In KVM_RUN it ends guest mode and stays
 *		pending.  Several that pend are one; during a handler the next one pends
 *	void kick_signal_wait(vcpu)
 *		the sender's retry delay: until the thread has taken what this thread sent last.  It
 *		is time, not an acknowledgement
 *	bool kick_run_begin(vcpu, word)
 *		vCPU thread: ioctl(KVM_RUN), with kvm_run->immediate_exit as the kick_int *word
 *		(NULL: the VMM has none).  From here on signals stay pending.  false: -EINTR at
 *		once, since one was pending or *word was not 0 at entry; then it has returned
 *		already, what pended was taken.  The kernel takes a lock here (KVM's vcpu->mutex): as
 *		kick_mutex_lock() it is a full barrier where locked instructions are
 *	void kick_run_end(vcpu)
 *		vCPU thread: KVM_RUN returns; what pends is taken, handler first
 *	kick_pause()
 *		in each turn of a loop that only reads one word again makes that a wait, of any
 *		thread: it ends when the word holds something else, or by a signal whose handler
 *		ends it
 *	bool kick_wait_signal(vcpu, word, value)
 *		vCPU thread: kick_wait() that ends by a signal, too, as ppoll(): false: one was
 *		taken (its handler has run), one that pends when it begins as well.  As ppoll()'s
 *		mask it lets in what kick_signal_mask() blocks, until it returns.  kick_wait()
 *		itself lets the handler run, and goes on waiting; who waits for a lock, or in
 *		kick_schedule(), takes it afterwards, so no
 *		protocol may need its handler to run there
 *	void kick_signal_mask(vcpu, blocked)
 *		vCPU thread, as pthread_sigmask(): blocked, a signal stays pending and no handler
 *		runs; KVM_RUN is ended by it all the same, as after KVM_SET_SIGNAL_MASK
 *	bool kick_signal_eat(vcpu)
 *		vCPU thread, blocked, as sigtimedwait() with no time: true: one was pending, and is
 *		not any more; no handler runs
 *
 * Of a kick these are asked, as of the kernel's; a wait is judged by whether it ends, and a pause by what its
 * return promises: KICK_V_LOST, _WAKE, _DEADLOCK, _WAIT, _STALE of kick_declare.h.
 */
#ifndef KICK_VMM_H
#define KICK_VMM_H

#define KICK_VMM 1

struct kick_vcpu;
static inline void kick_handler(struct kick_vcpu *vcpu);

/* A template names its world; one that never runs such a backend has none, and only compiles it. */
#ifdef KICK_VMM_WORLD
#include KICK_VMM_WORLD
#else
#define kick_signal(vcpu) ((void)(vcpu))
#define kick_signal_wait(vcpu) ((void)(vcpu))
#define kick_signal_mask(vcpu, blocked) ((void)(vcpu), (void)(blocked))
#define kick_signal_eat(vcpu) ((void)(vcpu), false)
#define kick_run_begin(vcpu, word) ((void)(vcpu), (void)(word), true)
#define kick_run_end(vcpu) ((void)(vcpu))
#define kick_wait_signal(vcpu, word, value) ((void)(vcpu), kick_wait(word, value), true)
#endif

/* A kernel's words.  kick_absent.h, after the backend, gives them back to the template. */
#pragma push_macro("kick_ipi")
#pragma push_macro("kick_call")
#pragma push_macro("kick_call_one")
#pragma push_macro("local_irq_disable")
#pragma push_macro("local_irq_enable")
#pragma push_macro("preempt_disable")
#pragma push_macro("preempt_enable")
#pragma push_macro("smp_processor_id")
#pragma push_macro("get_cpu")
#pragma push_macro("put_cpu")
#pragma push_macro("this_cpu")
#pragma push_macro("kick_get_pcpu")
#pragma push_macro("cpu_online")
#pragma push_macro("kick_nr_cpus")
#pragma push_macro("kick_cpumask_get")
#undef kick_ipi
#undef kick_call
#undef kick_call_one
#undef local_irq_disable
#undef local_irq_enable
#undef preempt_disable
#undef preempt_enable
#undef smp_processor_id
#undef get_cpu
#undef put_cpu
#undef this_cpu
#undef kick_get_pcpu
#undef cpu_online
#undef kick_nr_cpus
#undef kick_cpumask_get
#define KICK_NO_WORD(why)                                                                          \
	__extension__({                                                                            \
		_Static_assert(0, "no word of a VMM's thread: " why);                              \
		0;                                                                                 \
	})
#define kick_ipi(cpu) KICK_NO_WORD("kick_ipi(); it has kick_signal(vcpu)")
#define kick_call(mask, wait) KICK_NO_WORD("kick_call(); it has kick_signal(vcpu) and kick_wait()")
#define kick_call_one(cpu, wait) KICK_NO_WORD("kick_call_one(); it has kick_signal(vcpu) and kick_wait()")
#define local_irq_disable() KICK_NO_WORD("local_irq_disable(); signals stay pending in KVM_RUN")
#define local_irq_enable() KICK_NO_WORD("local_irq_enable(); kick_run_end() takes what pends")
#define preempt_disable() KICK_NO_WORD("preempt_disable()")
#define preempt_enable() KICK_NO_WORD("preempt_enable()")
#define smp_processor_id() KICK_NO_WORD("smp_processor_id(); a signal follows its thread")
#define get_cpu() KICK_NO_WORD("get_cpu(); a signal follows its thread")
#define put_cpu() KICK_NO_WORD("put_cpu()")
#define this_cpu() KICK_NO_WORD("this_cpu()")
#define kick_get_pcpu(cpu) KICK_NO_WORD("kick_get_pcpu()")
#define cpu_online(cpu) KICK_NO_WORD("cpu_online(); a signal follows its thread")
#define kick_nr_cpus() KICK_NO_WORD("kick_nr_cpus()")
#define kick_cpumask_get() KICK_NO_WORD("kick_cpumask_get()")

#endif
