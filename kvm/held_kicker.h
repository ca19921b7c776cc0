/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The thread of the lab's first kicks: it may be held in the kernel while its owner goes on. */
#ifndef KVM_HELD_KICKER_H
#define KVM_HELD_KICKER_H

#include <pthread.h>
#include <semaphore.h>

#include "kvm/kick.h"

struct kvm_held_kicker {
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

int kvm_held_kicker_start(struct kvm_held_kicker *first); /* -EAGAIN */
/* One kick; freely: one after the other, until kvm_held_kicker_await(). */
void kvm_held_kicker_go(struct kvm_held_kicker *first, bool freely);
/* The error of the last kick, or -ETIMEDOUT: it has not come back in 10 seconds. */
int kvm_held_kicker_await(struct kvm_held_kicker *first);
/* Nothing holds it any more.  -ETIMEDOUT: it is stuck all the same. */
int kvm_held_kicker_stop(struct kvm_held_kicker *first);

#endif
