// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The guest's memory and first registers.  One image for both privilege levels: all gates are trap
 * gates to a handler of the level that the guest runs at, so that no stack is switched and IRET
 * need not bring the interrupt flag back, which it does not do at level 3.
 */
#if defined(__x86_64__)
#include <linux/kvm.h>
#include <string.h>

#include "kvm/guest.h"

#define TEXT(x)	 #x
#define VALUE(x) TEXT(x)
#define AT_RBX(offset) VALUE(offset) "(%rbx)"

/*
 * rbx: the shared page, r12: the interrupt controller.  Nobody changes these, and the loop uses no
 * other register and no stack, so the handlers save nothing.  An interrupt between the test of
 * `halt` and HLT is counted, and the next one ends the halt.
 */
__asm__(".pushsection .rodata\n"
	".balign 16\n"
	"guest_code:\n"
	"1:	incq " AT_RBX(SHARED_LOOPS) "\n"
	"	cmpq $0, " AT_RBX(SHARED_HALT) "\n"
	"	je 1b\n"
	"	hlt\n"
	"	jmp 1b\n"
	"guest_on_first:\n"
	"	incq " AT_RBX(SHARED_FIRST) "\n"
	"	jmp 2f\n"
	"guest_on_second:\n"
	"	incq " AT_RBX(SHARED_SECOND) "\n"
	"	jmp 2f\n"
	"guest_on_leave:\n"
	"	movl $0, " VALUE(GUEST_NOWHERE) "\n"
	"	jmp 2f\n"
	"guest_on_stray:\n"
	"	incq " AT_RBX(SHARED_STRAY) "\n"
	"2:	movl $0, 0xb0(%r12)\n" /* end of interrupt */
	"	iretq\n"
	"guest_on_fault:\n"
	"	incq " AT_RBX(SHARED_FAULT) "\n"
	"3:	jmp 3b\n"
	"guest_code_end:\n"
	".popsection\n");

extern const unsigned char guest_code[] __attribute__((visibility("hidden")));
extern const unsigned char guest_on_first[] __attribute__((visibility("hidden")));
extern const unsigned char guest_on_second[] __attribute__((visibility("hidden")));
extern const unsigned char guest_on_leave[] __attribute__((visibility("hidden")));
extern const unsigned char guest_on_stray[] __attribute__((visibility("hidden")));
extern const unsigned char guest_on_fault[] __attribute__((visibility("hidden")));
extern const unsigned char guest_code_end[] __attribute__((visibility("hidden")));

_Static_assert(offsetof(struct guest_shared, loops) == SHARED_LOOPS, "as the code has it");
_Static_assert(offsetof(struct guest_shared, interrupts) == SHARED_FIRST, "as the code has it");
_Static_assert(offsetof(struct guest_shared, stray) == SHARED_STRAY, "as the code has it");
_Static_assert(offsetof(struct guest_shared, fault) == SHARED_FAULT, "as the code has it");
_Static_assert(offsetof(struct guest_shared, halt) == SHARED_HALT, "as the code has it");

/* Of two priority classes, so that one may interrupt the other's handler. */
const uint8_t kvm_guest_vector[GUEST_N_VECTORS] = { 0x41, 0x51 };

enum {
	PRESENT = 1 << 0,
	WRITABLE = 1 << 1,
	USER = 1 << 2,
	UNCACHED = 1 << 4,
	ACCESSED = 1 << 5, /* set beforehand, with DIRTY: the processor need not write tables */
	DIRTY = 1 << 6,
	LARGE = 1 << 7,
	TABLE = PRESENT | WRITABLE | USER | ACCESSED,
	PAGE = TABLE | DIRTY | LARGE,
};

enum { CODE0 = 0x08, DATA0 = 0x10, CODE3 = 0x18, DATA3 = 0x20, TASK = 0x28 };
enum { TRAP_GATE = 0x8f }; /* present; an interrupt gate would be 0x8e */
enum { N_EXCEPTIONS = 32, N_VECTORS = 256 };

static void put(unsigned char *memory, uint64_t at, uint64_t value)
{
	memcpy(memory + at, &value, sizeof(value));
}

