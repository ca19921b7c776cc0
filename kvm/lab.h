/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The paired experiment on an instrumented kvm.ko: a first kick is held between its two racing reads,
 * the vCPU goes elsewhere, and a second kick shows whether the vCPU can still be reached.
 */
#ifndef KVM_LAB_H
#define KVM_LAB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "results/histogram.h"

struct csv_row;
struct topo;
struct kvm_kick;

/* The parameters klab_* of an instrumented kvm.ko: docs/kernel-lab.md says what each one does. */
#define KVM_LAB_PARAMETERS "/sys/module/kvm/parameters"
/* A parameter by its name without klab_, in directory dir.  -errno; -EBADMSG: not a number. */
int kvm_lab_parameter_read(const char *dir, const char *name, uint64_t *value);
int kvm_lab_parameter_write(const char *dir, const char *name, uint64_t value);
/* "old" or "patched".  -ENOENT: the module is not instrumented. */
int kvm_lab_parameter_variant(const char *dir, char *text, size_t size);

struct kvm_lab_options {
	const struct kvm_kick *first, *second;
	uint64_t rounds;
	uint64_t free_ns; /* instead of rounds: both kick as fast as they can, and nobody watches; or 0 */
	bool migrate, gate, early;
	uint64_t wait_ns;  /* for the second kick's effect */
	uint64_t delay_ns; /* in the window: the limit with a gate, else the delay */
	const char *knobs; /* directory of the parameters */
	bool (*stop)(void);
};

struct kvm_lab_row {
	char variant[32];
	uint64_t rounds, poisoned, lost, ipis, swallowed, first_lost, rescued, held;
	uint64_t migrations; /* of a free run, whose rounds are the kicks of both */
	double exits_per_s;
	struct histogram latency; /* of second kicks that had their effect */
};

/*
 * 0; -ENOENT: the module has no such parameters; -ERANGE: the guest fails its self-test; others as
 * kvm_measure().  One line in err.
 */
int kvm_lab(const struct kvm_lab_options *options, const struct topo *topo, struct kvm_lab_row *row,
	    char *err, size_t err_size);

/* As a row of schema_kernel_lab.  0, or what made it fail. */
int kvm_lab_csv(struct csv_row *csv, const struct kvm_lab_options *lab, const struct kvm_lab_row *row);

#endif
