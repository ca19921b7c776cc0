// SPDX-License-Identifier: GPL-2.0-or-later
/* The switch itself, by hand for x86-64 and aarch64, and what the sanitizers want to be told. */
#include "explore/engine/fiber.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

#ifdef FIBER_ASAN
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif
#ifdef FIBER_TSAN
#include <sanitizer/tsan_interface.h>
#endif

#if defined(__x86_64__)
/* What a callee must preserve goes onto the old stack; the address to return to is there already. */
void xp_fiber_swap(void **save_sp, void *load_sp);
__asm__(".text\n"
	".p2align 4\n"
	".type xp_fiber_swap, @function\n"
	"xp_fiber_swap:\n"
	"	pushq %rbp\n"
	"	pushq %rbx\n"
	"	pushq %r12\n"
	"	pushq %r13\n"
	"	pushq %r14\n"
	"	pushq %r15\n"
	"	movq %rsp, (%rdi)\n"
	"	movq %rsi, %rsp\n"
	"	popq %r15\n"
	"	popq %r14\n"
	"	popq %r13\n"
	"	popq %r12\n"
	"	popq %rbx\n"
	"	popq %rbp\n"
	"	retq\n"
	".size xp_fiber_swap, .-xp_fiber_swap\n"
	".globl xp_fiber_look\n"
	".type xp_fiber_look, @function\n"
	"xp_fiber_look:\n"
	"	pushq %rbp\n"
	"	pushq %rbx\n"
	"	pushq %r12\n"
	"	pushq %r13\n"
	"	pushq %r14\n"
	"	pushq %r15\n"
	"	movq %rsi, %rax\n"
	"	movq %rsp, %rsi\n"
	"	subq $8, %rsp\n"
	"	call *%rax\n"
	"	addq $56, %rsp\n" /* those registers are as they were */
	"	retq\n"
	".size xp_fiber_look, .-xp_fiber_look\n"
	".globl xp_fiber_wipe\n"
	".type xp_fiber_wipe, @function\n"
	"xp_fiber_wipe:\n"
	"	xorl %eax, %eax\n"
	"	movl $128, %ecx\n"
	"	leaq -1024(%rsp), %rdi\n"
	"	rep stosq\n"
	"	retq\n"
	".size xp_fiber_wipe, .-xp_fiber_wipe\n");
enum { FRAME_WORDS = 8, FRAME_ENTRY = 6 };
#elif defined(__aarch64__)
void xp_fiber_swap(void **save_sp, void *load_sp);
__asm__(".text\n"
	".p2align 4\n"
	".type xp_fiber_swap, %function\n"
	"xp_fiber_swap:\n"
	"	sub sp, sp, #160\n"
	"	stp x19, x20, [sp, #0]\n"
	"	stp x21, x22, [sp, #16]\n"
	"	stp x23, x24, [sp, #32]\n"
	"	stp x25, x26, [sp, #48]\n"
	"	stp x27, x28, [sp, #64]\n"
	"	stp x29, x30, [sp, #80]\n"
	"	stp d8, d9, [sp, #96]\n"
	"	stp d10, d11, [sp, #112]\n"
	"	stp d12, d13, [sp, #128]\n"
	"	stp d14, d15, [sp, #144]\n"
	"	mov x9, sp\n"
	"	str x9, [x0]\n"
	"	mov sp, x1\n"
	"	ldp x19, x20, [sp, #0]\n"
	"	ldp x21, x22, [sp, #16]\n"
	"	ldp x23, x24, [sp, #32]\n"
	"	ldp x25, x26, [sp, #48]\n"
	"	ldp x27, x28, [sp, #64]\n"
	"	ldp x29, x30, [sp, #80]\n"
	"	ldp d8, d9, [sp, #96]\n"
	"	ldp d10, d11, [sp, #112]\n"
	"	ldp d12, d13, [sp, #128]\n"
	"	ldp d14, d15, [sp, #144]\n"
	"	add sp, sp, #160\n"
	"	ret\n"
	".size xp_fiber_swap, .-xp_fiber_swap\n"
	".globl xp_fiber_look\n"
	".type xp_fiber_look, %function\n"
	"xp_fiber_look:\n"
	"	stp x29, x30, [sp, #-96]!\n"
	"	stp x19, x20, [sp, #16]\n"
	"	stp x21, x22, [sp, #32]\n"
	"	stp x23, x24, [sp, #48]\n"
	"	stp x25, x26, [sp, #64]\n"
	"	stp x27, x28, [sp, #80]\n"
	"	mov x9, x1\n"
	"	mov x1, sp\n"
	"	blr x9\n"
	"	ldp x29, x30, [sp], #96\n"
	"	ret\n"
	".size xp_fiber_look, .-xp_fiber_look\n"
	".globl xp_fiber_wipe\n"
	".type xp_fiber_wipe, %function\n"
	"xp_fiber_wipe:\n"
	"	sub x9, sp, #1024\n"
	"	mov x10, sp\n"
	"1:	stp xzr, xzr, [x9], #16\n"
	"	cmp x9, x10\n"
	"	b.lo 1b\n"
	"	ret\n"
	".size xp_fiber_wipe, .-xp_fiber_wipe\n");
