// SPDX-License-Identifier: GPL-2.0-or-later
/* A handler that notes the place of a crash, and the words for it. */
#include "apart/fault.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <ucontext.h>

#include "apart/where.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
/* A sanitizer has handlers of its own. */
void apart_note_faults(struct apart_fault *fault)
{
	(void)fault;
}
#else
static struct apart_fault *noted;

static void on_fault(int number, siginfo_t *info, void *context)
{
	const ucontext_t *c = context;

	(void)info;
#if defined(__x86_64__)
	noted->pc = (const void *)c->uc_mcontext.gregs[REG_RIP];
#elif defined(__aarch64__)
	noted->pc = (const void *)c->uc_mcontext.pc;
#else
	(void)c;
#endif
	signal(number, SIG_DFL);
	raise(number); /* it dies of it; a fault would happen again anyway */
}

void apart_note_faults(struct apart_fault *fault)
{
	static const int faults[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT };
	const struct sigaction action = { .sa_sigaction = on_fault, .sa_flags = SA_SIGINFO };

	noted = fault;
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++)
		sigaction(faults[i], &action, NULL);
}
#endif

void apart_say_end(const struct apart_end *end, const struct apart_fault *fault, const char *who,
		   const char *when, char *text, size_t size)
{
	char what[128], place[128], at[160] = "";

	switch (end->how) {
	case APART_SIGNALLED:
		snprintf(what, sizeof(what), "died of signal %d, %s", end->code, strsignal(end->code));
		break;
	case APART_EXITED:
		snprintf(what, sizeof(what), "ends the program, with code %d", end->code);
		break;
	case APART_SLEEPS:
		snprintf(what, sizeof(what), "waits for something outside of the world");
		break;
	case APART_NOT:
		snprintf(what, sizeof(what), "has no process to run in: %s", strerror(-end->code));
		break;
	default:
		snprintf(what, sizeof(what), "comes to no end");
	}
	if (fault->pc && apart_where(fault->pc, place, sizeof(place)))
		snprintf(at, sizeof(at), ", at %s", place);
	snprintf(text, size, "%s %s (%s%s)", who, what, when, at);
}
