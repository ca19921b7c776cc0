/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Guest mode as an rseq critical section: the thread spins on a register, and only the kernel gets
 * it out, when it delivers a signal, preempts or migrates the thread, or runs a membarrier() on its
 * CPU.
 *
 * The word is looked at once, after the section was armed: what was noted there before is seen by
 * this look, what comes later aborts the section.  Nothing that a kicker writes is read after that.
 */
#ifndef MACHINE_SECTION_H
#define MACHINE_SECTION_H

#include <stdbool.h>
#include <stdint.h>

#include "machine/preempt.h"

#if defined(MACHINE_HAS_RSEQ) && (defined(__x86_64__) || defined(__aarch64__))
#define MACHINE_HAS_SECTION 1
#endif

/*
 * Spin for `turns` turns.  True: interrupted, or *word was not `expected` at the start; false: the
 * turns are over.
 */
#if defined(MACHINE_HAS_SECTION) && defined(__x86_64__)
static inline bool section_spin(struct rseq *area, const uint32_t *word, uint32_t expected,
				uint64_t turns)
{
	__asm__ __volatile__ goto(
		".pushsection __rseq_cs, \"aw\"\n\t"
		".balign 32\n\t"
		"3:\n\t"
		".long 0, 0\n\t" /* version, flags */
		".quad 1f, (2f - 1f), 4f\n\t"
		".popsection\n\t"
		"leaq 3b(%%rip), %%rax\n\t"
		"movq %%rax, %[cs]\n\t"
		"movq %[turns], %%rcx\n\t"
		"1:\n\t"
		"cmpl %[expected], %[word]\n\t"
		"jne %l[interrupted]\n\t"
		"5:\n\t"
		"subq $1, %%rcx\n\t"
		"jnz 5b\n\t"
		"2:\n\t"
		".pushsection __rseq_failure, \"ax\"\n\t"
		".byte 0x0f, 0xb9, 0x3d\n\t" /* ud1: the signature is an operand, never executed */
		".long %c[signature]\n\t"
		"4:\n\t"
		"jmp %l[interrupted]\n\t"
		".popsection\n\t"
		:
		: [cs] "m"(area->rseq_cs), [word] "m"(*word), [expected] "r"(expected),
		  [turns] "r"(turns), [signature] "i"(RSEQ_SIG)
		: "memory", "cc", "rax", "rcx"
		: interrupted);
	preempt_unwatch(area);
	return false;
interrupted:
	preempt_unwatch(area);
	return true;
}
#elif defined(MACHINE_HAS_SECTION)
static inline bool section_spin(struct rseq *area, const uint32_t *word, uint32_t expected,
				uint64_t turns)
{
	__asm__ __volatile__ goto(
		".pushsection __rseq_cs, \"aw\"\n\t"
		".balign 32\n\t"
		"3:\n\t"
		".long 0, 0\n\t"
		".quad 1f, (2f - 1f), 4f\n\t"
		".popsection\n\t"
		"adrp x9, 3b\n\t"
		"add x9, x9, :lo12:3b\n\t"
		"str x9, %[cs]\n\t"
		"mov x10, %[turns]\n\t"
		"1:\n\t"
		"ldr w11, %[word]\n\t"
		"cmp w11, %w[expected]\n\t"
		"b.ne %l[interrupted]\n\t"
		"5:\n\t"
		"subs x10, x10, #1\n\t"
		"b.ne 5b\n\t"
		"2:\n\t"
		"b 6f\n\t"
		".long %c[signature]\n\t"
		"4:\n\t"
		"b %l[interrupted]\n\t"
		"6:\n\t"
		:
		: [cs] "m"(area->rseq_cs), [word] "m"(*word), [expected] "r"(expected),
		  [turns] "r"(turns), [signature] "i"(RSEQ_SIG)
		: "memory", "cc", "x9", "x10", "x11"
		: interrupted);
	preempt_unwatch(area);
	return false;
interrupted:
	preempt_unwatch(area);
	return true;
}
#endif

#endif
