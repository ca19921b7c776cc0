/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The guest: 2 MiB of memory with page tables, descriptor tables and a few instructions of 64-bit
 * code that spin, count interrupts and may halt.
 */
#ifndef KVM_GUEST_H
#define KVM_GUEST_H

/* Guest-physical addresses, mapped one to one; numbers, since the guest's code is made of them, too. */
#define GUEST_SIZE   0x200000
#define GUEST_PML4   0x1000
#define GUEST_PDPT   0x2000
#define GUEST_PD_LOW 0x3000 /* the memory */
#define GUEST_PD_TOP 0x4000 /* the interrupt controller's page */
#define GUEST_GDT    0x5000
#define GUEST_IDT    0x6000
#define GUEST_TSS    0x7000
#define GUEST_CODE   0x8000
#define GUEST_SHARED 0x9000
#define GUEST_STACK  0x10000 /* its top */
#define GUEST_APIC   0xfee00000
#define GUEST_NOWHERE GUEST_SIZE /* mapped, and no memory: an access leaves KVM_RUN */

/* Offsets in the shared page: what the guest writes all the time, rarely, and what we write. */
#define SHARED_LOOPS	0
#define SHARED_FIRST	128
#define SHARED_SECOND	136
#define SHARED_STRAY	144
#define SHARED_FAULT	152
#define SHARED_HALT	256

#define GUEST_N_VECTORS 2
#define GUEST_LEAVE_VECTOR 0x61 /* its handler makes KVM_RUN return */

#ifndef __ASSEMBLER__
#include <stddef.h>
#include <stdint.h>

struct kvm_regs;
struct kvm_sregs;

/* The page that the guest and we share.  The guest is the only writer of all but `halt`. */
struct guest_shared {
	uint64_t loops; /* of the spinning loop */
	uint64_t pad0[15];
	uint64_t interrupts[GUEST_N_VECTORS]; /* taken, by kvm_guest_vector[] */
	uint64_t stray;			      /* interrupts of other vectors */
	uint64_t fault;			      /* exceptions: there must be none */
	uint64_t pad1[12];
	uint64_t halt; /* nonzero: halt in every turn of the loop */
};

extern const uint8_t kvm_guest_vector[GUEST_N_VECTORS];

/* Fills GUEST_SIZE bytes, all zero before, for a guest that runs at privilege level cpl (0 or 3). */
void kvm_guest_write(unsigned char *memory, int cpl);

/* The registers it starts with; `sregs` as KVM_GET_SREGS gave them. */
void kvm_guest_registers(struct kvm_sregs *sregs, struct kvm_regs *regs, int cpl);
#endif

#endif
