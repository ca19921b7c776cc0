/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Part 3 of the contract (kick_vmm.h) for explore: before each operation of a vCPU's thread, outside of
 * KVM_RUN, a signal that pends is taken.  Included by kick_vmm.h, in the middle of a backend's unit.
 */
#ifndef EXPLORE_WORLD_VMM_EXPLORE_H
#define EXPLORE_WORLD_VMM_EXPLORE_H

#include "explore/world/ops_explore.h"

/* A vCPU's thread, as far as its signals go. */
struct xp_thread {
	bool in_run;	 /* in KVM_RUN, or in a wait: they stay pending */
	bool masked;
	bool in_handler; /* the next one pends */
};

/* Of the template, which has the state. */
static void xp_polls(void) __attribute__((unused));
static bool xp_takes_signals(void) __attribute__((unused));
static int xp_thread_of(const struct kick_vcpu *vcpu) __attribute__((unused)); /* its place */
static bool xp_run_begin(kick_int *exit, const struct xp_site *site) __attribute__((unused));
static void xp_run_end(void) __attribute__((unused));
static void xp_mask_signals(bool blocked) __attribute__((unused));

/* Nothing of what calls have left behind tells two states of a thread apart: engine.c. */
#define XP_WIPED(op) (xp_fiber_wipe(), op)
#define xp_begin_op() (XP_WIPED(xp_polls()), xp_fiber_wipe())
#undef kick_op_load
#undef kick_op_store
#undef kick_xp_rmw
#undef kick_op_fence
#define kick_op_load(p, order, say)                                                                \
	(xp_begin_op(), XP_VALUE(p, xp_ordered_load(p, sizeof(*(p)), order, XP_ORDERED(say))))
#define kick_op_store(p, v, order, say)                                                            \
	(xp_begin_op(), xp_ordered_store(p, sizeof(*(p)), XP_BITS(p, v), order, XP_ORDERED(say)))
#define kick_xp_rmw(kind, p, a, b, order, say)                                                     \
	(xp_begin_op(),                                                                               \
	 xp_ordered_rmw(kind, p, sizeof(*(p)), XP_BITS(p, a), XP_BITS(p, b), order, XP_ORDERED(say)))
#define kick_op_fence(fence, say) (xp_begin_op(), xp_ordered_fence(fence, XP_ORDERED(say)))

#undef kick_pause
#define kick_pause()                                                                               \
	(xp_fiber_wipe(),                                                                          \
	 xp_takes_signals() ? xp_pause_signals(XP_SITE("kick_pause()")) : xp_pause(XP_SITE("kick_pause()")))
#undef kick_mutex_lock
#undef kick_mutex_unlock
#undef kick_mutex_trylock
#define kick_mutex_lock(l) XP_WIPED(xp_lock_own(&(l)->held, XP_SITE("kick_mutex_lock(" #l ")")))
#define kick_mutex_unlock(l) XP_WIPED(xp_unlock_own(&(l)->held, XP_SITE("kick_mutex_unlock(" #l ")")))
#define kick_mutex_trylock(l) XP_WIPED(xp_trylock_own(&(l)->held, XP_SITE("kick_mutex_trylock(" #l ")")))
#define kick_signal(vcpu)                                                                          \
	(xp_begin_op(), xp_book_sent(1), xp_signal(xp_thread_of(vcpu), XP_SITE("kick_signal(" #vcpu ")")))
#define kick_signal_wait(vcpu)                                                                     \
	XP_WIPED(xp_taken(xp_thread_of(vcpu), XP_SITE("kick_signal_wait(" #vcpu ")")))
#define kick_signal_mask(vcpu, blocked) ((void)(vcpu), xp_mask_signals(blocked))
#define kick_signal_eat(vcpu) ((void)(vcpu), xp_poll(true, XP_SITE("kick_signal_eat(" #vcpu ")")))
#define kick_run_begin(vcpu, word)                                                                 \
	((void)(vcpu), xp_run_begin(word, XP_SITE("kick_run_begin(" #vcpu ", " #word ")")))
#define kick_run_end(vcpu) ((void)(vcpu), xp_run_end())
#define kick_wait_signal(vcpu, word, value)                                                        \
	((void)(vcpu),                                                                             \
	 xp_futex_wait(word, value, true, XP_SITE("kick_wait_signal(" #vcpu ", " #word ", " #value ")")))

#endif
