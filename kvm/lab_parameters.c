// SPDX-License-Identifier: GPL-2.0-or-later
/* Small files with a number in each. */
#include "kvm/lab_parameters.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int open_knob(const char *dir, const char *name, int flags)
{
	char path[PATH_MAX];
	int fd;

	if (snprintf(path, sizeof(path), "%s/klab_%s", dir, name) >= (int)sizeof(path))
		return -ENAMETOOLONG;
	fd = open(path, flags | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

/* The text without its line end. */
static int read_text(const char *dir, const char *name, char *text, size_t size)
{
	int fd = open_knob(dir, name, O_RDONLY);
	ssize_t n;

	if (fd < 0)
		return fd;
	n = read(fd, text, size - 1);
	if (n < 0)
		n = -errno;
	close(fd);
	if (n < 0)
		return (int)n;
	text[n] = '\0';
	text[strcspn(text, "\n")] = '\0';
	return 0;
}

int kvm_lab_parameter_read(const char *dir, const char *name, uint64_t *value)
{
	char text[64], *end;
	int failed = read_text(dir, name, text, sizeof(text));

	if (failed)
		return failed;
	*value = strtoull(text, &end, 10);
	return *end || end == text ? -EBADMSG : 0;
}

int kvm_lab_parameter_write(const char *dir, const char *name, uint64_t value)
{
	int fd = open_knob(dir, name, O_WRONLY), failed = 0;

	if (fd < 0)
		return fd;
	if (dprintf(fd, "%llu\n", (unsigned long long)value) < 0)
		failed = -errno;
	close(fd);
	return failed;
}

int kvm_lab_parameter_variant(const char *dir, char *text, size_t size)
{
	return read_text(dir, "variant", text, size);
}
