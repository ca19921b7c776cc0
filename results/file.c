// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Whole files.  The new text has no name until it is complete (O_TMPFILE), so that a kill leaves nothing;
 * where a file system has no such files, it is called .NAME.new, which the next writer takes over.
 */
#include "results/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static int write_all(int fd, const char *text, size_t size)
{
	while (size) {
		ssize_t n = write(fd, text, size);

		if (n < 0 && errno != EINTR)
			return -errno;
		if (n > 0) {
			text += n;
			size -= (size_t)n;
		}
	}
	return 0;
}

/* A failed close may be a failed write. */
static int end(int fd, int failed)
{
	return close(fd) && !failed ? -errno : failed;
}

/* Into what is there: never created, for what stood there a moment ago is no regular file. */
static int write_into(int fd, const char *text, size_t size)
{
	return fd < 0 ? -errno : end(fd, write_all(fd, text, size));
}

/* Where the text goes: the end of all links, also of those that lead nowhere yet. */
static int follow(const char *path, char target[PATH_MAX])
{
	char link[PATH_MAX], *slash;
	ssize_t length;

	if (snprintf(target, PATH_MAX, "%s", path) >= PATH_MAX)
		return -ENAMETOOLONG;
	for (int links = 0; links < 40; links++) {
		length = readlink(target, link, sizeof(link) - 1);
		if (length < 0)
			return 0;
		link[length] = '\0';
		slash = strrchr(target, '/');
		if (link[0] == '/' || !slash)
			slash = target - 1;
		if (slash + 1 + length >= target + PATH_MAX)
			return -ENAMETOOLONG;
		strcpy(slash + 1, link);
	}
	return -ELOOP;
}

/* The two names of a text that is not complete: its folder, and .NAME.new in it. */
struct results_file_names {
	char folder[PATH_MAX], temporary[PATH_MAX + 8];
};

static void name(struct results_file_names *n, const char *target)
{
	const char *slash = strrchr(target, '/'), *base = slash ? slash + 1 : target;
	int length = slash ? (int)(slash - target) : 0;

	snprintf(n->folder, sizeof(n->folder), "%.*s", slash ? length + 1 : 1, slash ? target : ".");
	snprintf(n->temporary, sizeof(n->temporary), "%.*s.%s.new", (int)(base - target), target, base);
}

/* Of whoever was killed, or of nobody: never of one who is still at it, for that one has it locked. */
static int open_temporary(const char *path, mode_t mode)
{
	struct stat opened, named;

	for (;;) {
		int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, mode);

		if (fd < 0 || flock(fd, LOCK_EX) || fstat(fd, &opened))
			return fd;
		if (!stat(path, &named) && named.st_ino == opened.st_ino && !ftruncate(fd, 0))
			return fd;
		close(fd);
	}
}

/* A file without a name gets one, which may be left from a kill between this and the rename. */
static int give_name(int fd, const char *path)
{
	char self[32];

	snprintf(self, sizeof(self), "/proc/self/fd/%d", fd);
	if (!linkat(AT_FDCWD, self, AT_FDCWD, path, AT_SYMLINK_FOLLOW))
		return 0;
	if (errno != EEXIST || unlink(path))
		return -errno;
	return linkat(AT_FDCWD, self, AT_FDCWD, path, AT_SYMLINK_FOLLOW) ? -errno : 0;
}

/* Are there but no files without a name here, or none that can be given one (no /proc, a sandbox)? */
static bool wants_name(int failed)
{
	return failed == -EOPNOTSUPP || failed == -EISDIR || failed == -ENOENT || failed == -EPERM;
}

/* old: what is there; NULL: nothing is.  Its mode stays. */
static int replace_by(bool nameless, const char *target, const struct stat *old, const char *text,
		      size_t size)
{
	struct results_file_names n;
	int fd, failed = 0;

	name(&n, target);
	fd = nameless ? open(n.folder, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0666)
		      : open_temporary(n.temporary, 0666);
	if (fd < 0)
		return -errno;
	if (old && fchmod(fd, old->st_mode & 07777))
		failed = -errno;
	if (!failed)
		failed = write_all(fd, text, size);
	if (!failed && fsync(fd) && errno != EINVAL)
		failed = -errno;
	if (!failed && nameless)
		failed = give_name(fd, n.temporary);
	if (!failed && rename(n.temporary, target))
		failed = -errno;
	if (failed)
		unlink(n.temporary);
	return end(fd, failed);
}

static int replace(const char *target, const struct stat *old, const char *text, size_t size)
{
	int failed = replace_by(true, target, old, text, size);

	return wants_name(failed) ? replace_by(false, target, old, text, size) : failed;
}

/* stdout or stderr, where the path leads to the same file: a new one would not be what they go to. */
static int same_as_output(const struct stat *st)
{
	struct stat out;

	for (int fd = STDOUT_FILENO; fd <= STDERR_FILENO; fd++)
		if (!fstat(fd, &out) && out.st_dev == st->st_dev && out.st_ino == st->st_ino)
			return fd;
	return -1;
}

/* Empty files are anybody's. */
static int check_start(const char *path, const char *starts)
{
	size_t length = strlen(starts);
	char is[32] = "";
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, is, length < sizeof(is) ? length : sizeof(is) - 1);
	int failed = n < 0 ? -errno : n && strcmp(is, starts) ? -EEXIST : 0;

	return fd < 0 ? failed : end(fd, failed);
}

int results_file_check(const char *path, const char *starts)
{
	struct results_file_names n;
	char target[PATH_MAX];
	struct stat st;
	int failed;

	if (!stat(path, &st)) {
		if (S_ISDIR(st.st_mode))
			return -EISDIR;
		if (access(path, W_OK))
			return -errno;
		return starts && S_ISREG(st.st_mode) && same_as_output(&st) < 0 ?
			       check_start(path, starts) :
			       0;
	}
	failed = errno == ENOENT ? follow(path, target) : -errno;
	if (failed)
		return failed;
	name(&n, target);
	return access(n.folder, W_OK) ? -errno : 0;
}

int results_file_write(const char *path, const char *text, size_t size)
{
	char target[PATH_MAX];
	struct stat st;
	int failed, out;

	if (stat(path, &st)) {
		failed = errno == ENOENT ? follow(path, target) : -errno;
		return failed ? failed : replace(target, NULL, text, size);
	}
	out = same_as_output(&st);
	if (out >= 0)
		return fflush(NULL) ? -errno : write_all(out, text, size);
	if (!S_ISREG(st.st_mode))
		return write_into(open(path, O_WRONLY | O_CLOEXEC), text, size);
	if (access(path, W_OK))
		return -errno;
	failed = follow(path, target);
	if (!failed)
		failed = replace(target, &st, text, size);
	/* A file of ours in a folder that is not: there is no other way. */
	if (failed == -EACCES || failed == -EPERM || failed == -EROFS)
		return write_into(open(path, O_WRONLY | O_TRUNC | O_CLOEXEC), text, size);
	return failed;
}
