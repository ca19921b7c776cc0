/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A thread that moves the vCPU's thread from PU to PU with sched_setaffinity(), after delays that
 * are swept, so as not to be tuned to one window.
 */
#ifndef KVM_MOVER_H
#define KVM_MOVER_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

struct topo;

struct kvm_mover {
	/* Filled by the caller. */
	const struct topo *topo;
	int vcpu_tid;
	const int *pus; /* where it may go */
	int n_pus;
	int kicker_tid; /* it always goes where the vCPU just left; 0: it stays */
	/* The mover's. */
	pthread_t thread;
	uint64_t moves;
	int hold; /* set by others: no move now */
	int stop, failed;
};

int kvm_mover_start(struct kvm_mover *mover); /* -EAGAIN */
/* -errno of a move that failed, with the PU in mover->moves being the last good one. */
int kvm_mover_stop(struct kvm_mover *mover);

#endif