enum { FRAME_WORDS = 20, FRAME_ENTRY = 11 };
#else
void xp_fiber_look(void *arg, void (*fn)(void *arg, const void *stack))
{
	fn(arg, NULL);
}

void xp_fiber_wipe(void)
{
}
#endif

int xp_fiber_init(struct xp_context *fiber, size_t size)
{
	char *memory;

	memset(fiber, 0, sizeof(*fiber));
	memory = mmap(NULL, XP_GUARD + size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (memory == MAP_FAILED)
		return -ENOMEM;
	if (mprotect(memory + XP_GUARD, size, PROT_READ | PROT_WRITE)) {
		munmap(memory, XP_GUARD + size);
		return -ENOMEM;
	}
	fiber->stack = memory + XP_GUARD;
	fiber->size = size;
	return 0;
}

void xp_fiber_fini(struct xp_context *fiber)
{
#ifdef FIBER_TSAN
	if (fiber->tsan)
		__tsan_destroy_fiber(fiber->tsan);
#endif
	munmap(fiber->stack - XP_GUARD, XP_GUARD + fiber->size);
	fiber->stack = NULL;
}

#ifdef FIBER_ASAN
/* A fiber's first steps: ASan learns that the switch to it is complete. */
static void (*first_entry)(void);
static struct xp_context *switched_from;

static void begin(void)
{
	void (*entry)(void) = first_entry;
	const void *stack;
	size_t size;

	__sanitizer_finish_switch_fiber(NULL, &stack, &size);
	if (!switched_from->stack) {
		switched_from->stack = (char *)stack;
		switched_from->size = size;
	}
	entry();
}
#endif

void xp_fiber_prepare(struct xp_context *fiber, void (*entry)(void))
{
	fiber->entry = entry;
#ifdef FIBER_ASAN
	/* The frames that were abandoned here left their red zones. */
	__asan_unpoison_memory_region(fiber->stack, fiber->size);
	fiber->fake = NULL;
	entry = begin;
#endif
#ifdef FIBER_TSAN
	/* Abandoned frames pile up on TSan's own stack: a new one now and then, since it is slow. */
	if (fiber->tsan && ++fiber->prepared % 1024 == 0) {
		__tsan_destroy_fiber(fiber->tsan);
		fiber->tsan = NULL;
	}
	if (!fiber->tsan)
		fiber->tsan = __tsan_create_fiber(0);
#endif
#ifdef FIBER_UCONTEXT
	getcontext(&fiber->context);
	fiber->context.uc_stack.ss_sp = fiber->stack;
	fiber->context.uc_stack.ss_size = fiber->size;
	makecontext(&fiber->context, entry, 0);
#else
	/* The first switch pops this frame; the ABI wants the stack 16-aligned before a call. */
	uintptr_t *frame = (uintptr_t *)(fiber->stack + fiber->size) - FRAME_WORDS;

	frame[FRAME_ENTRY] = (uintptr_t)entry;
	fiber->sp = frame;
#endif
}

void xp_fiber_switch(struct xp_context *from, struct xp_context *to)
{
#ifdef FIBER_ASAN
	first_entry = to->entry;
	switched_from = from;
	__sanitizer_start_switch_fiber(&from->fake, to->stack, to->size);
#endif
#ifdef FIBER_TSAN
	if (!from->tsan)
		from->tsan = __tsan_get_current_fiber();
	__tsan_switch_to_fiber(to->tsan, 0);
#endif
#ifdef FIBER_UCONTEXT
	swapcontext(&from->context, &to->context);
#else
	xp_fiber_swap(&from->sp, to->sp);
#endif
#ifdef FIBER_ASAN
	__sanitizer_finish_switch_fiber(from->fake, NULL, NULL);
#endif
}
