/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The world of kick_vmm.h under stress: a vCPU is a thread, a kick a real signal with a real handler.
 *
 * KVM_RUN is emulated: from kick_run_begin() on the signal is blocked, so that it stays pending, and guest
 * mode is sigtimedwait(); kick_run_end() lets the handler run.  Or it is the real ioctl, all of it in
 * kick_run_begin(), and then the backend's immediate_exit is the one in struct kvm_run.  Each thread says
 * what it waits for, so that
 * one that waits can tell that all do: then somebody waits for ever, whatever the time.
 */
#ifndef STRESS_VMM_WORLD_H
#define STRESS_VMM_WORLD_H

#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "stress/vmm_state.h"

enum { VMM_SIGNAL_OFFSET = 4, VMM_TURN_NS = 1000000, VMM_DELAY_NS = 60000, VMM_SELDOM = 127,
       VMM_STUCK = 3 };
enum { VMM_SPINS_ENOUGH = 4096, VMM_SPUN = 64 }; /* pauses until it is said; and between two looks */
#define VMM_SIGNAL (SIGRTMIN + VMM_SIGNAL_OFFSET)

static inline struct vmm_agent *vmm_self(void)
{
	return &stress_vmm.agent[stress_self->number];
}

static inline struct vmm_agent *vmm_of_vcpu(int i)
{
	return &stress_vmm.agent[stress.n_kickers + i];
}

static inline void vmm_say(enum vmm_state state)
{
	struct vmm_agent *a = vmm_self();

	/* Steps, then state: vmm_look() reads the state, then the steps. */
	VMM_WRITE(a->steps, a->steps + 1);
	VMM_WRITE(a->state, state);
}

static inline void vmm_nap(long ns)
{
	const struct timespec t = { .tv_nsec = ns };

	nanosleep(&t, NULL);
}

static void vmm_check(void);

static inline bool vmm_ends(void)
{
	return machine_stop || __atomic_load_n(&stress_vmm.over, __ATOMIC_RELAXED);
}

/* Is there a kicker left?  Of a real KVM_RUN the last one waits until nobody is in there: vmm_clear_out(). */
static inline bool vmm_is_wanted(void)
{
	if (stress_guests.kvm && VMM_READ(stress_vmm.gone) == (uint32_t)stress.n_kickers)
		return false;
	/* Pairs with the release of one that ends, in team.c. */
	return __atomic_load_n(stress_self->kickers_left, __ATOMIC_ACQUIRE);
}

/*
 * Who waits, or spins, in a phase that is over, or when nobody is left whom it waits for, never comes
 * back to the backend's text: the next phase has a new machine.
 */
static __thread sigjmp_buf vmm_home;

static inline void vmm_go_home_if_over(void)
{
	if (vmm_ends() || (stress_self->is_carrier && !vmm_is_wanted()))
		siglongjmp(vmm_home, 1);
}

/*
 * Others need the PU meanwhile, so that a delay is a sleep or short; the races of signals are none of store
 * buffers.
 */
static inline void vmm_linger(uint64_t draw)
{
	struct stress_thread *t = stress_self;

	t->n[STRESS_DELAYS]++;
	if (draw & 1)
		vmm_nap((long)(draw >> 8) % VMM_DELAY_NS);
	else
		for (uint64_t until = clock_now() + (draw >> 8) % (t->delay + 1); clock_now() < until;)
			machine_relax();
}

/* Where a protocol is hit, its text need not name a window: any operation has one, now and then. */
static inline void vmm_before_op(void)
{
	struct stress_thread *t = stress_self; /* NULL in kick_vcpu_init() */
	uint64_t draw = t && t->windows ? stress_random(t) : 0;

	if ((draw & VMM_SELDOM) == 1)
		vmm_linger(draw >> 16);
}

/* A real immediate_exit is where the kernel looks for it. */
static inline void *vmm_at(const void *p)
{
	ptrdiff_t at = (const char *)p - machine.vcpus;
	size_t i = (size_t)at / machine.vcpu_stride;

	vmm_before_op();
	if (!stress_guests.kvm || at < 0 || i >= (size_t)machine.n_vcpus ||
	    (ptrdiff_t)((size_t)at % machine.vcpu_stride) != stress_guests.word)
		return (void *)p;
	return stress_guests.exit[i];
}
#define VMM_AT(p) ((__typeof__(p))vmm_at(p))

