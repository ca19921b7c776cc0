/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What kickbench kvm prints and writes. */
#ifndef CLI_KVM_REPORT_H
#define CLI_KVM_REPORT_H

#include <stdio.h>

#include "kvm/kvm.h"
#include "kvm/lab.h"
#include "results/csv.h"

struct cJSON;

void kvm_report_head(FILE *out);
void kvm_report_row(FILE *out, const struct kvm_row *row);
/* What is said of the host, and the verdict. */
void kvm_report_host(FILE *out, const struct kvm_host *host);
void kvm_report_verdict(FILE *out, const struct kvm_result *result);

/* The row of kvm.csv.  0, or what made it fail. */
int kvm_report_csv(struct csv_row *csv, const char *run_id, const struct kvm_row *row);
struct cJSON *kvm_report_json(const struct kvm_result *result);

/* The row of kernel-lab.csv. */
int kvm_report_lab(struct csv_row *csv, const struct kvm_lab_options *lab,
		   const struct kvm_lab_row *row);

#endif
