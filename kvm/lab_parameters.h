/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parameters klab_* of an instrumented kvm.ko: docs/kernel-lab.md says what each one does. */
#ifndef KVM_LAB_PARAMETERS_H
#define KVM_LAB_PARAMETERS_H

#include <stddef.h>
#include <stdint.h>

#define KVM_LAB_PARAMETERS "/sys/module/kvm/parameters"

/* A parameter by its name without klab_, in directory dir.  -errno; -EBADMSG: not a number. */
int kvm_lab_parameter_read(const char *dir, const char *name, uint64_t *value);
int kvm_lab_parameter_write(const char *dir, const char *name, uint64_t value);
/* "old" or "patched".  -ENOENT: the module is not instrumented. */
int kvm_lab_parameter_variant(const char *dir, char *text, size_t size);

#endif
