/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fibers: a few stacks in one thread and a switch between them that makes no system call.  A fiber
 * may be abandoned anywhere and started anew.
 */
#ifndef EXPLORE_FIBER_H
#define EXPLORE_FIBER_H

#include <stddef.h>

#if !defined(__x86_64__) && !defined(__aarch64__)
#define FIBER_UCONTEXT 1
#include <ucontext.h>
#endif

#if defined(__SANITIZE_ADDRESS__)
#define FIBER_ASAN 1
#endif
#if defined(__SANITIZE_THREAD__)
#define FIBER_TSAN 1
#endif
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define FIBER_ASAN 1
#endif
#if __has_feature(thread_sanitizer)
#define FIBER_TSAN 1
#endif
#endif

/* Does all that a fiber keeps lie on its stack?  ASan may put it elsewhere. */
#if defined(FIBER_ASAN) || defined(FIBER_UCONTEXT)
#define XP_STACKS_TELL false
#else
#define XP_STACKS_TELL true
#endif

/* May stacks be copied away, and back?  A sanitizer, or ucontext, has more of them elsewhere. */
#if defined(FIBER_TSAN)
#define XP_STACKS_MOVE false
#else
#define XP_STACKS_MOVE XP_STACKS_TELL
#endif

enum { XP_GUARD = 1024 * 1024 }; /* below each stack: bytes that nobody may touch */

struct xp_context {
	void *sp;
	char *stack; /* lowest address; NULL: the thread's own stack */
	size_t size;
	void (*entry)(void);
#ifdef FIBER_UCONTEXT
	ucontext_t context;
#endif
#ifdef FIBER_ASAN
	void *fake;
#endif
#ifdef FIBER_TSAN
	void *tsan;
	unsigned int prepared;
#endif
};

/* A stack with XP_GUARD below it: -ENOMEM. */
int xp_fiber_init(struct xp_context *fiber, size_t size);
void xp_fiber_fini(struct xp_context *fiber);

/* The next switch to it begins in entry(), which never returns. */
void xp_fiber_prepare(struct xp_context *fiber, void (*entry)(void));

/*
 * fn(arg, stack): from there to the end of the stack stands all that the caller keeps for later, its
 * registers included; NULL: nobody knows here.
 */
void xp_fiber_look(void *arg, void (*fn)(void *arg, const void *stack));

/* What calls that are over have left below the caller's frame: its next ones find nothing there. */
void xp_fiber_wipe(void);

void xp_fiber_switch(struct xp_context *from, struct xp_context *to);

#endif
