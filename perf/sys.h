/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The seam to the kernel: everything that counting asks of it.  Tests put their own answers here. */
#ifndef PERF_SYS_H
#define PERF_SYS_H

#include <linux/perf_event.h>
#include <stdbool.h>
#include <sys/types.h>

struct perf_sys {
	/* perf_event_open(2) with PERF_FLAG_FD_CLOEXEC: a file descriptor, or -errno. */
	int (*open)(struct perf_event_attr *attr, pid_t pid, int cpu, int group);
	int (*control)(int fd, unsigned long request, void *arg); /* ioctl(2); 0 or -errno */
	ssize_t (*read)(int fd, void *data, size_t size);	  /* bytes, or -errno */
	void (*close)(int fd);
	const char *root; /* before /proc and /sys */
};
extern struct perf_sys perf_sys;

/* The first line of ROOT/path without its end.  -errno. */
int perf_sys_line(const char *path, char *line, size_t size);

#endif
