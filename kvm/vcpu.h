/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The thread that runs the vCPU, and the signal that always gets it out. */
#ifndef KVM_VCPU_H
#define KVM_VCPU_H

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "kvm/vm.h"

struct kvm_vcpu {
	struct kvm_vm *vm;
	pthread_t thread;
	clockid_t clock; /* its CPU time */
	struct sigaction old;
	/* Written by the thread, read by all. */
	int tid;
	uint64_t returns; /* of KVM_RUN, each because of a signal */
	int ended;
	char why[96]; /* valid once ended: what ended it, "" if it was told to */
	/* Written by the others. */
	int stop;
};

/* -EAGAIN: no thread. */
int kvm_vcpu_start(struct kvm_vcpu *vcpu, struct kvm_vm *vm);

/*
 * Ends and joins the thread.  -ETIMEDOUT: it did not end in 5 seconds of signals; its VM must then
 * not be closed.
 */
int kvm_vcpu_stop(struct kvm_vcpu *vcpu);

/* Makes KVM_RUN return, or not begin, by immediate_exit and a signal; the thread runs it again. */
int kvm_vcpu_signal(struct kvm_vcpu *vcpu);

/* It is over, and vcpu->why says why. */
bool kvm_vcpu_ended(const struct kvm_vcpu *vcpu);

/* CPU time of its thread. */
uint64_t kvm_vcpu_cpu_ns(const struct kvm_vcpu *vcpu);

/* CLOCK_MONOTONIC. */
uint64_t kvm_now_ns(void);
void kvm_sleep_ns(uint64_t ns);

#endif
