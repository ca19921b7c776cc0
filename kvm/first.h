/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The thread of the lab's first kicks: it may be held in the kernel while its owner goes on. */
#ifndef KVM_FIRST_H
#define KVM_FIRST_H

#include <pthread.h>
#include <semaphore.h>

#include "kvm/kick.h"

struct kvm_first {
	/* Filled by the owner. */
	struct kvm_kicker kicker;
	const struct kvm_kick *kick;
	/* The thread's. */
	pthread_t thread;
	sem_t ready, go, done;
	int tid;
	uint64_t kicks;
	int error, free, stop; /* atomic: TSan knows nothing of sem_clockwait() */
};

int kvm_first_start(struct kvm_first *first); /* -EAGAIN */
/* One kick; freely: one after the other, until kvm_first_await(). */
void kvm_first_go(struct kvm_first *first, bool freely);
/* The error of the last kick, or -ETIMEDOUT: it has not come back in 10 seconds. */
int kvm_first_await(struct kvm_first *first);
/* Nothing holds it any more.  -ETIMEDOUT: it is stuck all the same. */
int kvm_first_stop(struct kvm_first *first);

#endif
