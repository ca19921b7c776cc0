/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What kickbench kvm prints. */
#ifndef CLI_VIEW_KVM_H
#define CLI_VIEW_KVM_H

#include <stdio.h>

#include "kvm/kvm.h"
#include "results/sink.h"

struct cJSON;

/* A line for each row of kvm.csv, on stdout. */
extern struct sink view_kvm_rows;
/* What is said of the host, and above the lines; and the verdict. */
void view_kvm_host(FILE *out, const struct kvm_host *host);
void view_kvm_verdict(FILE *out, const struct kvm_result *result);
struct cJSON *view_kvm_json(const struct kvm_result *result);

#endif
