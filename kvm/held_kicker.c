// SPDX-License-Identifier: GPL-2.0-or-later
/* Woken by a semaphore for each kick, or each row of kicks. */
#include "kvm/held_kicker.h"

#include <errno.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { LIMIT_S = 10 };

static bool is_set(const int *flag)
{
	/* Pairs with the owner's releases of `free` and `stop`. */
	return __atomic_load_n(flag, __ATOMIC_ACQUIRE);
}

static int fire(struct kvm_held_kicker *f)
{
	int failed;

	do {
		failed = f->kick->fire(&f->kicker);
		f->kicks += !failed;
	} while (!failed && is_set(&f->free));
	return failed;
}

static void *run(void *arg)
{
	struct kvm_held_kicker *f = arg;

	f->tid = (int)syscall(SYS_gettid);
	sem_post(&f->ready);
	for (;;) {
		while (sem_wait(&f->go))
			;
		if (is_set(&f->stop))
			return NULL;
		/* After `kicks` was counted; pairs with kvm_held_kicker_await(). */
		__atomic_store_n(&f->error, fire(f), __ATOMIC_RELEASE);
		sem_post(&f->done);
	}
}

int kvm_held_kicker_start(struct kvm_held_kicker *f)
{
	sem_init(&f->ready, 0, 0);
	sem_init(&f->go, 0, 0);
	sem_init(&f->done, 0, 0);
	if (pthread_create(&f->thread, NULL, run, f))
		return -EAGAIN;
	while (sem_wait(&f->ready))
		;
	return 0;
}

void kvm_held_kicker_go(struct kvm_held_kicker *f, bool freely)
{
	__atomic_store_n(&f->free, freely, __ATOMIC_RELEASE); /* pairs with is_set() */
	sem_post(&f->go);
}

int kvm_held_kicker_await(struct kvm_held_kicker *f)
{
	struct timespec until;

	__atomic_store_n(&f->free, 0, __ATOMIC_RELEASE); /* pairs with is_set() */
	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += LIMIT_S;
	while (sem_clockwait(&f->done, CLOCK_MONOTONIC, &until))
		if (errno != EINTR)
			return -errno;
	return __atomic_load_n(&f->error, __ATOMIC_ACQUIRE); /* pairs with its release in run() */
}

int kvm_held_kicker_stop(struct kvm_held_kicker *f)
{
	struct timespec until;

	__atomic_store_n(&f->free, 0, __ATOMIC_RELEASE); /* pairs with is_set() */
	__atomic_store_n(&f->stop, 1, __ATOMIC_RELEASE); /* pairs with is_set() */
	sem_post(&f->go);
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += LIMIT_S;
	return -pthread_timedjoin_np(f->thread, NULL, &until);
}
