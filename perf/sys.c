// SPDX-License-Identifier: GPL-2.0-or-later
/* The real kernel behind the seam. */
#include "perf/sys.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static int open_event(struct perf_event_attr *attr, pid_t pid, int cpu, int group)
{
	long fd = syscall(SYS_perf_event_open, attr, pid, cpu, group, PERF_FLAG_FD_CLOEXEC);

	return fd < 0 ? -errno : (int)fd;
}

static int control_event(int fd, unsigned long request, void *arg)
{
	return ioctl(fd, request, arg) < 0 ? -errno : 0;
}

static ssize_t read_event(int fd, void *data, size_t size)
{
	ssize_t n = read(fd, data, size);

	return n < 0 ? -errno : n;
}

static void close_event(int fd)
{
	close(fd);
}

struct perf_sys perf_sys = { open_event, control_event, read_event, close_event, "" };

int perf_sys_line(const char *path, char *line, size_t size)
{
	char full[PATH_MAX];
	FILE *in;
	bool got;

	snprintf(full, sizeof(full), "%s%s", perf_sys.root, path);
	in = fopen(full, "re");
	if (!in)
		return -errno;
	got = fgets(line, (int)size, in) != NULL;
	fclose(in);
	if (!got)
		return -ENODATA;
	line[strcspn(line, "\n")] = '\0';
	return 0;
}