static void write_pages(unsigned char *memory)
{
	const uint64_t top = GUEST_APIC & ~(uint64_t)0x1fffff;

	put(memory, GUEST_PML4, GUEST_PDPT | TABLE);
	put(memory, GUEST_PDPT, GUEST_PD_LOW | TABLE);
	put(memory, GUEST_PDPT + (top >> 30) * 8, GUEST_PD_TOP | TABLE);
	put(memory, GUEST_PD_LOW, 0 | PAGE);
	put(memory, GUEST_PD_LOW + 8, GUEST_NOWHERE | PAGE | UNCACHED);
	put(memory, GUEST_PD_TOP + (top >> 21 & 511) * 8, top | PAGE | UNCACHED);
}

static void write_segments(unsigned char *memory)
{
	put(memory, GUEST_GDT + CODE0, 0x00af9b000000ffff);
	put(memory, GUEST_GDT + DATA0, 0x00cf93000000ffff);
	put(memory, GUEST_GDT + CODE3, 0x00affb000000ffff);
	put(memory, GUEST_GDT + DATA3, 0x00cff3000000ffff);
	put(memory, GUEST_GDT + TASK, 0x00008b0000000067 | (uint64_t)GUEST_TSS << 16);
}

static void write_gate(unsigned char *memory, unsigned int vector, const unsigned char *handler, int cpl)
{
	uint64_t to = GUEST_CODE + (uint64_t)(handler - guest_code);
	uint64_t selector = cpl ? CODE3 | 3 : CODE0;

	put(memory, GUEST_IDT + vector * 16,
	    (to & 0xffff) | selector << 16 | (uint64_t)TRAP_GATE << 40 | (to >> 16 & 0xffff) << 48);
	put(memory, GUEST_IDT + vector * 16 + 8, to >> 32);
}

void kvm_guest_write(unsigned char *memory, int cpl)
{
	write_pages(memory);
	write_segments(memory);
	for (unsigned int vector = 0; vector < N_VECTORS; vector++)
		write_gate(memory, vector, vector < N_EXCEPTIONS ? guest_on_fault : guest_on_stray, cpl);
	write_gate(memory, kvm_guest_vector[0], guest_on_first, cpl);
	write_gate(memory, kvm_guest_vector[1], guest_on_second, cpl);
	write_gate(memory, GUEST_LEAVE_VECTOR, guest_on_leave, cpl);
	memcpy(memory + GUEST_CODE, guest_code, (size_t)(guest_code_end - guest_code));
}

static struct kvm_segment segment(uint16_t selector, uint8_t type, int cpl, int is_code)
{
	return (struct kvm_segment){ .selector = (uint16_t)(selector | cpl),
				     .limit = 0xffffffff,
				     .type = type,
				     .present = 1,
				     .dpl = (uint8_t)cpl,
				     .s = 1,
				     .l = (uint8_t)is_code,
				     .db = (uint8_t)!is_code,
				     .g = 1 };
}

void kvm_guest_registers(struct kvm_sregs *sregs, struct kvm_regs *regs, int cpl)
{
	sregs->cs = segment(cpl ? CODE3 : CODE0, 0xb, cpl, 1);
	sregs->ds = sregs->es = sregs->fs = sregs->gs = sregs->ss =
		segment(cpl ? DATA3 : DATA0, 0x3, cpl, 0);
	sregs->tr = (struct kvm_segment){
		.selector = TASK, .base = GUEST_TSS, .limit = 0x67, .type = 0xb, .present = 1
	};
	sregs->gdt = (struct kvm_dtable){ .base = GUEST_GDT, .limit = TASK + 15 };
	sregs->idt = (struct kvm_dtable){ .base = GUEST_IDT, .limit = N_VECTORS * 16 - 1 };
	sregs->cr0 = 0x80050033; /* PG AM WP NE ET MP PE */
	sregs->cr3 = GUEST_PML4;
	sregs->cr4 = 0x620; /* PAE OSFXSR OSXMMEXCPT */
	sregs->efer = 0x501; /* LMA LME SCE */
	*regs = (struct kvm_regs){ .rip = GUEST_CODE,
				   .rsp = GUEST_STACK,
				   .rbx = GUEST_SHARED,
				   .r12 = GUEST_APIC,
				   .rflags = 0x202 }; /* interrupts on */
}
#endif
