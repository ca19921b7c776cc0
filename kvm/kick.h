/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The ways to kick the vCPU from outside: each one system call on the VM, or a signal. */
#ifndef KVM_KICK_H
#define KVM_KICK_H

#include <linux/kvm.h>
#include <stdbool.h>
#include <stddef.h>

#include "kvm/vcpu.h"
#include "kvm/vm.h"

/* What a kick is made with: filled once by kvm_kick_prepare(), so that the call is all there is to time. */
struct kvm_kicker {
	struct kvm_vm *vm;
	struct kvm_vcpu *vcpu;
	int vector; /* index in kvm_guest_vector[] of the interrupt that an interrupting kick delivers */
#if defined(__x86_64__)
	struct kvm_clock_data clock;
	struct kvm_irqchip chip;
	uint64_t log[GUEST_SIZE / 4096 / 64];
#endif
};

struct kvm_kick {
	const char *name;
	const char *form; /* kick, mask, mask_wait, signal, floor */
	bool interrupts;  /* delivers an interrupt; the others only make the vCPU leave the guest */
	int capability;	  /* for KVM_CHECK_EXTENSION; 0: none needed */
	const char *needs;			   /* its name */
	int (*prepare)(struct kvm_kicker *kicker); /* -errno; NULL: nothing to do */
	int (*fire)(struct kvm_kicker *kicker);	   /* -errno */
	void (*finish)(struct kvm_kicker *kicker);
};

/* Without a name at the end; the first one is the floor, which kicks nobody. */
extern const struct kvm_kick kvm_kicks[];

/* NULL: no such kick. */
const struct kvm_kick *kvm_kick_find(const char *name);

/* A kicker for interrupts of kvm_guest_vector[vector].  -EOPNOTSUPP, -errno: not here, `why` says so. */
int kvm_kick_prepare(const struct kvm_kick *kick, struct kvm_kicker *kicker, struct kvm_vm *vm,
		     struct kvm_vcpu *vcpu, int vector, char *why, size_t size);
void kvm_kick_finish(const struct kvm_kick *kick, struct kvm_kicker *kicker);

#endif
