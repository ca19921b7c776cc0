/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What threads of a VMM tell each other under stress: who waits, for what, and what became of requests. */
#ifndef STRESS_VMM_STATE_H
#define STRESS_VMM_STATE_H

#include <pthread.h>

#include "stress/state.h"

enum vmm_state {
	VMM_BUSY,
	VMM_GUEST,    /* its vCPU is in guest mode; no signal pends unless `sent` is ahead of `taken`; of a
		       * real KVM_RUN: it is only if the guest has run since `turns` */
	VMM_WAITS,    /* while *word is value */
	VMM_LOCKS,    /* while somebody holds the lock */
	VMM_SPINS,    /* in kick_pause(), over and over */
	VMM_UNSERVED, /* a kicker, whose request was not taken yet */
	VMM_RESUMED,  /* who has resumed a vCPU, until that has left the kick_park() it was in */
	VMM_HELD,     /* a kicker, until nobody is unserved for long: its kick could hide a loss */
	VMM_GONE,
};

/* Written by its own thread, but for what is said to be of others. */
struct vmm_agent {
	uint32_t state;
	uint64_t steps, pauses;
	const kick_int *word;
	int value, vcpu; /* UNSERVED, RESUMED: by this one, in this call or park */
	uint32_t call;
	uint32_t parks; /* odd in kick_park() */
	pthread_mutex_t *lock;
	/* What its own last look at all of them saw. */
	uint64_t seen_steps[STRESS_MAX_THREADS], seen_pauses[STRESS_MAX_THREADS];
	bool saw, in_run, took, masked, forced;
	bool lets_in; /* WAITS: a signal is taken meanwhile */
	bool enters; /* in kick_guest_enter(), where one that has halted sleeps */
	bool slept;  /* in there */
	bool lingered; /* in a window, since it last entered KVM_RUN or slept */
	uint64_t handled, turns;
	uint32_t sent, taken; /* signals; senders count `sent` */
	uint32_t force;	      /* others: KVM_RUN is to return by itself */
} MACHINE_ALIGNED;

struct stress_vmm {
	struct vmm_agent agent[STRESS_MAX_THREADS];
	uint32_t over;	   /* somebody waited for ever: all waits end, and so does the phase */
	uint32_t checking; /* one at a time */
	uint32_t stuck;	   /* whoever checks: how often there was a deadlock */
	uint32_t hold;	   /* kickers that are unserved for long */
	uint32_t begun;	   /* vCPUs' threads that may be kicked */
	uint32_t gone;	   /* kickers that have ended */
	/* Of each vCPU: its calls, odd while one begins; and of each kicker's request to it. */
	uint32_t call[STRESS_MAX_VCPUS];
	uint32_t announced[STRESS_MAX_THREADS], served[STRESS_MAX_THREADS]; /* by kicker */
	int64_t returned_in[STRESS_MAX_THREADS]; /* the call that was on when the kick returned; -1: none */
};
extern struct stress_vmm stress_vmm;

/* Where KVM_RUN is the real one: the guests of a run, by vCPU. */
struct stress_guests {
	const struct stress_kvm *kvm; /* NULL: it is emulated */
	void *guest[STRESS_MAX_VCPUS];
	bool learning;	     /* which of the backend's words is immediate_exit? */
	ptrdiff_t word;	     /* its place in a kick_vcpu; -1: none */
	kick_int *exit[STRESS_MAX_VCPUS]; /* where it is instead: in struct kvm_run */
};
extern struct stress_guests stress_guests;
/* For so many vCPUs.  -errno, and a line in err. */
int stress_guests_open(const struct stress_kvm *kvm, int n, char *err, size_t err_size);
void stress_guests_close(void);

/*
 * Of these words each is read and written in one order by all: they pair with each other.  What a protocol
 * does is not timed here, and its races are none of store buffers.
 */
#define VMM_READ(word) __atomic_load_n(&(word), __ATOMIC_SEQ_CST)	  /* pairs with VMM_WRITE() */
#define VMM_WRITE(word, v) __atomic_store_n(&(word), v, __ATOMIC_SEQ_CST) /* pairs with VMM_READ() */
/* What vmm_say() makes known next; who looks may read it when it is of later already. */
#define VMM_NOTE(word, v) __atomic_store_n(&(word), v, __ATOMIC_RELAXED) /* pairs with VMM_READ() */
#define VMM_ADD(word, v) __atomic_fetch_add(&(word), v, __ATOMIC_SEQ_CST) /* pairs with VMM_READ() */

#endif
