// SPDX-License-Identifier: GPL-2.0-or-later
/* KVM_RUN again and again, until told to stop or until the guest does what it never should. */
#include "kvm/vcpu.h"

#include <errno.h>
#include <linux/kvm.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { WAKE = SIGUSR2 };

uint64_t kvm_now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}

void kvm_sleep_ns(uint64_t ns)
{
	struct timespec ts = { .tv_sec = (time_t)(ns / 1000000000u),
			       .tv_nsec = (long)(ns % 1000000000u) };

	while (nanosleep(&ts, &ts) && errno == EINTR)
		;
}

/* That it is delivered is its effect: it ends the system call. */
static void on_wake(int number)
{
	(void)number;
}

static void set_immediate_exit(struct kvm_vm *vm, uint8_t value)
{
	/* Before the signal, or before the count; pairs with the kernel's read of it in KVM_RUN. */
	__atomic_store_n(&vm->run->immediate_exit, value, __ATOMIC_SEQ_CST);
}

/* One KVM_RUN; false: it is over. */
static bool run_once(struct kvm_vcpu *vcpu)
{
	if (!ioctl(vcpu->vm->vcpu, KVM_RUN, 0)) {
		snprintf(vcpu->why, sizeof(vcpu->why), "the guest left with exit reason %u (%u)",
			 vcpu->vm->run->exit_reason,
			 vcpu->vm->run->exit_reason == KVM_EXIT_INTERNAL_ERROR
				 ? vcpu->vm->run->internal.suberror
				 : 0);
		return false;
	}
	if (errno != EINTR && errno != EAGAIN) {
		snprintf(vcpu->why, sizeof(vcpu->why), "KVM_RUN: %s", strerror(errno));
		return false;
	}
	/* Cleared before it is counted: who sees the count may signal again. */
	set_immediate_exit(vcpu->vm, 0);
	/* Pairs with the watchers' loads of `returns` in oracle.c. */
	__atomic_fetch_add(&vcpu->returns, 1, __ATOMIC_SEQ_CST);
	return true;
}

static void *run(void *arg)
{
	struct kvm_vcpu *vcpu = arg;

	/* Pairs with kvm_vcpu_start(). */
	__atomic_store_n(&vcpu->tid, (int)syscall(SYS_gettid), __ATOMIC_SEQ_CST);
	/* Pairs with kvm_vcpu_stop(). */
	while (!__atomic_load_n(&vcpu->stop, __ATOMIC_SEQ_CST) && run_once(vcpu))
		;
	/* Why it ended was written before; pairs with kvm_vcpu_ended(). */
	__atomic_store_n(&vcpu->ended, 1, __ATOMIC_SEQ_CST);
	return NULL;
}

/* A thread that takes no signal but WAKE, so that others' do not end its stints. */
static int create(struct kvm_vcpu *vcpu)
{
	sigset_t others, before;
	int failed;

	sigfillset(&others);
	sigdelset(&others, WAKE);
	pthread_sigmask(SIG_SETMASK, &others, &before);
	failed = pthread_create(&vcpu->thread, NULL, run, vcpu);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return failed;
}

int kvm_vcpu_start(struct kvm_vcpu *vcpu, struct kvm_vm *vm)
{
	struct sigaction action = { .sa_handler = on_wake };

	*vcpu = (struct kvm_vcpu){ .vm = vm };
	sigaction(WAKE, &action, &vcpu->old);
	if (create(vcpu)) {
		sigaction(WAKE, &vcpu->old, NULL);
		return -EAGAIN;
	}
	while (!__atomic_load_n(&vcpu->tid, __ATOMIC_SEQ_CST)) /* pairs with run() */
		kvm_sleep_ns(10000);
	return pthread_getcpuclockid(vcpu->thread, &vcpu->clock) ? -EAGAIN : 0;
}

int kvm_vcpu_signal(struct kvm_vcpu *vcpu)
{
	set_immediate_exit(vcpu->vm, 1);
	return syscall(SYS_tgkill, getpid(), vcpu->tid, WAKE) ? -errno : 0;
}

bool kvm_vcpu_ended(const struct kvm_vcpu *vcpu)
{
	return __atomic_load_n(&vcpu->ended, __ATOMIC_SEQ_CST); /* pairs with the end of run() */
}

int kvm_vcpu_stop(struct kvm_vcpu *vcpu)
{
	uint64_t limit = kvm_now_ns() + UINT64_C(5000000000);

	__atomic_store_n(&vcpu->stop, 1, __ATOMIC_SEQ_CST); /* before the signal: pairs with run() */
	/* Again and again: it may have tested `stop` just before. */
	while (!kvm_vcpu_ended(vcpu) && kvm_now_ns() < limit) {
		kvm_vcpu_signal(vcpu);
		kvm_sleep_ns(200000);
	}
	if (!kvm_vcpu_ended(vcpu))
		return -ETIMEDOUT;
	pthread_join(vcpu->thread, NULL);
	sigaction(WAKE, &vcpu->old, NULL);
	return 0;
}

uint64_t kvm_vcpu_cpu_ns(const struct kvm_vcpu *vcpu)
{
	struct timespec ts = { 0 };

	clock_gettime(vcpu->clock, &ts);
	return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}