/* Who writes has left the loop in which it spun. */
static inline void *vmm_to(const void *p)
{
	if (stress_self && vmm_self()->state == VMM_SPINS) /* nobody yet in kick_vcpu_init() */
		vmm_say(VMM_BUSY);
	return vmm_at(p);
}
#define VMM_TO(p) ((__typeof__(p))vmm_to(p))
#define vmm_native_cmpxchg(p, o, n, order)                                                         \
	({                                                                                         \
		__typeof__(*(p)) found_ = (o);                                                     \
		__atomic_compare_exchange_n(p, &found_, n, 0, kick_c11_order(order),               \
					    kick_c11_fail_order(order));                           \
		found_;                                                                            \
	})
#undef kick_op_load
#undef kick_op_store
#undef kick_op_store_seq_cst
#undef kick_op_xchg
#undef kick_op_fetch_or
#undef kick_op_fetch_and
#undef kick_op_fetch_add
#undef kick_op_add
#undef kick_op_or
#undef kick_op_and
#undef kick_op_cmpxchg
#define kick_op_load(p, order, say) __atomic_load_n(VMM_AT(p), kick_c11_order(order))
#define kick_op_store(p, v, order, say) __atomic_store_n(VMM_TO(p), v, kick_c11_order(order))
/* Pairs with what the backend says. */
#define kick_op_store_seq_cst(p, v, say) __atomic_store_n(VMM_TO(p), v, __ATOMIC_SEQ_CST)
#define kick_op_xchg(p, v, order, say) __atomic_exchange_n(VMM_TO(p), v, kick_c11_order(order))
#define kick_op_fetch_or(p, v, order, say) __atomic_fetch_or(VMM_TO(p), v, kick_c11_order(order))
#define kick_op_fetch_and(p, v, order, say) __atomic_fetch_and(VMM_TO(p), v, kick_c11_order(order))
#define kick_op_fetch_add(p, v, order, say) __atomic_fetch_add(VMM_TO(p), v, kick_c11_order(order))
#define kick_op_add(p, v, order, say) ((void)kick_op_fetch_add(p, v, order, say))
#define kick_op_or(p, v, order, say) ((void)kick_op_fetch_or(p, v, order, say))
#define kick_op_and(p, v, order, say) ((void)kick_op_fetch_and(p, v, order, say))
#define kick_op_cmpxchg(p, o, n, order, say) vmm_native_cmpxchg(VMM_TO(p), o, n, order)

/* Those of a VMM are on where any is. */
static inline void vmm_window(enum kick_window window)
{
	struct stress_thread *t = stress_self;
	uint64_t draw = stress_random(t);

	vmm_self()->lingered = true;
	if (window < KICK_N_WINDOWS)
		t->passed |= 1u << window;
	if (!(window < KICK_N_WINDOWS ? t->windows >> window & 1 : t->windows != 0) || draw & 1)
		return;
	vmm_linger(draw >> 1);
}
#undef kick_window
#define kick_window(window) vmm_window(window)

/* A vCPU's thread is about to enter KVM_RUN, or to sleep: after a look, with a window in any text. */
static inline void vmm_after_look(void)
{
	struct vmm_agent *a = vmm_self();

	if (stress_self->is_carrier && !a->lingered)
		vmm_window(KICK_W_LOOK_RUN);
	a->lingered = false;
}

static inline int vmm_index(const void *vcpu)
{
	return (int)(((const char *)vcpu - machine.vcpus) / (ptrdiff_t)machine.vcpu_stride);
}

static inline void kick_signal(struct kick_vcpu *vcpu)
{
	int i = vmm_index(vcpu), thread;

	stress_self->tries++;
	stress_self->sent = 0; /* of IPIs */
	VMM_ADD(vmm_of_vcpu(i)->sent, 1); /* before it is sent: vmm_look() */
	thread = __atomic_load_n(&stress.thread[stress.n_kickers + i]->os_thread, __ATOMIC_RELAXED);
	if (thread)
		syscall(SYS_tgkill, getpid(), thread, VMM_SIGNAL);
}

static inline void kick_signal_wait(struct kick_vcpu *vcpu)
{
	(void)vcpu;
	vmm_nap(20000);
}

static inline void vmm_block(bool blocked)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, VMM_SIGNAL);
	pthread_sigmask(blocked ? SIG_BLOCK : SIG_UNBLOCK, &set, NULL);
}

/* Has the guest of this real KVM_RUN run?  It looks at immediate_exit before, and never again. */
static inline bool vmm_has_run(const struct vmm_agent *a, int i)
{
	return stress_guests.kvm->turns(stress_guests.guest[i]) != VMM_READ(a->turns);
}

