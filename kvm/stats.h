/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the kernel counts of a vCPU and of a thread. */
#ifndef KVM_STATS_H
#define KVM_STATS_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* The place of a 64-bit statistic in a KVM_GET_STATS_FD file.  -ENOENT: no such name; -EBADMSG; -errno. */
int kvm_stats_find(int fd, const char *name, off_t *offset);

/* The value after "NAME:" in a text of /proc/PID/status; 0 if there is none. */
uint64_t kvm_status_of(const char *text, const char *name);

#endif
