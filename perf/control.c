// SPDX-License-Identifier: GPL-2.0-or-later
/* perf's control commands, one line each, and its answer "ack". */
#include "perf/control.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATIENCE_MS = 5000 };

static int open_fifo(const char *path, int how, char *err, size_t err_size)
{
	int fd = open(path, how | O_NONBLOCK | O_CLOEXEC), failed = -errno;
	struct stat st;

	if (fd >= 0 && !fstat(fd, &st) && S_ISFIFO(st.st_mode))
		return fd;
	if (fd >= 0)
		close(fd);
	snprintf(err, err_size, "'%.200s': %s", path,
		 fd >= 0	  ? "not a FIFO" :
		 failed == -ENXIO ? "nobody reads it: start perf with --control fifo: first" :
				    strerror(-failed));
	return fd >= 0 ? -EINVAL : failed;
}

int perf_control_open(struct perf_control *control, const char *text, char *err, size_t err_size)
{
	size_t n = strcspn(text, ",");
	char path[PATH_MAX];

	control->fd = control->ack = -1;
	snprintf(path, sizeof(path), "%.*s", (int)n, text);
	control->fd = open_fifo(path, O_WRONLY, err, err_size);
	if (control->fd < 0)
		return control->fd;
	if (text[n])
		control->ack = open_fifo(text + n + 1, O_RDONLY, err, err_size);
	if (text[n] && control->ack < 0) {
		n = (size_t)-control->ack;
		perf_control_close(control);
		return -(int)n;
	}
	return 0;
}

static int await_ack(int fd)
{
	struct pollfd poll_ack = { .fd = fd, .events = POLLIN };
	char answer[16];
	int n = poll(&poll_ack, 1, PATIENCE_MS);

	if (n <= 0)
		return n < 0 ? -errno : -ETIMEDOUT;
	n = (int)read(fd, answer, sizeof(answer));
	return n < 3 || memcmp(answer, "ack", 3) ? -EPROTO : 0;
}

int perf_control_enable(const struct perf_control *control, bool enable)
{
	const char *command = enable ? "enable\n" : "disable\n";

	if (!control)
		return 0;
	if (write(control->fd, command, strlen(command)) != (ssize_t)strlen(command))
		return -errno;
	return control->ack < 0 ? 0 : await_ack(control->ack);
}

void perf_control_close(struct perf_control *control)
{
	if (control->fd >= 0)
		close(control->fd);
	if (control->ack >= 0)
		close(control->ack);
	control->fd = control->ack = -1;
}