/* On the thread, outside of KVM_RUN; the next one pends meanwhile. */
static inline void vmm_handle(struct kick_vcpu *vcpu)
{
	struct vmm_agent *a = vmm_self();
	uint32_t seen = VMM_READ(a->sent);

	/* This very signal has ended a real KVM_RUN, which is about to return. */
	if (stress_guests.kvm && a->in_run && vmm_has_run(a, vmm_index(vcpu)))
		vmm_say(VMM_BUSY);
	kick_handler(vcpu);
	a->handled++;
	VMM_NOTE(a->steps, a->steps + 1);
	VMM_WRITE(a->taken, seen); /* pairs with vmm_look() */
}

static inline bool vmm_pends(void)
{
	sigset_t set;

	return !sigpending(&set) && sigismember(&set, VMM_SIGNAL);
}

/* False: it has returned, by a signal or by immediate_exit; who cannot tell the two apart is the VMM, too. */
static inline bool vmm_run_real(struct kick_vcpu *vcpu, kick_int *word)
{
	struct vmm_agent *a = vmm_self();
	void *guest = stress_guests.guest[vmm_index(vcpu)];
	int failed;

	if (stress_guests.learning) {
		stress_guests.word = word ? (char *)word - (char *)vcpu : -1;
		return true;
	}
	a->turns = stress_guests.kvm->turns(guest);
	VMM_WRITE(a->in_run, true);
	vmm_say(VMM_GUEST);
	failed = stress_guests.kvm->run(guest);
	vmm_say(VMM_BUSY);
	VMM_WRITE(a->in_run, false);
	a->forced = __atomic_exchange_n(&a->force, 0, __ATOMIC_RELAXED);
	if (failed && failed != -EINTR)
		stress_refuse("KVM_RUN failed");
	stress_self->n[STRESS_STINTS] += failed && stress_guests.kvm->turns(guest) != a->turns;
	return !failed;
}

static inline bool kick_run_begin(struct kick_vcpu *vcpu, kick_int *word)
{
	struct vmm_agent *a = vmm_self();

	vmm_after_look();
	if (stress_guests.kvm)
		return vmm_run_real(vcpu, word);
	vmm_block(true);
	kick_full_fence(); /* of the kernel's lock; pairs with a sender's tgkill() */
	if ((word && READ_ONCE(*word)) || vmm_pends()) {
		if (!a->masked)
			vmm_block(false);
		return false;
	}
	VMM_WRITE(a->in_run, true);
	return true;
}

static inline void kick_run_end(struct kick_vcpu *vcpu)
{
	struct vmm_agent *a = vmm_self();

	if (stress_guests.kvm) /* all is over */
		return;
	VMM_WRITE(a->in_run, false);
	if (a->took && !a->masked)
		vmm_handle(vcpu);
	if (a->took && a->masked) /* it is still pending, as it was */
		syscall(SYS_tgkill, getpid(), stress_self->os_thread, VMM_SIGNAL);
	a->took = false;
	if (!a->masked)
		vmm_block(false);
}

static inline void kick_signal_mask(struct kick_vcpu *vcpu, bool blocked)
{
	vmm_self()->masked = blocked;
	vmm_block(blocked);
	if (stress_guests.kvm && !stress_guests.learning)
		stress_guests.kvm->ended_by(stress_guests.guest[vmm_index(vcpu)], blocked ? VMM_SIGNAL : 0);
}

static inline bool vmm_take_one(long ns)
{
	const struct timespec timeout = { .tv_nsec = ns };
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, VMM_SIGNAL);
	return sigtimedwait(&set, NULL, &timeout) == VMM_SIGNAL;
}

static inline bool kick_signal_eat(struct kick_vcpu *vcpu)
{
	struct vmm_agent *a = vmm_self();
	uint32_t seen = VMM_READ(a->sent);

	(void)vcpu;
	if (!vmm_take_one(0))
		return false;
	VMM_WRITE(a->taken, seen); /* pairs with vmm_look() */
	return true;
}

