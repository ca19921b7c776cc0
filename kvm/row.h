/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What was measured, as a row of kvm.csv. */
#ifndef KVM_ROW_H
#define KVM_ROW_H

#include "results/sink.h"

struct kvm_row;

/* -errno of the sink, -ENOMEM. */
int kvm_row_hand_out(struct sink *sink, const char *run_id, const struct kvm_row *row);

#endif
