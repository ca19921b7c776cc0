// SPDX-License-Identifier: GPL-2.0-or-later
/* Readers of the kernel's counters: KVM's binary statistics, and /proc/PID/status. */
#include "kvm/stats.h"

#include <errno.h>
#include <linux/kvm.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int read_at(int fd, void *to, size_t size, uint64_t at)
{
	ssize_t n = pread(fd, to, size, (off_t)at);

	return n < 0 ? -errno : (size_t)n == size ? 0 : -EBADMSG;
}

int kvm_stats_find(int fd, const char *name, off_t *offset)
{
	struct kvm_stats_header header;
	int failed = read_at(fd, &header, sizeof(header), 0);
	size_t size = sizeof(struct kvm_stats_desc) + header.name_size;
	struct kvm_stats_desc *desc;

	if (failed)
		return failed;
	if (header.name_size < 2 || header.name_size > 4096 || header.num_desc > 65536)
		return -EBADMSG;
	desc = calloc(1, size + 1);
	if (!desc)
		return -ENOMEM;
	for (uint32_t i = 0; i < header.num_desc; i++) {
		failed = read_at(fd, desc, size, header.desc_offset + (uint64_t)i * size);
		if (failed || !strcmp(desc->name, name))
			break;
		failed = -ENOENT;
	}
	if (!failed)
		*offset = (off_t)header.data_offset + desc->offset;
	free(desc);
	return header.num_desc ? failed : -ENOENT;
}

uint64_t kvm_status_of(const char *text, const char *name)
{
	size_t length = strlen(name);

	for (const char *line = text; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (!strncmp(line, name, length) && line[length] == ':')
			return strtoull(line + length + 1, NULL, 10);
	}
	return 0;
}
