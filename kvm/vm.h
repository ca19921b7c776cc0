/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A virtual machine with one vCPU, made by plain ioctls on /dev/kvm. */
#ifndef KVM_VM_H
#define KVM_VM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kvm/guest.h"

struct kvm_run;

enum { KVM_GSI = 24 }; /* the line that irqfd raises; it is routed to the first vector */

struct kvm_vm {
	int kvm, vm, vcpu, stats, eventfd;
	int cpl;
	int exits_at; /* of `exits` in the statistics file */
	struct kvm_run *run;
	size_t run_size;
	unsigned char *memory;
	volatile struct guest_shared *shared;
};

/*
 * -EOPNOTSUPP: no /dev/kvm for us, no guest for this architecture, or the kernel lacks what every
 * guest here needs; else -errno.  One line in err.
 */
int kvm_vm_open(struct kvm_vm *vm, int cpl, char *err, size_t err_size);
void kvm_vm_close(struct kvm_vm *vm);

/* The memory slot with or without a log of written pages.  -errno. */
int kvm_vm_memory(struct kvm_vm *vm, bool log);

/* How often the vCPU has left the guest, for whatever reason. */
uint64_t kvm_vm_exits(const struct kvm_vm *vm);

/* The modules behind /dev/kvm, "kvm_intel", joined by +; "" if none shows. */
void kvm_vm_modules(char *text, size_t size);

#endif
