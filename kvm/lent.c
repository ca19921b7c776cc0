// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A guest at privilege level 3, where all kinds of KVM run it natively, so that it never halts.  That KVM_RUN
 * returns by itself is an interrupt whose handler writes where no memory is.
 */
#include "kvm/lent.h"

#include <errno.h>
#include <linux/kvm.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include "kvm/vm.h"

struct kvm_lent {
	struct kvm_vm vm;
};

struct kvm_lent *kvm_lent_open(char *err, size_t err_size)
{
	struct kvm_lent *guest = calloc(1, sizeof(*guest));

	if (!guest) {
		snprintf(err, err_size, "%s", strerror(ENOMEM));
		return NULL;
	}
	if (!kvm_vm_open(&guest->vm, 3, err, err_size))
		return guest;
	free(guest);
	return NULL;
}

void kvm_lent_close(struct kvm_lent *guest)
{
	kvm_vm_close(&guest->vm);
	free(guest);
}

void *kvm_lent_immediate_exit(struct kvm_lent *guest)
{
	return &guest->vm.run->immediate_exit;
}

int kvm_lent_run(struct kvm_lent *guest)
{
	return ioctl(guest->vm.vcpu, KVM_RUN, 0) ? -errno : 0;
}

void kvm_lent_leave(struct kvm_lent *guest)
{
	struct kvm_msi msi = { .address_lo = GUEST_APIC, .data = GUEST_LEAVE_VECTOR };

	ioctl(guest->vm.vm, KVM_SIGNAL_MSI, &msi);
}

uint64_t kvm_lent_turns(const struct kvm_lent *guest)
{
	return guest->vm.shared->loops;
}

int kvm_lent_ended_by(struct kvm_lent *guest, int number)
{
	union {
		struct kvm_signal_mask head;
		char room[sizeof(struct kvm_signal_mask) + 8];
	} mask = { .head = { .len = 8 } };
	uint64_t set = 0;
	sigset_t now;

	pthread_sigmask(SIG_BLOCK, NULL, &now);
	for (int i = 1; i <= 64; i++)
		set |= (uint64_t)(i != number && sigismember(&now, i) == 1) << (i - 1);
	memcpy(mask.head.sigset, &set, sizeof(set));
	return ioctl(guest->vm.vcpu, KVM_SET_SIGNAL_MASK, number ? &mask.head : NULL) ? -errno : 0;
}
