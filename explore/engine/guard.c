// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A backend's text that crashes, or goes on for ever without an operation, is taken off its fiber: fibers may
 * be abandoned anywhere, so a signal's handler switches to the main stack and the execution has failed.
 * Progress is counted against this process's own CPU time: a busy machine ends nothing.
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <ucontext.h>

#include "explore/engine/state.h"

#if defined(FIBER_ASAN) || defined(FIBER_TSAN)
/* A sanitizer has handlers of its own. */
void xp_guard_begin(void) {}
void xp_guard_end(void) {}
#else

static const int faults[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT };
enum { FAULTS = sizeof(faults) / sizeof(faults[0]), HANDLER_STACK = 64 * 1024 };

static struct sigaction before[FAULTS], timer_before;
static stack_t stack_before;
static int depth;

static const void *program_counter(const ucontext_t *context)
{
	if (!context)
		return NULL;
#if defined(__x86_64__)
	return (const void *)context->uc_mcontext.gregs[REG_RIP];
#elif defined(__aarch64__)
	return (const void *)context->uc_mcontext.pc;
#else
	return NULL;
#endif
}

/* For good: what is on the fiber's stack is forgotten with the execution. */
static void take_off(enum xp_refused what, int signal, const void *context)
{
	static struct xp_context abandoned;

	xp_refuse(&(struct xp_refusal){ .what = what, .signal = signal, .fiber = xp.current,
					.pc = program_counter(context) });
	xp.end = XP_ERROR;
	xp_fiber_switch(&abandoned, &xp.main);
}

/* Whoever calls exit() comes here first; what is left of the ending is left to the next who does. */
static void on_exit_of_all(void)
{
	if (!xp.inside)
		return;
	atexit(on_exit_of_all);
	take_off(XP_REFUSED_EXIT, 0, NULL);
}

static bool below_a_stack(const char *p)
{
	int i;

	for (i = 0; i < XP_FIBERS; i++) {
		const char *stack = xp.fiber[i].fiber.stack;

		if (stack && p < stack && p >= stack - XP_GUARD)
			return true;
	}
	return false;
}

static void on_fault(int signal, siginfo_t *info, void *context)
{
	bool address = signal == SIGSEGV || signal == SIGBUS;

	if (xp.inside)
		take_off(address && below_a_stack(info->si_addr) ? XP_REFUSED_STACK : XP_REFUSED_SIGNAL,
			 signal, context);
	depth = 1;
	xp_guard_end(); /* not a backend's: it happens again, as it would have without this */
	if (signal == SIGABRT)
		raise(signal);
}

/* At most, in KiB. */
static long memory(void)
{
	struct rusage usage;

	return getrusage(RUSAGE_SELF, &usage) ? 0 : usage.ru_maxrss;
}

static void on_tick(int signal, siginfo_t *info, void *context)
{
	static uint64_t attempt, steps;
	static int level, quiet;
	static long had;

	(void)signal;
	(void)info;
	if (!xp.inside || xp.deciding || attempt != xp.attempt || steps != xp.steps || level != xp.depth) {
		attempt = xp.attempt;
		steps = xp.steps;
		level = xp.depth;
		quiet = 0;
		had = memory();
	} else if (memory() - had > XP_GREED / 1024) {
		take_off(XP_REFUSED_MEMORY, 0, context);
	} else if (++quiet >= XP_PATIENCE) {
		quiet = 0;
		take_off(XP_REFUSED_HANG, 0, context);
	}
}

void xp_guard_begin(void)
{
	static char stack[HANDLER_STACK] __attribute__((aligned(16)));
	const stack_t other = { .ss_sp = stack, .ss_size = sizeof(stack) };
	const struct itimerval every = { { 0, XP_TICK_MS * 1000 }, { 0, XP_TICK_MS * 1000 } };
	/* A handler that is left by a switch leaves the mask of signals as it was only with NODEFER. */
	struct sigaction action = { .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER };
	static bool registered;
	int i;

	if (depth++)
		return;
	if (!registered)
		registered = !atexit(on_exit_of_all);
	sigaltstack(&other, &stack_before);
	action.sa_sigaction = on_fault;
	for (i = 0; i < FAULTS; i++)
		sigaction(faults[i], &action, &before[i]);
	action.sa_sigaction = on_tick;
	action.sa_flags |= SA_RESTART;
	sigaction(SIGPROF, &action, &timer_before);
	setitimer(ITIMER_PROF, &every, NULL);
}

void xp_guard_end(void)
{
	const struct itimerval never = { 0 };
	int i;

	if (!depth || --depth)
		return;
	setitimer(ITIMER_PROF, &never, NULL);
	sigaction(SIGPROF, &timer_before, NULL);
	for (i = 0; i < FAULTS; i++)
		sigaction(faults[i], &before[i], NULL);
	sigaltstack(&stack_before, NULL);
}
#endif
