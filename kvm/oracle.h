/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The oracle: has a kick had its effect, or is the guest deaf?  Time is the guest's own, by its loop
 * counter: a stint that goes on for deaf_loops turns after the kick has returned, without an exit
 * and without the interrupt, was not kicked.  A vCPU that is merely not scheduled makes no turns.
 */
#ifndef KVM_ORACLE_H
#define KVM_ORACLE_H

#include "kvm/kick.h"

struct kvm_oracle {
	struct kvm_vm *vm;
	struct kvm_vcpu *vcpu;
	uint64_t deaf_loops;
	uint64_t patience_ns; /* for a natural exit to heal a deaf stint, before a signal does */
	int *hold;	      /* set while a kick is suspect: moving the vCPU would heal it; may be NULL */
};

struct kvm_effect {
	uint64_t call_ns; /* the system call */
	uint64_t exit_ns; /* from before the call to the next exit; 0: none was seen */
	uint64_t came_ns; /* from before the call to the interrupt, or KVM_RUN's return; 0: never */
	bool lost;	  /* deaf, or the interrupt did not come at all */
	bool rescued;	  /* it took a signal to make it come */
};

/* Waits until the guest spins in guest mode.  -ETIMEDOUT: it did not in 5 seconds. */
int kvm_await_guest(const struct kvm_oracle *oracle);

/*
 * Kicks and watches.  0; -errno of the call; -ETIMEDOUT: 5 seconds went by, and either the guest did
 * not run at all, or the kick is lost and not even a signal made the interrupt come; -EIO: the guest
 * is broken.
 */
int kvm_kick_watched(const struct kvm_oracle *oracle, const struct kvm_kick *kick,
		     struct kvm_kicker *kicker, struct kvm_effect *effect);

#endif