/* In guest mode until a signal pends, or `ns` have passed; true: a signal. */
static inline bool vmm_guest(uint64_t ns)
{
	struct vmm_agent *a = vmm_self();
	uint64_t until = clock_now() + clock_from_ns(ns);

	if (stress_guests.kvm) /* it was, and has returned by itself */
		return false;
	vmm_say(VMM_GUEST);
	while (!a->took && !vmm_ends() && !__atomic_load_n(&a->force, __ATOMIC_RELAXED) && vmm_is_wanted() &&
	       (!ns || clock_now() < until)) {
		a->took = vmm_take_one(ns && ns < VMM_TURN_NS ? (long)ns : VMM_TURN_NS);
		if (!a->took)
			vmm_check();
	}
	vmm_say(VMM_BUSY);
	a->forced = __atomic_exchange_n(&a->force, 0, __ATOMIC_RELAXED);
	return a->took;
}

/* FUTEX_WAIT in turns; `until_signal`, which lets blocked ones in meanwhile: false when a handler ran. */
static inline bool vmm_wait(kick_int *word, int value, bool until_signal)
{
	const struct timespec turn = { .tv_nsec = VMM_TURN_NS };
	struct vmm_agent *a = vmm_self();
	uint64_t handled;
	bool woken = true;

	vmm_after_look();
	handled = a->handled;
	VMM_NOTE(a->word, word);
	VMM_NOTE(a->value, value);
	VMM_NOTE(a->lets_in, until_signal || !a->masked);
	if (stress_guests.learning) /* it has halted, and shows no word */
		siglongjmp(vmm_home, 1);
	vmm_say(VMM_WAITS);
	if (until_signal && a->masked)
		vmm_block(false);
	for (;;) {
		kick_full_fence(); /* pairs with that of kick_post() */
		woken = !until_signal || __atomic_load_n(&a->handled, __ATOMIC_RELAXED) == handled;
		if (READ_ONCE(*word) != value || !woken)
			break;
		vmm_go_home_if_over();
		a->slept = true;
		if (syscall(SYS_futex, &word->raw, FUTEX_WAIT_PRIVATE, value, &turn, NULL, 0) &&
		    errno == ETIMEDOUT)
			vmm_check();
	}
	if (until_signal && a->masked)
		vmm_block(true);
	vmm_say(VMM_BUSY);
	return woken;
}

static inline void kick_wait(kick_int *word, int value)
{
	vmm_wait(word, value, false);
}

#define kick_wait_signal(vcpu, word, value) ((void)(vcpu), vmm_wait(word, value, true))
static inline void kick_schedule(struct kick_task *task)
{
	vmm_wait(&task->state, TASK_INTERRUPTIBLE, false);
}

static inline void vmm_post(kick_int *word)
{
	stress_self->posts++;
	kick_full_fence(); /* pairs with that of vmm_wait() */
	syscall(SYS_futex, &word->raw, FUTEX_WAKE_PRIVATE, INT_MAX, NULL, NULL, 0);
}
#define kick_post(word) vmm_post(word)

static inline void vmm_mutex_lock(struct kick_mutex *l)
{
	struct vmm_agent *a = vmm_self();
	uint32_t turn = 0;

	if (!pthread_mutex_trylock(&l->m))
		return;
	VMM_NOTE(a->lock, &l->m);
	vmm_say(VMM_LOCKS);
	while (pthread_mutex_trylock(&l->m)) {
		vmm_go_home_if_over();
		vmm_nap(20000);
		if (++turn % 64 == 0)
			vmm_check();
	}
	vmm_say(VMM_BUSY);
}
#define kick_mutex_lock(l) vmm_mutex_lock(l)

static inline void vmm_pause(void)
{
	struct vmm_agent *a = vmm_self();
	uint64_t pauses = a->pauses + 1;

	__atomic_store_n(&a->pauses, pauses, __ATOMIC_RELAXED);
	if (stress_guests.learning)
		siglongjmp(vmm_home, 1);
	machine_relax();
	if (pauses % 256)
		return;
	sched_yield();
	vmm_go_home_if_over();
	if (pauses % VMM_SPINS_ENOUGH)
		return;
	/* Until it says something else; only one that goes on pausing counts. */
	if (a->state != VMM_SPINS)
		vmm_say(VMM_SPINS);
	vmm_check();
}
#undef kick_pause
#define kick_pause() vmm_pause()

static inline bool vmm_has_entered(const struct vmm_agent *a)
{
	return !stress_guests.kvm || vmm_has_run(a, (int)(a - stress_vmm.agent) - stress.n_kickers);
}

