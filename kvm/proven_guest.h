/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A running guest of the right privilege level, known to take its interrupts. */
#ifndef KVM_PROVEN_GUEST_H
#define KVM_PROVEN_GUEST_H

#include "kvm/kvm.h"
#include "kvm/oracle.h"

struct kvm_proven_guest {
	const struct topo *topo;
	struct kvm_vm vm;
	struct kvm_vcpu vcpu;
	struct kvm_oracle oracle;
	struct kvm_kicker detector; /* MSIs of the second vector: what the oracle watches for */
	const struct kvm_kick *msi;
	double loops_per_ns;
};

/*
 * Finds the privilege level at which the guest runs natively, starts it there, on PU vcpu_pu, and
 * tests it from kicker_pu, where the calling thread stays.  Errors as kvm_measure().  That the
 * self-test failed, or that nothing could be concluded, is no error: host and `reason` say so.
 */
int kvm_proven_guest_open(struct kvm_proven_guest *guest, const struct topo *topo, int kicker_pu,
			  int vcpu_pu, struct kvm_host *host, char *reason, char *err,
			  size_t err_size);

/* -ETIMEDOUT: the vCPU's thread is stuck in the kernel; its VM is left to the end of the process. */
int kvm_proven_guest_close(struct kvm_proven_guest *guest);

/* One row in a window of window_ns; row->verdict and row->reason say what it is worth.  -errno. */
int kvm_measure_row(struct kvm_proven_guest *guest, const struct kvm_case *what, uint64_t window_ns,
		    const struct kvm_options *o, struct kvm_row *row);

#endif
