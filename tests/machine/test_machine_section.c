// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Guest mode as an rseq section, instruction by instruction, also where no kernel aborts one (an emulator
 * of programs has no rseq): a signal handler does to the section and to its descriptor what the kernel does.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <signal.h>
#include <string.h>
#include <sys/time.h>
#include <ucontext.h>

#include "kick_ops_native.h"
#include "machine/section.h"

#if defined(MACHINE_HAS_SECTION) && !defined(KICK_TSAN)
enum { ABORTS = 20 };

static struct rseq area __attribute__((aligned(32)));
static uint32_t word;
static volatile sig_atomic_t aborted, refused;

static uintptr_t *program_counter(ucontext_t *context)
{
#if defined(__x86_64__)
	return (uintptr_t *)&context->uc_mcontext.gregs[REG_RIP];
#else
	return (uintptr_t *)&context->uc_mcontext.pc;
#endif
}

/* As rseq_ip_fixup() of the kernel, after the word that the transport's handler writes. */
static void play_kernel(int number, siginfo_t *info, void *context)
{
	uintptr_t *pc = program_counter(context);
	const struct rseq_cs *cs = (const struct rseq_cs *)(uintptr_t)area.rseq_cs; /* NOLINT */
	uint32_t signature;

	(void)number;
	(void)info;
	__atomic_store_n(&word, 1, __ATOMIC_RELAXED);
	area.rseq_cs = 0;
	if (!cs || *pc - cs->start_ip >= cs->post_commit_offset)
		return;
	memcpy(&signature, (const char *)(uintptr_t)cs->abort_ip - sizeof(signature), /* NOLINT */
	       sizeof(signature));
	refused += signature != RSEQ_SIG || cs->version || cs->flags ||
		   cs->abort_ip - cs->start_ip < cs->post_commit_offset;
	*pc = cs->abort_ip;
	aborted++;
}

static void interrupt_every(long us)
{
	const struct itimerval each = { { 0, us }, { 0, us } };
	const struct sigaction action = { .sa_sigaction = play_kernel, .sa_flags = SA_SIGINFO };

	assert_int_equal(sigaction(SIGALRM, &action, NULL), 0);
	assert_int_equal(setitimer(ITIMER_REAL, &each, NULL), 0);
}

static void a_section_ends_with_its_turns(void **state)
{
	(void)state;
	word = 7;
	assert_false(section_spin(&area, &word, 7, 1));
	assert_false(section_spin(&area, &word, 7, 100000));
	assert_int_equal(area.rseq_cs, 0);
}

static void a_section_does_not_begin_after_an_interrupt(void **state)
{
	(void)state;
	word = 8;
	assert_true(section_spin(&area, &word, 7, UINT64_MAX));
	assert_int_equal(area.rseq_cs, 0);
}

static void a_section_ends_when_it_is_aborted(void **state)
{
	(void)state;
	interrupt_every(1000);
	while (aborted < ABORTS && !refused) {
		__atomic_store_n(&word, 0, __ATOMIC_RELAXED);
		assert_true(section_spin(&area, &word, 0, UINT64_MAX));
		assert_int_equal(area.rseq_cs, 0);
	}
	interrupt_every(0);
	assert_int_equal(refused, 0);
}

static void an_interrupt_elsewhere_is_seen_and_aborts_nothing(void **state)
{
	int before = aborted;

	(void)state;
	preempt_watch(&area);
	assert_false(preempt_happened(&area));
	raise(SIGALRM);
	assert_true(preempt_happened(&area));
	assert_int_equal(aborted, before);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_section_ends_with_its_turns),
		cmocka_unit_test(a_section_does_not_begin_after_an_interrupt),
		cmocka_unit_test(a_section_ends_when_it_is_aborted),
		cmocka_unit_test(an_interrupt_elsewhere_is_seen_and_aborts_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
#else
static void a_section_is_left(void **state)
{
	(void)state;
	print_message("skipped: no sections on this architecture, or TSan, which holds signals back\n");
	skip();
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(a_section_is_left) };

	return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
#endif
