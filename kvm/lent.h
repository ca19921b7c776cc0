/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Guests that another judge's threads run: one VM with one vCPU each, which spins.  The thread calls KVM_RUN
 * itself, and what ends that is the caller's affair.
 */
#ifndef KVM_LENT_H
#define KVM_LENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct kvm_lent;

/* NULL: not here, and a line in err says why. */
struct kvm_lent *kvm_lent_open(char *err, size_t err_size);
void kvm_lent_close(struct kvm_lent *guest);
/* kvm_run->immediate_exit and the bytes of padding behind it, which are all of an int; not aligned as one. */
void *kvm_lent_immediate_exit(struct kvm_lent *guest);
/* KVM_RUN, by the calling thread.  0: it has returned by itself; -EINTR; other -errno. */
int kvm_lent_run(struct kvm_lent *guest);
/* Any thread: KVM_RUN, this one or the next, is to return by itself. */
void kvm_lent_leave(struct kvm_lent *guest);
/* Turns of the guest's loop: they go on in guest mode alone. */
uint64_t kvm_lent_turns(const struct kvm_lent *guest);
/* A signal that is blocked ends KVM_RUN all the same; 0: none does.  -errno. */
int kvm_lent_ended_by(struct kvm_lent *guest, int signal);

#endif