/* Looks at all threads: does this one wait, and for what?  False: it may go on by itself. */
static inline bool vmm_stays(const struct vmm_agent *a)
{
	pthread_mutex_t *lock;

	switch ((enum vmm_state)VMM_READ(a->state)) {
	case VMM_GUEST:
		return VMM_READ(a->sent) == VMM_READ(a->taken) && vmm_has_entered(a);
	case VMM_WAITS:
		return VMM_READ(VMM_READ(a->word)->raw) == VMM_READ(a->value) &&
		       (!VMM_READ(a->lets_in) || VMM_READ(a->sent) == VMM_READ(a->taken));
	case VMM_LOCKS:
		lock = VMM_READ(a->lock);
		if (pthread_mutex_trylock(lock))
			return true;
		pthread_mutex_unlock(lock);
		return false;
	case VMM_SPINS:
	case VMM_GONE:
		return true;
	case VMM_HELD:
		return VMM_READ(stress_vmm.hold) != 0;
	case VMM_UNSERVED:
		return VMM_READ(stress_vmm.call[VMM_READ(a->vcpu)]) == VMM_READ(a->call) &&
		       VMM_READ(stress_vmm.served[a - stress_vmm.agent]) !=
			       VMM_READ(stress_vmm.announced[a - stress_vmm.agent]);
	case VMM_RESUMED:
		return VMM_READ(vmm_of_vcpu(VMM_READ(a->vcpu))->parks) == VMM_READ(a->call);
	default:
		return false;
	}
}

/* Do all of them stay, as at this thread's last look?  What spins has read what it reads again since. */
static inline bool vmm_look(struct vmm_agent *self)
{
	bool same = self->saw;

	self->saw = false;
	for (int k = 0; k < stress.n_threads; k++) {
		const struct vmm_agent *a = &stress_vmm.agent[k];
		uint64_t steps, pauses = __atomic_load_n(&a->pauses, __ATOMIC_RELAXED);

		if (!vmm_stays(a))
			return false;
		steps = VMM_READ(a->steps);
		same = same && steps == self->seen_steps[k] &&
		       (VMM_READ(a->state) != VMM_SPINS || pauses - self->seen_pauses[k] >= VMM_SPUN);
		if (steps != self->seen_steps[k] || pauses - self->seen_pauses[k] >= VMM_SPUN)
			self->seen_pauses[k] = pauses;
		self->seen_steps[k] = steps;
	}
	self->saw = true;
	return same;
}

/* Nobody moves: what is that?  0: nothing, since nobody waits for anything. */
static inline unsigned int vmm_name(int *vcpu)
{
	unsigned int found = 0;

	for (int k = 0; k < stress.n_kickers; k++) {
		const struct vmm_agent *a = &stress_vmm.agent[k], *of;
		enum vmm_state state = (enum vmm_state)VMM_READ(a->state);

		*vcpu = VMM_READ(a->vcpu);
		of = vmm_of_vcpu(*vcpu);
		if (state == VMM_UNSERVED && VMM_READ(of->state) == VMM_GUEST)
			return KICK_V_LOST;
		if (state == VMM_UNSERVED && VMM_READ(of->enters))
			found = found ? found : KICK_V_WAKE;
		else if (state != VMM_GONE && state != VMM_HELD)
			found = KICK_V_DEADLOCK;
	}
	return found;
}

/* KVM_RUN is to return by itself. */
static inline void vmm_force(int i)
{
	__atomic_store_n(&vmm_of_vcpu(i)->force, 1, __ATOMIC_RELAXED);
	if (stress_guests.kvm)
		stress_guests.kvm->leave(stress_guests.guest[i]);
}

/*
 * By one that waits: if nobody can go on, that is a verdict, and guests exit by themselves; where none is in
 * guest mode, or that has not helped, the phase is over.  The same steps at two looks: nobody moved between.
 */
static void vmm_check(void)
{
	bool guests = false;
	unsigned int found;
	int vcpu = -1;

	if (__atomic_exchange_n(&stress_vmm.checking, 1, __ATOMIC_ACQUIRE)) /* pairs with the release below */
		return;
	found = vmm_look(vmm_self()) && !vmm_ends() ? vmm_name(&vcpu) : 0;
	if (found) {
		stress_found(found, vcpu, -1);
		for (int i = 0; i < machine.n_vcpus; i++) {
			guests |= VMM_READ(vmm_of_vcpu(i)->state) == VMM_GUEST;
			vmm_force(i);
		}
		if (!guests || (found == KICK_V_DEADLOCK && ++stress_vmm.stuck == VMM_STUCK))
			__atomic_store_n(&stress_vmm.over, 1, __ATOMIC_RELAXED);
	}
	__atomic_store_n(&stress_vmm.checking, 0, __ATOMIC_RELEASE); /* pairs with the exchange above */
}

#endif
